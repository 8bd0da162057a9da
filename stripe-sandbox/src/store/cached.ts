/**
 * Remembers what every request asks and almost nothing changes: keys, webhook endpoints, OAuth installs. In front of any store;
 * a commit that touches them forgets. One process works on a store at a time (the clocks need that anyway), so nobody changes them behind it.
 */

import { clone } from './clone.ts';
import type { Batch, KeyRow, ObjectQuery, ObjectRow, Store, StoreReads, StoreWrites } from './port.ts';

const REMEMBERED = new Set(['webhook_endpoint', 'v2.core.event_destination', 'sandbox.oauth_install']);
const MAX_ENTRIES = 10_000;

export function cachedStore(store: Store): Store {
  const keys = new Map<string, KeyRow | undefined>();
  const objects = new Map<string, ObjectRow[]>();
  // A read that began before a change must not bring the old answer back after it.
  let generation = 0;
  const forget = (): void => {
    generation += 1;
    keys.clear();
    objects.clear();
  };
  const recall = async <T>(known: Map<string, T>, name: string, load: () => Promise<T>): Promise<T> => {
    if (known.has(name)) return known.get(name) as T;
    const began = generation;
    const value = await load();
    if (known.size >= MAX_ENTRIES) known.clear();
    // Unknown keys are not remembered: guesses must not fill the memory.
    if (value !== undefined && began === generation) known.set(name, value);
    return value;
  };
  const reads = (inner: StoreReads): StoreReads => ({
    ...inner,
    key: (hash) => recall(keys, hash, () => inner.key(hash)),
    objects: (query) => list(inner, query),
  });
  const list = async (inner: StoreReads, query: ObjectQuery): Promise<ObjectRow[]> => {
    if (!REMEMBERED.has(query.object)) return inner.objects(query);
    return clone(await recall(objects, JSON.stringify(query), () => inner.objects(query)));
  };
  const writes = (inner: StoreWrites, touched: { keys: boolean }): StoreWrites => ({
    ...reads(inner),
    lock: inner.lock,
    afterCommit: inner.afterCommit,
    async commit(batch) {
      touched.keys ||= touches(batch);
      await inner.commit(batch);
    },
  });
  return {
    ...store,
    read: (fn) => store.read((inner) => fn(reads(inner))),
    async write(account, fn) {
      const touched = { keys: false };
      try {
        return await store.write(account, (inner) => fn(writes(inner, touched)));
      } finally {
        if (touched.keys) forget();
      }
    },
    async replace(account, rows) {
      await store.replace(account, rows);
      forget();
    },
  };
}

function touches(batch: Batch): boolean {
  return batch.keys.length > 0 || batch.revokeKeys.length > 0 || batch.objects.some((row) => REMEMBERED.has(row.object));
}
