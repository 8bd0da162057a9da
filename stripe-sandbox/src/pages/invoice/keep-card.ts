/** A card that paid on the hosted page and is to be kept pays from now on: its subscription's invoices, or all of the customer's. */
import type { Doc, HookListeners, Tx } from '../../kernel/types.ts';
import { lastIntent } from './load.ts';

export const keepCardHooks: HookListeners = {
  'invoice.paid': async (tx, { invoice }) => {
    if (invoice._keep_card === true) await keepCard(tx, invoice);
  },
};

/** Emits customer.subscription.updated or customer.updated. */
async function keepCard(tx: Tx, invoice: Doc): Promise<void> {
  delete invoice._keep_card;
  tx.put(invoice);
  const id: string | null = (await lastIntent(tx, invoice))?.payment_method ?? null;
  const method = id === null ? undefined : await tx.get(id, { object: 'payment_method' });
  if (method === undefined || method.customer !== invoice.customer) return;
  const subscriptionId = invoice.parent?.subscription_details?.subscription;
  const subscription = subscriptionId === undefined ? undefined : await tx.get(subscriptionId, { object: 'subscription' });
  if (subscription !== undefined) {
    subscription.default_payment_method = method.id;
    tx.put(subscription);
    tx.emit('customer.subscription.updated', subscription);
    return;
  }
  const customer = await tx.require('customer', invoice.customer);
  customer.invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id };
  tx.put(customer);
  tx.emit('customer.updated', customer);
}
