import type { Doc, Tx } from '../../kernel/types.ts';
import { useDiscounts } from '../discounts/load.ts';
import { buildDraft, saveDraft } from '../invoice/draft.ts';
import { attachItems, pendingItems } from '../invoice/items.ts';
import type { LineDraft } from '../invoice/lines.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { nextPeriod, setPeriod } from './advance.ts';
import { subscriptionUpdated } from './announce.ts';
import { rememberDebits } from './debits.ts';
import { linesOfItem } from './items.ts';
import { beginUsage, usageLines } from './metered.ts';
import { scheduleSubscription } from './schedule.ts';
import { moveTo } from './status.ts';

/**
 * A period is over: the items that reached their boundary get their next period, and a draft bills it in advance together with the usage of the
 * one that ended and what was pending. A trial ends here: trialing → active before any money is collected [S 3.1]. Emits customer.subscription.updated, then invoice.created.
 */
export async function renew(tx: Tx, subscription: Doc): Promise<void> {
  const now = tx.now(subscription);
  const due = subscription.items.data.filter((item: Doc) => item.current_period_end <= now);
  const before = { start: Math.min(...due.map((item: Doc) => item.current_period_start)), end: now };
  const usage = await endedUsage(tx, { subscription, items: due });
  if (subscription.status === 'trialing') moveTo(subscription, 'active');
  startPeriods(subscription, due, now);
  const invoice = await cycleInvoice(tx, { subscription, items: due, before, usage });
  const free = subscription._free_start === true && invoice.lines.data.length === 0;
  delete subscription._free_start;
  if (free) return goOnFree(tx, subscription);
  subscription.latest_invoice = invoice.id;
  await useDiscounts(tx, { subscription, items: due, at: now });
  scheduleSubscription(tx, subscription);
  tx.put(invoice);
  await subscriptionUpdated(tx, subscription);
  await saveDraft(tx, invoice, { immediate: false });
}

/** What the items used in the period that ends for them; that of a trial is free. Must be asked before the next period begins. */
export async function endedUsage(tx: Tx, input: { subscription: Doc; items: Doc[] }): Promise<LineDraft[]> {
  const { subscription, items } = input;
  const free = subscription.status === 'trialing';
  const lines: LineDraft[] = [];
  for (const item of items)
    lines.push(...(await usageLines(tx, { subscription, item, to: item.current_period_end, free, skipEmpty: false })));
  return lines;
}

/** The items get the period that begins at `at`; usage counts from the end of the one before. */
export function startPeriods(subscription: Doc, items: Doc[], at: number): void {
  for (const item of items) {
    const usedUntil = item.current_period_end;
    setPeriod(item, nextPeriod(subscription, item, at));
    beginUsage(subscription, item, usedUntil);
  }
}

/** A stretch that costs nothing (`proration_behavior: none` up to a later anchor) makes no invoice [S 3.3]. */
async function goOnFree(tx: Tx, subscription: Doc): Promise<void> {
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
}

/** The draft of a renewal, with pending items taken in. Not stored yet. */
export async function cycleInvoice(
  tx: Tx,
  input: { subscription: Doc; items: Doc[]; before: { start: number; end: number }; usage?: LineDraft[] },
): Promise<Doc> {
  const { subscription, items } = input;
  const customer = await tx.require('customer', subscription.customer);
  const lines: LineDraft[] = [...(input.usage ?? [])];
  for (const item of items) {
    const period = { start: item.current_period_start, end: item.current_period_end };
    lines.push(...(await linesOfItem(tx, { subscription, item, period, trial: false })));
  }
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: 'subscription_cycle',
    lines,
    period: input.before,
  });
  attachItems(
    tx,
    invoice,
    await pendingItems(tx, { customer: customer.id, subscription: subscription.id, currency: subscription.currency }),
  );
  await recalculate(tx, invoice, customer);
  rememberDebits(subscription, invoice, items);
  return invoice;
}

/** What a subscription's invoices take from it. A subscription that is `unpaid`, or paused with `keep_as_draft`, gets drafts that stay drafts [S 3.1]. */
export function billingOf(subscription: Doc) {
  const pause = subscription.pause_collection?.behavior ?? null;
  return {
    currency: subscription.currency,
    autoAdvance: subscription.status !== 'unpaid' && pause !== 'keep_as_draft',
    collectionMethod: subscription.collection_method,
    daysUntilDue: subscription.collection_method === 'send_invoice' ? subscription.days_until_due : null,
    discounts: [...(subscription.discounts ?? [])],
    fields: { _pause: pause },
  };
}
