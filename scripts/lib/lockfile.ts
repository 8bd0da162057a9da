/** Supply-chain rules over package-lock.json (version 3) and the workspaces' package.json files. */
export type LockEntry = {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  inBundle?: boolean;
};
export type Lockfile = { packages: Record<string, LockEntry> };
export type Manifest = {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

export const MAX_DIRECT_DEPENDENCIES = 40;
const PUBLIC_REGISTRY = /^https:\/\/registry\.npmjs\.org\//;
const ALLOWED_LICENCES = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
  'PSF-2.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'OFL-1.1',
  'Unlicense',
]);
/** Weak copyleft is fine for what is used unmodified. */
const ALLOWED_UNMODIFIED = new Set(['MPL-2.0']);

/** Every package from a registry is locked by content; none comes from git, a tarball address or a folder outside. */
export function integrityFaults(lockfile: Lockfile): string[] {
  return registryEntries(lockfile).flatMap(([path, entry]) => {
    if (!entry.integrity) return [`${path}: no integrity`];
    if (!/^sha512-/.test(entry.integrity)) return [`${path}: integrity is not sha512`];
    return entry.resolved && !PUBLIC_REGISTRY.test(entry.resolved) ? [`${path}: comes from ${entry.resolved}`] : [];
  });
}

/** Licences outside the allow-list, where the lockfile knows a licence. */
export function licenceFaults(lockfile: Lockfile): string[] {
  return registryEntries(lockfile)
    .filter(([, entry]) => entry.license && !isAllowed(entry.license))
    .map(([path, entry]) => `${path}: licence ${entry.license}`);
}

/** Versions that are not exact, and what does not come from a registry. */
export function versionFaults(manifests: Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
      .filter(([, range]) => !/^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
      .map(([name, range]) => `${manifest.name}: ${name} is "${range}", an exact version is wanted`),
  );
}

/** Direct production dependencies from outside over all workspaces, by name, each once. */
export function productionDependencies(manifests: Manifest[]): string[] {
  const own = new Set(manifests.map(({ name }) => name));
  const names = manifests.flatMap(({ dependencies }) => Object.keys(dependencies ?? {}));
  return [...new Set(names)].filter((name) => !own.has(name)).sort();
}

/** Too many of them, or one without its line in docs/dependencies.md (a table row that begins with the name in backticks). */
export function dependencyFaults(names: string[], document: string): string[] {
  const missing = names
    .filter((name) => !document.includes(`| \`${name}\` |`))
    .map((name) => `docs/dependencies.md has no row for ${name}`);
  const tooMany = names.length > MAX_DIRECT_DEPENDENCIES ? [`${names.length} direct dependencies, at most ${MAX_DIRECT_DEPENDENCIES}`] : [];
  return [...tooMany, ...missing];
}

function registryEntries(lockfile: Lockfile): [string, LockEntry][] {
  return Object.entries(lockfile.packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.inBundle);
}

/** Older packages put the address of the text behind the name. SPDX: of `(A OR B)` one must be allowed, of `A AND B` both. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/\s*\(https?:[^)]*\)/g, '').replace(/[()]/g, '');
  const isFine = (name: string) => ALLOWED_LICENCES.has(name) || ALLOWED_UNMODIFIED.has(name);
  return plain.split(/ OR /i).some((choice) => choice.split(/ AND /i).every((name) => isFine(name.trim())));
}
