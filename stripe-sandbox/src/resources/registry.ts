/** Puts the resource folders together, in the order in which their hooks run: payments, subscriptions, hosted, the Sandbox's own. */
import { readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Contract } from '../contract/contract.ts';
import type { Registry } from '../kernel/services.ts';
import type { ResourceFolder } from '../kernel/types.ts';
import { nextTurn } from '../ports.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
/** `index.ts` in this repository, `index.js` in the published package. */
const INDEX = `index${extname(fileURLToPath(import.meta.url))}`;
/** Folders named here come first, in this order; the rest follow by name. */
const FIRST = ['customers', 'payment-methods', 'payment-intents', 'setup-intents', 'charges', 'refunds', 'invoices', 'subscriptions'];

/** Imports every folder with an index, and the pages; between them the process answers whoever asks. */
export async function loadFolders(): Promise<ResourceFolder[]> {
  const folders: ResourceFolder[] = [];
  for (const file of folderFiles()) {
    folders.push(await load(file));
    await nextTurn();
  }
  return folders;
}

export function load(file: string): Promise<ResourceFolder> {
  return import(pathToFileURL(file).href) as Promise<ResourceFolder>;
}

/** The index files of all folders, in the order of their hooks, then the pages. */
export function folderFiles(): string[] {
  const names = readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(HERE, entry.name)).includes(INDEX))
    .map((entry) => entry.name)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const files = names.map((name) => join(HERE, name, INDEX));
  const pages = join(HERE, '../pages');
  if (exists(pages)) files.push(join(pages, INDEX));
  return files;
}

/** One table of everything. A handler without a route in the contract, or two for one route or timer, stop the start. */
export function buildRegistry(contract: Contract, folders: ResourceFolder[]): Registry {
  const registry: Registry = { routes: new Map(), timers: new Map(), hooks: [], includables: new Map(), pages: [] };
  for (const folder of folders) {
    for (const route of folder.routes ?? []) {
      const key = contract.keyOf(route.method, route.path);
      if (route.privateParams !== undefined) contract.addPrivate(route.method, route.path, route.privateParams);
      if (!contract.isRoute(key)) throw new Error(`No route of the SDK answers to the handler ${route.method} ${route.path}.`);
      if (registry.routes.has(key)) throw new Error(`Two handlers for ${key}.`);
      registry.routes.set(key, route);
    }
    for (const [kind, handler] of Object.entries(folder.timers ?? {})) {
      if (registry.timers.has(kind)) throw new Error(`Two handlers for the timer ${kind}.`);
      registry.timers.set(kind, handler);
    }
    if (folder.hooks !== undefined) registry.hooks.push(folder.hooks);
    for (const [object, fields] of Object.entries(folder.includables ?? {})) {
      const known = registry.includables.get(object) ?? new Map();
      for (const [field, compute] of Object.entries(fields)) known.set(field, compute);
      registry.includables.set(object, known);
    }
    registry.pages.push(...(folder.pages ?? []));
  }
  return registry;
}

function place(name: string): number {
  const at = FIRST.indexOf(name);
  return at < 0 ? FIRST.length : at;
}

function exists(folder: string): boolean {
  try {
    return readdirSync(folder).includes(INDEX);
  } catch {
    return false;
  }
}
