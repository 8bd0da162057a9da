import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { createItem, pendingItems } from '../invoice/items.ts';
import { endSubscription } from './end.ts';
import { setCancellationDetails } from './fields.ts';
import { finalInvoice } from './final-invoice.ts';
import { creditUnused } from './proration-items.ts';
import { isOver } from './status.ts';

/**
 * Cancels a subscription at once. `prorate` credits the unused time, `invoice_now` bills what is pending at once; with neither, pending prorations
 * are dropped and other pending items stay [S 3.1]. Emits customer.subscription.deleted.
 */
export async function cancelSubscription(tx: Tx, input: { id: string; params: Params }): Promise<Doc> {
  const { params } = input;
  const subscription = await tx.require('subscription', input.id);
  if (isOver(subscription))
    throw invalidRequest(`No such subscription: '${input.id}'`, { code: 'resource_missing', param: 'id', status: 404 });
  setCancellationDetails(subscription, params.cancellation_details);
  if (params.prorate === true) await creditAll(tx, subscription);
  else if (params.invoice_now !== true) await dropProrations(tx, subscription);
  const invoice = params.invoice_now === true ? await finalInvoice(tx, subscription, { immediate: true }) : null;
  await endSubscription(tx, { subscription, reason: 'cancellation_requested' });
  if (invoice !== null) {
    await finalizeInvoice(tx, { invoice });
    if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically')
      await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: true });
  }
  return subscription;
}

async function creditAll(tx: Tx, subscription: Doc): Promise<void> {
  const customer = await tx.require('customer', subscription.customer);
  const at = tx.now(subscription);
  for (const item of subscription.items.data) {
    for (const credit of await creditUnused(tx, { subscription, customer, item, at })) createItem(tx, credit);
  }
}

async function dropProrations(tx: Tx, subscription: Doc): Promise<void> {
  const pending = await pendingItems(tx, {
    customer: subscription.customer,
    subscription: subscription.id,
    currency: subscription.currency,
    onlySubscription: true,
  });
  for (const item of pending) {
    if (!item.proration) continue;
    tx.emit('invoiceitem.deleted', item);
    tx.remove(item);
  }
}
