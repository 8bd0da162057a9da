import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { buildDraft } from '../invoice/draft.ts';
import { attachItems, pendingItems } from '../invoice/items.ts';
import type { LineDraft } from '../invoice/lines.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { addInvoiceItems } from './add-invoice-items.ts';
import { currentPeriod } from './advance.ts';
import { billingOf } from './cycle.ts';
import { linesOfItem } from './items.ts';
import { freeLine, isMetered } from './metered.ts';
import type { Period } from './period.ts';

/** The invoice a subscription starts with; null when the start is free up to a later anchor (`proration_behavior: none`) [S 3.3]. Not stored yet. */
export async function firstInvoice(tx: Tx, input: { params: Params; subscription: Doc; customer: Doc }): Promise<Doc | null> {
  const { params, subscription, customer } = input;
  const now = tx.now(subscription);
  if (params.proration_behavior === 'none') subscription._free_start = true;
  const lines: LineDraft[] = [];
  for (const item of subscription.items.data) lines.push(...(await firstLines(tx, { params, subscription, item })));
  // A free start is over with its first stretch; behind a trial that stretch is still to come.
  if (subscription.trial_end === null) delete subscription._free_start;
  await addInvoiceItems(tx, { given: params.add_invoice_items, subscription, customer });
  const pending = await pendingItems(tx, { customer: customer.id, subscription: subscription.id, currency: subscription.currency });
  if (lines.length === 0 && pending.length === 0) return null;
  const invoice = await buildDraft(tx, {
    ...billingOf(subscription),
    customer,
    subscription,
    billingReason: 'subscription_create',
    lines,
    period: { start: now, end: now },
  });
  attachItems(tx, invoice, pending);
  await recalculate(tx, invoice, customer);
  return invoice;
}

/** Lines of the first stretch: free during a trial; a part of a period up to a later anchor, or nothing of it (`proration_behavior: none`). */
async function firstLines(tx: Tx, input: { params: Params; subscription: Doc; item: Doc }): Promise<LineDraft[]> {
  const { params, subscription, item } = input;
  const period = currentPeriod(item);
  if (isMetered(item.price)) return firstUsage(tx, { subscription, item, period });
  const trial = subscription.trial_end !== null;
  return linesOfItem(tx, { subscription, item, period, trial, whole: params.proration_behavior === 'none' });
}

/** Usage has not begun: classic mode says so with a line of nothing, flexible mode says nothing [S 3.3]. */
async function firstUsage(tx: Tx, input: { subscription: Doc; item: Doc; period: Period }): Promise<LineDraft[]> {
  const { subscription, item, period } = input;
  return subscription.billing_mode.type === 'classic'
    ? [await freeLine(tx, { subscription, item, from: period.start, to: period.end })]
    : [];
}
