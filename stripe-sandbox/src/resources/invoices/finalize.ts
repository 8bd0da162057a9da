import { finalizeInvoice, sendInvoice } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { scheduleCollection } from './schedule-collection.ts';

/** Draft → open. With `auto_advance` it is collected, or sent, by itself afterwards. */
export async function finalize(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  if (params.auto_advance !== undefined) invoice.auto_advance = params.auto_advance;
  await finalizeInvoice(tx, { invoice });
  if (invoice.status !== 'open' || !invoice.auto_advance) return invoice;
  if (invoice.collection_method === 'send_invoice') return sendInvoice(tx, { invoice });
  scheduleCollection(tx, invoice);
  return invoice;
}
