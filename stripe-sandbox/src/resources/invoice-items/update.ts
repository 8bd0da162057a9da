import { changeItem } from '../../billing/invoice/change-item.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { draftChanged, draftOf } from './on-draft.ts';

/** Changes an item that is still pending or on a draft. Amounts of prorations are fixed. Emits invoice.updated when a draft changes. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const item = await tx.require('invoiceitem', rq.path.id!);
  const invoice = await draftOf(tx, item);
  const customer = await tx.require('customer', item.customer);
  await changeItem(tx, { item, invoice, customer, given: params, param: '' });
  if (invoice !== null) await draftChanged(tx, invoice);
  return item;
}
