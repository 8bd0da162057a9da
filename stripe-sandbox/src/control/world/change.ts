import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

/** Any object, by hand: nothing checks it, and only the event named is told. */
export type ObjectChange = { kind: 'change'; id: string; set: Params; event?: string } | { kind: 'delete'; id: string; event?: string };

export async function changeObject(tx: Tx, change: ObjectChange): Promise<Doc> {
  const doc = await tx.get(change.id);
  if (doc === undefined) throw invalidRequest(`No such object: '${change.id}'`, { code: 'resource_missing' });
  if (change.kind === 'change') {
    Object.assign(doc, change.set);
    tx.put(doc);
  }
  if (change.event !== undefined) tx.emit(change.event, doc);
  if (change.kind === 'delete') tx.remove(doc);
  return doc;
}
