import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { ItemInput } from '../invoice/items.ts';
import { currentPeriod } from './advance.ts';
import { setDebits } from './debits.ts';
import { beginUsage, isMetered, outstandingUsage } from './metered.ts';
import { creditUnused } from './proration-items.ts';
import { pauseNow } from './trial.ts';
import { billChange, emptyInvoice, recordProrations } from './update.ts';

/**
 * Pauses a subscription by hand: no periods and no invoices until it is resumed [S 3.1]. Unused time is credited from now on, from the start of the
 * period, or not at all (`bill_for.unused_time_from`), and metered usage so far is billed or forgotten (`bill_for.outstanding_usage_through`); both
 * wait for the next invoice or are billed at once (`invoicing_behavior`) [DTS SubscriptionPauseParams]. Emits customer.subscription.updated, .paused and the events of what is billed.
 */
export async function pauseSubscription(tx: Tx, input: { subscription: Doc; params: Params }): Promise<Doc> {
  const { subscription, params } = input;
  const customer = await tx.require('customer', subscription.customer);
  const prorations = await unusedTime(tx, { subscription, customer, params });
  const items = await usageSoFar(tx, { subscription, customer, params });
  const change = { prorations, items, lines: [], invoiceNow: false };
  const bill = params.invoicing_behavior === 'invoice' && prorations.length + items.length > 0;
  const invoice = bill ? await emptyInvoice(tx, { subscription, customer }) : null;
  if (invoice !== null) subscription.latest_invoice = invoice.id;
  await pauseNow(tx, subscription, 'pause_requested');
  recordProrations(tx, { subscription, change });
  if (invoice !== null) await billChange(tx, { subscription, customer, invoice, change, params: {} });
  return tx.require('subscription', subscription.id);
}

async function unusedTime(tx: Tx, input: { subscription: Doc; customer: Doc; params: Params }) {
  const { subscription, customer, params } = input;
  const from = params.bill_for?.unused_time_from?.type ?? 'now';
  const credits: ItemInput[] = [];
  if (from === 'none') return credits;
  for (const item of subscription.items.data) {
    const at = from === 'now' ? tx.now(subscription) : currentPeriod(item).start;
    credits.push(...(await creditUnused(tx, { subscription, customer, item, at })));
    setDebits(subscription, item, []);
  }
  return credits;
}

/** Metered usage up to the pause: invoice items (`now`, the default), or nothing, for ever (`none`). */
async function usageSoFar(tx: Tx, input: { subscription: Doc; customer: Doc; params: Params }): Promise<ItemInput[]> {
  const { subscription, customer, params } = input;
  const through = params.bill_for?.outstanding_usage_through?.type ?? 'now';
  const at = tx.now(subscription);
  const items: ItemInput[] = [];
  for (const item of subscription.items.data.filter((one: Doc) => isMetered(one.price))) {
    const used = await outstandingUsage(tx, { subscription, customer, item, at, inTrial: subscription.status === 'trialing' });
    if (through !== 'none') items.push(...used);
    beginUsage(subscription, item, at);
  }
  return items;
}
