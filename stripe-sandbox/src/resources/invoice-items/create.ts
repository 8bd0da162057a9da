import { tieDiscounts } from '../../billing/discounts/load.ts';
import { refuseManualRates } from '../../billing/invoice/automatic-tax.ts';
import { itemInputFrom } from '../../billing/invoice/item-input.ts';
import { attachItems, createItem } from '../../billing/invoice/items.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { draftChanged } from './on-draft.ts';

/** An amount for the next invoice, or for the draft named by `invoice`. Emits invoiceitem.created, and invoice.updated for the draft. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = params.invoice === undefined ? null : await tx.require('invoice', params.invoice, { param: 'invoice' });
  const customerId = params.customer ?? invoice?.customer;
  if (customerId === undefined) throw parameterMissing('customer');
  const customer = await tx.require('customer', customerId, { param: 'customer' });
  if (invoice !== null && invoice.status !== 'draft')
    throw invalidRequest('This invoice is no longer editable', { code: 'invoice_not_editable', param: 'invoice' });
  if (invoice !== null && invoice.customer !== customer.id)
    throw invalidRequest('The invoice belongs to another customer.', { param: 'invoice' });
  refuseManualRates(invoice, params, '');
  const subscription =
    params.subscription === undefined ? null : await tx.require('subscription', params.subscription, { param: 'subscription' });
  const input = await itemInputFrom(tx, { given: params, customer, currency: invoice?.currency ?? params.currency, param: '' });
  if (invoice !== null && input.currency !== invoice.currency)
    throw invalidRequest(`The currency must match the invoice's currency: ${invoice.currency}.`, { param: 'currency' });
  const item = createItem(tx, { ...input, subscription, invoice: invoice?.id ?? null });
  await tieDiscounts(tx, item);
  if (invoice === null) return item;
  attachItems(tx, invoice, [item]);
  await draftChanged(tx, invoice);
  return item;
}
