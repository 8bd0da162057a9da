import { expect, test } from 'vitest';
import { dependencyFaults, integrityFaults, licenceFaults, productionDependencies, versionFaults } from './lockfile.ts';

const SHA = 'sha512-abc';
const lock = (entry: object) => ({
  packages: { '': {}, server: {}, 'node_modules/@billow/server': { link: true }, 'node_modules/x': entry },
});

test('a package without integrity, or with a weak one, is named', () => {
  expect(integrityFaults(lock({ version: '1.0.0' }))).toEqual(['node_modules/x: no integrity']);
  expect(integrityFaults(lock({ integrity: 'sha1-abc' }))).toHaveLength(1);
  expect(integrityFaults(lock({ integrity: SHA }))).toEqual([]);
});

test('git, tarballs and other registries are named', () => {
  expect(integrityFaults(lock({ integrity: SHA, resolved: 'git+ssh://git@github.com/a/b.git#c' }))).toHaveLength(1);
  expect(integrityFaults(lock({ integrity: SHA, resolved: 'https://example.com/x.tgz' }))).toHaveLength(1);
  expect(integrityFaults(lock({ integrity: SHA, resolved: 'https://registry.npmjs.org/x/-/x-1.0.0.tgz' }))).toEqual([]);
});

test('licences: of a choice one must be allowed, of a combination all', () => {
  const faults = (license: string) => licenceFaults(lock({ integrity: SHA, license })).length;
  expect(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', 'MPL-2.0', 'MIT (http://example.com/license.txt)'].map(faults)).toEqual([
    0, 0, 0, 0, 0,
  ]);
  expect(['GPL-3.0', 'MIT AND GPL-3.0', 'UNLICENSED'].map(faults)).toEqual([1, 1, 1]);
});

test('versions are exact, aliases too', () => {
  const faults = (range: string) => versionFaults([{ name: 'a', dependencies: { x: range } }]).length;
  expect(['1.2.3', 'npm:typescript@5.9.3', '1.0.0-rc.1'].map(faults)).toEqual([0, 0, 0]);
  expect(['^1.2.3', '*', 'latest', 'git+https://x', 'file:../x'].map(faults)).toEqual([1, 1, 1, 1, 1]);
});

test('own packages and repetitions do not count as dependencies, and each needs its row', () => {
  const names = productionDependencies([
    { name: 'a', dependencies: { x: '1.0.0', b: '1.0.0' } },
    { name: 'b', dependencies: { x: '1.0.0', y: '1.0.0' } },
  ]);
  expect(names).toEqual(['x', 'y']);
  expect(dependencyFaults(names, '| `x` | why |')).toEqual(['docs/dependencies.md has no row for y']);
  expect(
    dependencyFaults(
      Array.from({ length: 41 }, (_, n) => `p${n}`),
      '',
    ).at(0),
  ).toContain('41 direct dependencies');
});
