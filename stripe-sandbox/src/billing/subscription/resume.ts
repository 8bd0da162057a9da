import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { saveDraft } from '../invoice/draft.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { subscriptionUpdated } from './announce.ts';
import { cycleInvoice } from './cycle.ts';
import { resumeUsage } from './metered.ts';
import { periodAt } from './period.ts';
import { cadenceOf } from './prices.ts';
import { scheduleSubscription } from './schedule.ts';
import { moveTo } from './status.ts';

/**
 * paused → active. With the anchor `now` (default) a new period starts and its invoice is finalized at once; `resume_on_payment_success` waits
 * for that payment, `resume_on_payment_attempt` (default) does not [S 3.1]. Only charge_automatically.
 */
export async function resumeSubscription(tx: Tx, input: { subscription: Doc; params: Params }): Promise<Doc> {
  const { subscription, params } = input;
  if (subscription.status !== 'paused') throw invalidRequest('You can only resume a subscription whose status is `paused`.');
  if (subscription.collection_method !== 'charge_automatically')
    throw invalidRequest('Only subscriptions with `collection_method=charge_automatically` can be resumed.');
  const now = tx.now(subscription);
  const anchor = params.billing_cycle_anchor?.type === 'unchanged' ? subscription.billing_cycle_anchor : now;
  const inPaidPeriod = anchor !== now && subscription.items.data.every((item: Doc) => item.current_period_end > now);
  if (inPaidPeriod) {
    await goOn(tx, subscription, anchor);
    return subscription;
  }
  return startAgain(tx, { subscription, anchor, waitForPayment: params.payment_behavior === 'resume_on_payment_success' });
}

/** The invoice a paused subscription waited for is paid. */
export async function resumeAfterPayment(tx: Tx, input: { subscription: Doc; invoice: Doc }): Promise<void> {
  const { subscription, invoice } = input;
  if (subscription._resume?.invoice !== invoice.id) return;
  const { anchor } = subscription._resume;
  await goOn(tx, subscription, anchor);
}

async function startAgain(tx: Tx, input: { subscription: Doc; anchor: number; waitForPayment: boolean }): Promise<Doc> {
  const { subscription, anchor } = input;
  const now = tx.now(subscription);
  subscription.billing_cycle_anchor = anchor;
  for (const item of subscription.items.data) {
    const period = periodAt(anchor, cadenceOf(item.price), now);
    item.current_period_start = now;
    item.current_period_end = period.end;
  }
  const invoice = await cycleInvoice(tx, { subscription, items: subscription.items.data, before: { start: now, end: now } });
  invoice.billing_reason = 'subscription_update';
  subscription.latest_invoice = invoice.id;
  subscription._resume = { invoice: invoice.id, anchor };
  tx.put(invoice);
  if (!input.waitForPayment) await goOn(tx, subscription, anchor);
  else tx.put(subscription);
  await saveDraft(tx, invoice, { immediate: true });
  await finalizeInvoice(tx, { invoice });
  if (invoice.status === 'open') await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: false });
  return tx.require('subscription', subscription.id);
}

async function goOn(tx: Tx, subscription: Doc, anchor: number): Promise<void> {
  resumeUsage(subscription, tx.now(subscription));
  moveTo(subscription, 'active');
  subscription.billing_cycle_anchor = anchor;
  delete subscription._resume;
  delete subscription.status_details;
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  tx.emit('customer.subscription.resumed', subscription);
}
