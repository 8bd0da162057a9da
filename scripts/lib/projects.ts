import { canInstallPackages, findChromium, findPostgres, findPythonStripe, installPackages } from './machine.ts';

/** A project of vitest.config.ts that needs a program from outside npm. */
type Need = { project: string; program: string; packages: string[]; find: () => string | null; forOneTest?: boolean };

const NEEDS: Need[] = [
  { project: 'pg', program: 'PostgreSQL 15 or later', packages: ['postgresql'], find: findPostgres },
  { project: 'browser', program: 'Chromium', packages: ['chromium'], find: findChromium },
  // The project runs without it: the one test that needs it says that it was skipped.
  { project: 'unit', program: "Stripe's Python client", packages: ['python3-stripe'], find: findPythonStripe, forOneTest: true },
];

export type Available = { projects: string[]; skipped: string[] };

/**
 * Which of the wanted projects can run here. What is missing is installed where that can be done (root with apt); otherwise
 * the project is skipped with a line that says so.
 */
export function availableProjects(wanted: string[]): Available {
  const missing = NEEDS.filter((need) => wanted.includes(need.project) && !need.find());
  if (missing.length > 0 && canInstallPackages()) {
    const packages = missing.flatMap((need) => need.packages);
    console.error(`Installing ${packages.join(', ')} (apt-get), once per machine …`);
    if (!installPackages(packages)) console.error('apt-get could not install them.');
  }
  const skipped = missing.filter((need) => need.forOneTest !== true && !need.find());
  return {
    projects: wanted.filter((project) => !skipped.some((need) => need.project === project)),
    skipped: skipped.map((need) => `The project "${need.project}" was skipped: ${need.program} is not installed on this machine.`),
  };
}

/** The projects that `--project` options select, all without one. `--project=!x` leaves x out. */
export function wantedProjects(all: string[], args: string[]): string[] {
  const named = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return args[index - 1] === '--project' || args[index - 1] === '-p' ? [arg] : [];
  });
  const refused = named.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  const chosen = named.filter((name) => !name.startsWith('!'));
  return all.filter((project) => !refused.includes(project) && (chosen.length === 0 || chosen.some((name) => matches(name, project))));
}

/** The arguments without `--project`, which the caller writes anew from what is available. */
export function withoutProjects(args: string[]): string[] {
  return args.filter((arg, index) => {
    const isOption = arg === '--project' || arg === '-p' || arg.startsWith('--project=');
    const isValue = args[index - 1] === '--project' || args[index - 1] === '-p';
    return !isOption && !isValue;
  });
}

function matches(pattern: string, project: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(project);
}
