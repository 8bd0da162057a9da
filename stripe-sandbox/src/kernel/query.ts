/** Queries inside a transaction: what the store holds, overlaid with what this transaction changed and has not written yet. */
import { columnsOf, conditions, matches } from '../store/columns.ts';
import type { ObjectQuery, ObjectRow, StoreReads } from '../store/port.ts';
import type { Query } from './types.ts';
import type { Entry, View } from './view.ts';

const BATCH = 200;
const MAX_ROWS = 100_000;

export type QueryParts = { store: StoreReads; view: View; adopt: (row: ObjectRow) => Promise<Entry> };
export type Bounds = Pick<ObjectQuery, 'clock' | 'createdFrom' | 'createdTo' | 'beforeSeq' | 'afterSeq'>;

/** The matching entries in order, as working copies. */
export async function overlayQuery(parts: QueryParts, query: Query, given: Bounds = {}): Promise<Entry[]> {
  const bounds = query.clock === undefined ? given : { ...given, clock: query.clock };
  const limit = query.limit ?? MAX_ROWS;
  const order = query.order ?? 'newest';
  const where = query.where ?? {};
  const found = changedMatches(parts.view, query, bounds);
  const page = { ...bounds };
  for (;;) {
    const size = Math.min(BATCH, limit + found.length + 1);
    const rows = await parts.store.objects({ ...page, account: parts.view.account.id, object: query.object, where, order, limit: size });
    for (const row of rows) {
      if (parts.view.entries.get(row.id)?.dirty) continue;
      const entry = await parts.adopt(row);
      if (query.filter === undefined || query.filter(entry.row.doc)) found.push(entry);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < size || found.length > limit + BATCH) break;
    if (order === 'newest') page.beforeSeq = last.seq;
    else page.afterSeq = last.seq;
    if (enough(found, last.seq, { order, limit })) break;
  }
  found.sort((a, b) => (order === 'newest' ? b.row.seq - a.row.seq : a.row.seq - b.row.seq));
  return found.slice(0, limit);
}

/** Enough once `limit` entries lie on the near side of the place reached in the store. */
function enough(found: Entry[], reached: number, want: { order: 'newest' | 'oldest'; limit: number }): boolean {
  const near = found.filter((entry) => (want.order === 'newest' ? entry.row.seq >= reached : entry.row.seq <= reached));
  return near.length >= want.limit;
}

function changedMatches(view: View, query: Query, bounds: Bounds): Entry[] {
  const wanted = conditions(query.where ?? {});
  return [...view.entries.values()].filter((entry) => {
    const { row } = entry;
    if (!entry.dirty || row.object !== query.object || row.deleted || !matches(columnsOf(row.doc), wanted)) return false;
    return within(row, bounds) && (query.filter === undefined || query.filter(row.doc));
  });
}

function within(row: ObjectRow, bounds: Bounds): boolean {
  if (bounds.clock !== undefined && row.clock !== bounds.clock) return false;
  if (bounds.createdFrom !== undefined && row.created < bounds.createdFrom) return false;
  if (bounds.createdTo !== undefined && row.created > bounds.createdTo) return false;
  if (bounds.beforeSeq !== undefined && row.seq >= bounds.beforeSeq) return false;
  return bounds.afterSeq === undefined || row.seq > bounds.afterSeq;
}
