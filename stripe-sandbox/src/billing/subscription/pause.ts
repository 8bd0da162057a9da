import { notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { ItemInput } from '../invoice/items.ts';
import { currentPeriod } from './advance.ts';
import { setDebits } from './debits.ts';
import { creditUnused } from './proration-items.ts';
import { pauseNow } from './trial.ts';
import { billChange, emptyInvoice, recordProrations } from './update.ts';

/**
 * Pauses a subscription by hand: no periods and no invoices until it is resumed [S 3.1]. Unused time is credited from now on, from the start of the
 * period, or not at all (`bill_for.unused_time_from`); the credit waits for the next invoice or is billed at once (`invoicing_behavior`) [DTS
 * SubscriptionPauseParams]. Emits customer.subscription.updated, .paused and the events of what is billed.
 */
export async function pauseSubscription(tx: Tx, input: { subscription: Doc; params: Params }): Promise<Doc> {
  const { subscription, params } = input;
  refuseUsage(subscription, params);
  const customer = await tx.require('customer', subscription.customer);
  const change = { prorations: await unusedTime(tx, { subscription, customer, params }), lines: [], invoiceNow: false };
  const bill = params.invoicing_behavior === 'invoice' && change.prorations.length > 0;
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

/** Metered usage up to the pause has no behaviour here: refused by name, never left out of a bill. */
function refuseUsage(subscription: Doc, params: Params): void {
  const metered = subscription.items.data.some((item: Doc) => item.price.recurring?.usage_type === 'metered');
  const through = params.bill_for?.outstanding_usage_through?.type ?? 'now';
  if (metered && through !== 'none') throw notEmulated('Billing metered usage up to a pause', 'bill_for[outstanding_usage_through]');
}
