import { type Contract, loadContract } from '../../src/contract/contract.ts';
import { buildRegistry, loadFolders } from '../../src/resources/registry.ts';
import { groupOf, leftOut } from './scope.ts';

export type RouteState = {
  key: string;
  route: string;
  family: string;
  sdk: string;
  state: 'yes' | 'not yet' | 'left out';
  why: string | null;
};

/** Every route of the emulated families, once, with what the running handler registry says about it. */
export async function readSupport(): Promise<{ contract: Contract; routes: RouteState[] }> {
  const contract = loadContract();
  const pages = new Set<string>();
  const folders = await loadFolders();
  for (const page of folders.flatMap((folder) => folder.pages ?? [])) pages.add(contract.keyOf(page.method, page.path));
  const registry = buildRegistry(contract, folders);
  const found = new Map<string, RouteState>();
  for (const entry of contract.routes()) {
    const family = groupOf(entry.family);
    if (family === null) continue;
    const key = contract.keyOf(entry.method, entry.path);
    const why = leftOut(key);
    const handled = registry.routes.has(key) || pages.has(key);
    const state = handled ? 'yes' : why === null ? 'not yet' : 'left out';
    if (!found.has(key)) found.set(key, { key, route: `${entry.method} ${entry.path}`, family, sdk: entry.sdk, state, why });
  }
  return { contract, routes: [...found.values()] };
}
