import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A text file of the repository; `path` is relative to its root, with forward slashes. */
export type SourceText = { path: string; text: string };

export const root = resolve(import.meta.dirname, '..', '..', '..');

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.cache', '.vitest', 'coverage', 'data', 'data-demo', 'test-results']);
const MAX_DEPTH = 12;

/** All files of the repository whose name ends in one of these, in a fixed order; what npm, git and builds put there is left out. */
export function readTree(endings: string[], below = ''): SourceText[] {
  return pathsBelow(below, 0)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function pathsBelow(folder: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.isSymbolicLink())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      return entry.isDirectory() ? pathsBelow(path, depth + 1) : [path];
    });
}
