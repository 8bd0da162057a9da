import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { removeCustomer } from '../../resources/customers/delete.ts';

/** Any object, by hand: nothing checks it, and only the event named is told. A customer takes along what a deletion takes at Stripe. */
export type ObjectChange = { kind: 'change'; id: string; set: Params; event?: string } | { kind: 'delete'; id: string; event?: string };

export async function changeObject(tx: Tx, change: ObjectChange): Promise<Doc> {
  const doc = await tx.get(change.id);
  if (doc === undefined) throw invalidRequest(`No such object: '${change.id}'`, { code: 'resource_missing' });
  if (change.kind === 'delete') await deleteObject(tx, doc, change.event);
  else {
    Object.assign(doc, change.set);
    tx.put(doc);
    if (change.event !== undefined) tx.emit(change.event, doc);
  }
  return doc;
}

async function deleteObject(tx: Tx, doc: Doc, event: string | undefined): Promise<void> {
  if (doc.object === 'customer') {
    await removeCustomer(tx, doc);
    return;
  }
  if (event !== undefined) tx.emit(event, doc);
  tx.remove(doc);
}
