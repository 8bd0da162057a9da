import { pendingRef } from '../../billing/invoice/items.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Deletes a draft that belongs to no subscription; its items wait for another invoice again. Emits invoice.deleted [S 3.5]. */
export async function remove(rq: ApiRequest): Promise<Plain> {
  const { tx } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  if (invoice.status !== 'draft') throw invalidRequest('You can only delete draft invoices.', { code: 'invoice_not_editable' });
  if (invoice.parent?.subscription_details != null)
    throw invalidRequest('You cannot delete invoices created by subscriptions.', { code: 'invoice_not_editable' });
  for (const item of await tx.query({ object: 'invoiceitem', where: { invoice: invoice.id } })) {
    item.invoice = null;
    item._ref = pendingRef(item.customer);
    tx.put(item);
  }
  tx.cancelTimers(invoice.id);
  tx.emit('invoice.deleted', invoice);
  tx.remove(invoice);
  return deletedAnswer(invoice);
}
