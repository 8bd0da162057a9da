/**
 * Billing thresholds: usage that is billed before its period is over, because it reached an amount or a quantity
 * [docs.stripe.com/billing/subscriptions/usage-based/thresholds; DTS billing_thresholds].
 */
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Timer, Tx } from '../../kernel/types.ts';
import { remainingDiscounts } from '../discounts/load.ts';
import { buildDraft, saveDraft } from '../invoice/draft.ts';
import { attachItems, pendingItems } from '../invoice/items.ts';
import type { LineDraft } from '../invoice/lines.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { subscriptionUpdated } from './announce.ts';
import { billingOf, cycleInvoice } from './cycle.ts';
import { nextBoundary } from './items.ts';
import { advanceUsage, beginUsage, isMetered, usageLines, usedSince } from './metered.ts';
import { DAY, periodAt } from './period.ts';
import { cadenceOf } from './prices.ts';
import { recurringAmount } from './proration-items.ts';
import { scheduleSubscription } from './schedule.ts';

/** Lower amounts would bill every unit by itself. */
const SMALLEST_AMOUNT = 50;
const MAX_WATCHED = 500;

/** `billing_thresholds` of a subscription as shown; '' takes them away. */
export function thresholdsOf(given: Params | '' | undefined): Params | null {
  if (given === undefined || given === '') return null;
  if (given.amount_gte !== undefined && given.amount_gte < SMALLEST_AMOUNT) {
    const message = `\`billing_thresholds[amount_gte]\` must be at least ${SMALLEST_AMOUNT}.`;
    throw invalidRequest(message, { param: 'billing_thresholds[amount_gte]' });
  }
  return { amount_gte: given.amount_gte ?? null, reset_billing_cycle_anchor: given.reset_billing_cycle_anchor ?? null };
}

/** The same of an item: a quantity of usage, so of metered items only. */
export function itemThresholds(price: Doc, given: Params | '' | undefined, param: string): Params | null {
  if (given === undefined || given === '') return null;
  if (!isMetered(price))
    throw invalidRequest('Usage thresholds can only be set for metered prices.', { param: `${param}[billing_thresholds]` });
  if (given.usage_gte < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: `${param}[billing_thresholds][usage_gte]`,
    });
  }
  return { usage_gte: given.usage_gte };
}

/** Refuses thresholds that cannot work, and from now on looks at the customer's usage. Called when a subscription or its items changed. */
export async function watchThresholds(tx: Tx, subscription: Doc): Promise<void> {
  if (!hasThresholds(subscription)) return;
  const { amount_gte: amount = null, reset_billing_cycle_anchor: resets = null } = subscription.billing_thresholds ?? {};
  if (amount !== null && amount <= (await recurringAmount(tx, subscription))) {
    const message = 'Monetary thresholds must be greater than the sum of all licensed prices of the subscription.';
    throw invalidRequest(message, { param: 'billing_thresholds[amount_gte]' });
  }
  if (resets !== true) for (const item of subscription.items.data) await refuseUnsplittable(tx, item);
  const watch = await watchOf(tx, subscription.customer);
  if (watch.subscriptions.includes(subscription.id)) return;
  watch.subscriptions = [...watch.subscriptions, subscription.id].slice(-MAX_WATCHED);
  tx.put(watch);
}

/** Usage came in: who has thresholds is looked at a second later, when the second it was used in is over and counts. */
export async function usageReported(tx: Tx, customer: Doc): Promise<void> {
  const watch = await tx.get(watchId(customer.id), { object: 'sandbox.threshold_watch' });
  for (const id of watch?.subscriptions ?? []) {
    tx.cancelTimers(id, 'threshold_check');
    tx.schedule({ kind: 'threshold_check', ref: id, dueAt: tx.now(customer) + 1, clock: customer._clock ?? null });
  }
}

/** Nothing was reached after all: what was tried is undone. */
class NotReached extends Error {}

/** Bills what was used so far when it has reached a threshold. Not in a trial, and not in the last 24 hours of a period. */
export async function thresholdsDue(tx: Tx, timer: Timer): Promise<void> {
  try {
    await tx.attempt(async () => {
      const subscription = await tx.get(timer.ref, { object: 'subscription' });
      if (subscription === undefined || !hasThresholds(subscription) || !['active', 'past_due', 'unpaid'].includes(subscription.status))
        return;
      if (nextBoundary(subscription) - tx.now(subscription) <= DAY) return;
      await billWhatReached(tx, subscription);
    });
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
  }
}

