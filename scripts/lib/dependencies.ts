import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  dependencyFaults,
  integrityFaults,
  type Lockfile,
  licenceFaults,
  type Manifest,
  productionDependencies,
  versionFaults,
} from './lockfile.ts';
import { at } from './root.ts';

/** Packages without something to import: programs, types, and what only a bundler reads. */
const NOT_IMPORTABLE =
  /^(@types\/|node-(bin-)?(linux|darwin|win)|@biomejs\/biome$|tailwindcss$|@tailwindcss\/vite$|typescript$|@stripe\/cli$)/;
const SMOKE_TIMEOUT_MS = 20_000;

/** The package.json of the root and of every workspace, with the folder it lies in. */
export function manifests(): (Manifest & { folder: string })[] {
  const read = (folder: string) => ({
    ...(JSON.parse(readFileSync(at(folder, 'package.json'), 'utf8')) as Manifest & { workspaces?: string[] }),
    folder,
  });
  const top = read('.');
  return [top, ...(top.workspaces ?? []).filter((folder) => existsSync(at(folder, 'package.json'))).map(read)];
}

/** Everything that is wrong with what we depend on, by reading files only. */
export function supplyChainFaults(): string[] {
  const lockfile = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')) as Lockfile;
  const all = manifests();
  const document = existsSync(at('docs/dependencies.md')) ? readFileSync(at('docs/dependencies.md'), 'utf8') : '';
  return [
    ...integrityFaults(lockfile),
    ...licenceFaults(lockfile),
    ...versionFaults(all),
    ...dependencyFaults(productionDependencies(all), document),
  ];
}

/** Imports every direct dependency once, from the package that names it: an incomplete installation shows here, not at midnight. */
export async function importFaults(): Promise<string[]> {
  const faults: string[] = [];
  for (const { folder, name: owner, dependencies, devDependencies } of manifests()) {
    const require = createRequire(pathToFileURL(at(folder, 'package.json')));
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (NOT_IMPORTABLE.test(name) || isOwn(name)) continue;
      const fault = await importFault(name, require);
      if (fault) faults.push(`${owner}: ${name}: ${fault}`);
    }
  }
  return faults;
}

function isOwn(name: string): boolean {
  return name.startsWith('@billow/') || name === 'stripe-sandbox';
}

/** Vitest refuses to be imported outside a worker: resolving it is enough there. */
async function importFault(name: string, require: NodeJS.Require): Promise<string | null> {
  try {
    const path = pathToFileURL(require.resolve(name)).href;
    if (/^(vitest|@vitest\/)/.test(name)) return null;
    await Promise.race([import(path), deadline()]);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A package that exports nothing to require() may still be there for import.
    return code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? null : (message.split('\n')[0] ?? String(error));
  }
}

function deadline(): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`no answer in ${SMOKE_TIMEOUT_MS / 1000} s`)), SMOKE_TIMEOUT_MS).unref(),
  );
}
