import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { buildDraft } from '../invoice/draft.ts';
import { attachItems, pendingItems } from '../invoice/items.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { itemLineBase, type LineDraft } from '../invoice/lines.ts';
import { formatDay } from '../invoice/money.ts';
import { recalculate } from '../invoice/recalculate.ts';
import { remainingDebit } from '../proration/prorate.ts';
import { addInvoiceItems } from './add-invoice-items.ts';
import { billingOf } from './cycle.ts';
import { currentPrice, linesOfItem, productOf } from './items.ts';
import { freeLine, isMetered } from './metered.ts';
import { boundary, type Period } from './period.ts';
import { cadenceOf } from './prices.ts';

/** The invoice a subscription starts with; null when the start is free up to a later anchor (`proration_behavior: none`) [S 3.3]. Not stored yet. */
export async function firstInvoice(tx: Tx, input: { params: Params; subscription: Doc; customer: Doc }): Promise<Doc | null> {
  const { params, subscription, customer } = input;
  const now = tx.now(subscription);
  const lines: LineDraft[] = [];
  for (const item of subscription.items.data) lines.push(...(await firstLines(tx, { params, subscription, item })));
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

async function firstLines(tx: Tx, input: { params: Params; subscription: Doc; item: Doc }): Promise<LineDraft[]> {
  const { params, subscription, item } = input;
  const period = { start: item.current_period_start, end: item.current_period_end };
  if (isMetered(item.price)) return firstUsage(tx, { subscription, item, period });
  if (subscription.trial_end !== null) return linesOfItem(tx, { subscription, item, period, trial: true });
  const whole = wholePeriod(subscription, item);
  if (whole.start === period.start) {
    return linesOfItem(tx, { subscription, item, period, trial: false, whole: params.proration_behavior === 'none' });
  }
  if (params.proration_behavior === 'none') return [];
  return [await partialLine(tx, { subscription, item, period, whole })];
}

/** Usage has not begun: classic mode says so with a line of nothing, flexible mode says nothing [S 3.3]. */
async function firstUsage(tx: Tx, input: { subscription: Doc; item: Doc; period: Period }): Promise<LineDraft[]> {
  const { subscription, item, period } = input;
  return subscription.billing_mode.type === 'classic'
    ? [await freeLine(tx, { subscription, item, from: period.start, to: period.end })]
    : [];
}

/** The full period that ends where the first one does. */
function wholePeriod(subscription: Doc, item: Doc): Period {
  const end = item.current_period_end;
  if (subscription.billing_cycle_anchor !== end) return { start: item.current_period_start, end };
  const start = boundary(end, cadenceOf(item.price), -1);
  // An anchor exactly one period away makes a full first period, month ends included.
  return { start: boundary(item.current_period_start, cadenceOf(item.price), 1) === end ? item.current_period_start : start, end };
}

/** From now to a later anchor: the part of a full period that is left, to the second. */
async function partialLine(tx: Tx, input: { subscription: Doc; item: Doc; period: Period; whole: Period }): Promise<LineDraft> {
  const { subscription, item, period, whole } = input;
  const amount = priceAmount(await currentPrice(tx, item, subscription.currency), item.quantity ?? 1);
  const product = await productOf(tx, item);
  const base = itemLineBase(subscription, item, period);
  return {
    ...base,
    parent: { ...base.parent, details: { ...base.parent.details, proration: true } },
    amount: remainingDebit(amount, whole, period.start),
    description: `Remaining time on ${product.name} after ${formatDay(period.start)}`,
    unitAmountDecimal: null,
    quantity: item.quantity ?? 1,
  };
}
