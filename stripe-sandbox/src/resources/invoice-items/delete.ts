import { removeLine } from '../../billing/invoice/items.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';
import { draftChanged, draftOf } from './on-draft.ts';

/** Takes an item away, off its draft too. Emits invoiceitem.deleted. */
export async function remove(rq: ApiRequest): Promise<Plain> {
  const { tx } = rq;
  const item = await tx.require('invoiceitem', rq.path.id!);
  const invoice = await draftOf(tx, item);
  tx.emit('invoiceitem.deleted', item);
  tx.remove(item);
  if (invoice !== null) {
    removeLine(invoice, item);
    await draftChanged(tx, invoice);
  }
  return deletedAnswer(item);
}
