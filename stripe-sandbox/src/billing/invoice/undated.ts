import type { Doc, Tx } from '../../kernel/types.ts';

/** Stores a new object of a kind that has no `created` of its own (invoice items, discounts): the row keeps the time, the object does not show it. */
export function putUndated(tx: Tx, doc: Doc): void {
  tx.put(doc);
  delete (doc as Partial<Doc>).created;
}
