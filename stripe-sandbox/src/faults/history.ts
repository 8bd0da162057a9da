/**
 * Yesterday's view of the store, for `stale_read`: while such a rule stands, each commit leaves behind how its objects were before.
 * Lists and searches can then be answered as of some milliseconds ago, as Stripe's eventually consistent ones sometimes are [S 3.9].
 */
import { clone } from '../store/clone.ts';
import { columnsOf, conditions, matches } from '../store/columns.ts';
import type { Batch, EventQuery, EventRow, ObjectQuery, ObjectRow, Store, StoreReads, StoreWrites } from '../store/port.ts';

/** Changes kept; the oldest are forgotten, which makes what they hid visible. */
const MAX_CHANGES = 20_000;

type Change = { at: number; account: string; id: string; object: string; before: ObjectRow | null };

export type History = {
  /** The store in front of which changes are noticed. */
  watch(store: Store): Store;
  /** What a reader sees who is behind by `lagMs` of transport time. */
  behind(reads: StoreReads, lagMs: number): StoreReads;
};

export function createHistory(options: { now: () => number; wanted: () => boolean }): History {
  let changes: Change[] = [];
  const note = async (reads: StoreReads, batch: Batch): Promise<void> => {
    if (!options.wanted()) {
      changes = [];
      return;
    }
    const at = options.now();
    for (const row of batch.objects) {
      const before = (await reads.object(row.account, row.id)) ?? null;
      changes.push({ at, account: row.account, id: row.id, object: row.object, before });
    }
    if (changes.length > MAX_CHANGES) changes = changes.slice(-MAX_CHANGES);
  };
  const watched = (writes: StoreWrites): StoreWrites => ({
    ...writes,
    async commit(batch) {
      await note(writes, batch);
      await writes.commit(batch);
    },
  });
  return {
    watch: (store) => ({ ...store, write: (account, fn) => store.write(account, (writes) => fn(watched(writes))) }),
    behind(reads, lagMs) {
      const since = options.now() - lagMs;
      return {
        ...reads,
        objects: (query) => oldObjects(reads, query, firstVersions(changes, since, query)),
        events: oldEvents(reads, since),
      };
    },
  };
}

/** How each object that changed since was at that instant: of several changes the first one knows. */
function firstVersions(changes: Change[], since: number, query: ObjectQuery): Map<string, ObjectRow | null> {
  const versions = new Map<string, ObjectRow | null>();
  for (const change of changes) {
    if (change.at <= since || change.account !== query.account || change.object !== query.object) continue;
    if (!versions.has(change.id)) versions.set(change.id, change.before);
  }
  return versions;
}

async function oldObjects(reads: StoreReads, query: ObjectQuery, versions: Map<string, ObjectRow | null>): Promise<ObjectRow[]> {
  const fresh = await reads.objects({ ...query, limit: query.limit + versions.size });
  const old = [...versions.values()].filter((row) => row !== null && fits(row, query)) as ObjectRow[];
  const rows = [...fresh.filter((row) => !versions.has(row.id)), ...clone(old)];
  rows.sort((a, b) => (query.order === 'newest' ? b.seq - a.seq : a.seq - b.seq));
  return rows.slice(0, query.limit);
}

function fits(row: ObjectRow, query: ObjectQuery): boolean {
  if (row.deleted || !matches(columnsOf(row.doc), conditions(query.where))) return false;
  if (query.clock !== undefined && row.clock !== query.clock) return false;
  if (query.createdFrom !== undefined && row.created < query.createdFrom) return false;
  if (query.createdTo !== undefined && row.created > query.createdTo) return false;
  if (query.beforeSeq !== undefined && row.seq >= query.beforeSeq) return false;
  return query.afterSeq === undefined || row.seq > query.afterSeq;
}

/** Events carry the time they were recorded at; page by page, until enough old ones are found. */
function oldEvents(reads: StoreReads, since: number): (query: EventQuery) => Promise<EventRow[]> {
  return async (query) => {
    const found: EventRow[] = [];
    const page = { ...query };
    for (;;) {
      const rows = await reads.events(page);
      found.push(...rows.filter((row) => row.recordedAt <= since));
      const last = rows.at(-1);
      if (last === undefined || rows.length < query.limit || found.length >= query.limit) return found.slice(0, query.limit);
      if (query.order === 'newest') page.beforeSeq = last.seq;
      else page.afterSeq = last.seq;
    }
  };
}