async function billWhatReached(tx: Tx, subscription: Doc): Promise<void> {
  const now = tx.now(subscription);
  const reached = await reachedItems(tx, subscription, now);
  const resets = subscription.billing_thresholds?.reset_billing_cycle_anchor === true;
  const invoice = resets ? await rolledOver(tx, subscription, now) : await inBetween(tx, subscription, now);
  const amount = subscription.billing_thresholds?.amount_gte ?? null;
  const amountReached = amount !== null && invoice.total_excluding_tax >= amount;
  if (reached.length === 0 && !amountReached) throw new NotReached();
  invoice.billing_reason = 'subscription_threshold';
  invoice.threshold_reason = {
    amount_gte: amountReached ? amount : null,
    item_reasons: reached.map((item) => ({
      line_item_ids: Object.keys(invoice._usage ?? {}).filter((id) => invoice._usage[id].item === item.id),
      usage_gte: item.billing_thresholds.usage_gte,
    })),
  };
  subscription.latest_invoice = invoice.id;
  subscription.discounts = await remainingDiscounts(tx, { ids: subscription.discounts, at: now, used: true });
  scheduleSubscription(tx, subscription);
  tx.put(invoice);
  await subscriptionUpdated(tx, subscription);
  await saveDraft(tx, invoice, { immediate: false });
}

async function reachedItems(tx: Tx, subscription: Doc, now: number): Promise<Doc[]> {
  const reached: Doc[] = [];
  for (const item of subscription.items.data) {
    const limit = item.billing_thresholds?.usage_gte ?? null;
    if (limit !== null && (await usedSince(tx, { subscription, item, to: now })) >= limit) reached.push(item);
  }
  return reached;
}

/** As if the period ended now: usage so far, and everything else for a new period. */
async function rolledOver(tx: Tx, subscription: Doc, now: number): Promise<Doc> {
  const items: Doc[] = subscription.items.data;
  const usage = await usageSoFar(tx, subscription, now);
  const start = Math.min(...items.map((item) => item.current_period_start));
  subscription.billing_cycle_anchor = now;
  for (const item of items) {
    const period = periodAt(now, cadenceOf(item.price), now);
    item.current_period_start = period.start;
    item.current_period_end = period.end;
    beginUsage(subscription, item, now);
  }
  return cycleInvoice(tx, { subscription, items, before: { start, end: now }, usage });
}

/** Usage so far and what is pending; the period goes on, and its tiers with it. */
async function inBetween(tx: Tx, subscription: Doc, now: number): Promise<Doc> {
  const customer = await tx.require('customer', subscription.customer);
  const start = Math.min(...subscription.items.data.map((item: Doc) => item.current_period_start));
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: 'subscription_threshold',
    lines: await usageSoFar(tx, subscription, now),
    period: { start, end: now },
  });
  for (const item of subscription.items.data) advanceUsage(subscription, item, now);
  const of = { customer: customer.id, subscription: subscription.id, currency: subscription.currency };
  attachItems(tx, invoice, await pendingItems(tx, of));
  await recalculate(tx, invoice, customer);
  return invoice;
}

async function usageSoFar(tx: Tx, subscription: Doc, now: number): Promise<LineDraft[]> {
  const lines: LineDraft[] = [];
  for (const item of subscription.items.data)
    lines.push(...(await usageLines(tx, { subscription, item, to: now, free: false, skipEmpty: true })));
  return lines;
}

/** A price whose parts do not add up to the whole cannot be billed twice in one period here. */
async function refuseUnsplittable(tx: Tx, item: Doc): Promise<void> {
  if (!isMetered(item.price)) return;
  const meter = await tx.get(item.price.recurring.meter, { object: 'billing.meter' });
  const whole = item.price.tiers_mode === 'volume' || item.price.transform_quantity !== null;
  if (!whole && meter?.default_aggregation.formula !== 'last' && meter?.event_time_window === null) return;
  const what =
    'A billing threshold without reset_billing_cycle_anchor on volume tiers, packages, a meter of last values or a pre-aggregating meter';
  throw notEmulated(what, 'billing_thresholds');
}

function hasThresholds(subscription: Doc): boolean {
  return subscription.billing_thresholds !== null || subscription.items.data.some((item: Doc) => item.billing_thresholds !== null);
}

async function watchOf(tx: Tx, customer: string): Promise<Doc> {
  const id = watchId(customer);
  const known = await tx.get(id, { object: 'sandbox.threshold_watch' });
  return known ?? ({ id, object: 'sandbox.threshold_watch', created: tx.now(), subscriptions: [] } as Doc);
}

function watchId(customer: string): string {
  return `thresholds_${customer}`;
}
