import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of this repository. */
export const root = resolve(import.meta.dirname, '..', '..');

/** An absolute path from one that is relative to the repository. */
export function at(...parts: string[]): string {
  return join(root, ...parts);
}

/** Imports a module of the repository for what it does or exports; a missing file is said in one line instead of a stack. */
export async function load(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(at(file))) throw new Error(`${file} does not exist`);
  // Stripping and compiling some hundred sources takes seconds; the kept result a fraction of one.
  enableCompileCache(at('.cache', 'compile'));
  return import(pathToFileURL(at(file)).href);
}
