/**
 * Usage on a subscription: which spans of time an item still has to bill, at which price. Usage is billed when it is over; in flexible mode at the
 * price that was in force when it happened, in classic mode only what was used since the last price change [S 3.3].
 */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { formatDecimal } from '../invoice/decimal.ts';
import type { ItemInput } from '../invoice/items.ts';
import { priceLines } from '../invoice/line-amounts.ts';
import { describe, itemLineBase, type LineDraft } from '../invoice/lines.ts';
import { usageOf, usedBefore } from '../meters/usage.ts';
import { currentPrice, productOf } from './items.ts';

/** A closed span: `price` was in force until something changed. */
type Span = { from: number; to: number; price: Doc; tiersFrom?: number };
/** `tiersFrom`: part of the period was billed already; the tiers go on counting from there. */
type UsageState = { from: number; spans: Span[]; tiersFrom?: number };

export function isMetered(price: Doc): boolean {
  return price.recurring?.usage_type === 'metered';
}

/** Usage has no quantity of its own [pay #193, better-auth #8920: recorded refusals]. */
export function refuseQuantity(given: Params, param: string): void {
  if (given.quantity === undefined) return;
  throw invalidRequest('You cannot set the quantity for metered plans.', { param: `${param}[quantity]` });
}

/** `clear_usage` is for metered items only, and has no effect where a meter holds the usage [DTS]. */
export function checkClearUsage(item: Doc, given: Params, param: string): void {
  if (given.clear_usage !== true || isMetered(item.price)) return;
  throw invalidRequest('`clear_usage` can only be set for subscription items whose price is metered.', { param: `${param}[clear_usage]` });
}

/** Usage counts from this instant on; what was before is billed or forgotten. */
export function beginUsage(subscription: Doc, item: Doc, at: number): void {
  if (isMetered(item.price)) setUsage(subscription, item, { from: at, spans: [] });
}

/** The item leaves its price: in flexible mode what it used so far stays to be billed at that price, in classic mode it is forgotten [S 3.3]. */
export function closeUsage(subscription: Doc, item: Doc, at: number): void {
  if (subscription.billing_mode.type === 'flexible') keepUsage(subscription, item, at);
  else setUsage(subscription, item, { from: at, spans: [] });
}

/** What was used up to `at` waits for the next invoice; usage in a trial does not. */
function keepUsage(subscription: Doc, item: Doc, at: number): void {
  const { from, spans, ...tiers } = usageState(subscription, item);
  const counts = isMetered(item.price) && subscription.status !== 'trialing' && at > from;
  setUsage(subscription, item, { from: at, spans: counts ? [...spans, { from, to: at, price: item.price, ...tiers }] : spans });
}

/** Nothing is used while a subscription is paused: its items close before, and begin again after. */
export function pauseUsage(subscription: Doc, at: number): void {
  for (const item of subscription.items.data) if (isMetered(item.price)) keepUsage(subscription, item, at);
}

export function resumeUsage(subscription: Doc, at: number): void {
  for (const item of subscription.items.data) {
    if (isMetered(item.price)) setUsage(subscription, item, { ...usageState(subscription, item), from: at });
  }
}

/** What was used so far is billed, and the period goes on: later usage costs what its place in the tiers says. */
export function advanceUsage(subscription: Doc, item: Doc, at: number): void {
  if (!isMetered(item.price)) return;
  const { from, tiersFrom } = usageState(subscription, item);
  setUsage(subscription, item, { from: at, spans: [], tiersFrom: tiersFrom ?? from });
}

/** The quantity an item used since it was last billed. */
export async function usedSince(tx: Tx, input: { subscription: Doc; item: Doc; to: number }): Promise<number> {
  const { subscription, item, to } = input;
  const { from } = usageState(subscription, item);
  return Number(formatDecimal(await usageOf(tx, { meter: item.price.recurring.meter, customer: subscription.customer, from, to })));
}

export type UsageLinesInput = {
  subscription: Doc;
  item: Doc;
  /** The end of the usage to bill. */
  to: number;
  /** The time since the last change was a trial: its usage costs nothing. */
  free: boolean;
  /** Invoices between the cycles show no usage of nothing [S 3.3 flexible]. */
  skipEmpty: boolean;
};

/** The lines an item's usage makes, oldest span first; none for items that are not metered and never were. */
export async function usageLines(tx: Tx, input: UsageLinesInput): Promise<LineDraft[]> {
  const { subscription, item, to, skipEmpty } = input;
  const { from, spans, ...tiers } = usageState(subscription, item);
  const lines: LineDraft[] = [];
  for (const span of spans) lines.push(...(await spanLines(tx, { subscription, item: { ...item, price: span.price }, ...span })));
  const open = { subscription, item, from: Math.min(from, to), to, ...tiers };
  if (isMetered(item.price)) lines.push(...(input.free ? [await freeLine(tx, open)] : await spanLines(tx, open)));
  return skipEmpty ? lines.filter((line) => line.amount !== 0) : lines;
}

type UsageItemsInput = { subscription: Doc; customer: Doc; item: Doc; at: number; inTrial: boolean };

/** A metered item goes: in flexible mode what it used so far waits as invoice items for the next invoice [S 3.3]. */
export async function removedUsage(tx: Tx, input: UsageItemsInput): Promise<ItemInput[]> {
  const items = await outstandingUsage(tx, input);
  return input.subscription.billing_mode.type === 'flexible' ? items : [];
}

/** What a metered item used up to `at` as invoice items, no longer to be billed by the cycle [DTS pause.bill_for]. */
export async function outstandingUsage(tx: Tx, input: UsageItemsInput): Promise<ItemInput[]> {
  const { subscription, customer, item, at } = input;
  const lines = await usageLines(tx, { subscription, item, to: at, free: input.inTrial, skipEmpty: true });
  const { [item.id]: _gone, ...rest } = (subscription._usage ?? {}) as Record<string, UsageState>;
  subscription._usage = rest;
  return lines.map((line) => ({
    customer,
    subscription,
    subscriptionItem: item.id,
    amount: line.amount,
    currency: subscription.currency,
    description: line.description,
    discounts: line.discounts,
    metadata: line.metadata as Record<string, string>,
    period: line.period,
    price: line.price,
    unitAmountDecimal: line.unitAmountDecimal,
    quantity: line.quantity ?? 0,
    taxRates: item.tax_rates ?? [],
  }));
}

/** A line that says that usage so far is free, or not known yet. */
export async function freeLine(tx: Tx, input: { subscription: Doc; item: Doc; from: number; to: number }): Promise<LineDraft> {
  const { subscription, item, from, to } = input;
  const product = await productOf(tx, item);
  return {
    ...itemLineBase(subscription, item, { start: from, end: to }),
    amount: 0,
    description: product.name,
    unitAmountDecimal: null,
    quantity: 0,
  };
}

async function spanLines(
  tx: Tx,
  span: { subscription: Doc; item: Doc; from: number; to: number; tiersFrom?: number },
): Promise<LineDraft[]> {
  const { subscription, item, from, to, tiersFrom } = span;
  const question = {
    item: item.id,
    price: item.price.id,
    meter: item.price.recurring.meter,
    customer: subscription.customer,
    from,
    to,
    ...(tiersFrom === undefined ? {} : { tiersFrom }),
  };
  const quantity = formatDecimal(await usageOf(tx, question));
  const price = await currentPrice(tx, item, subscription.currency);
  const product = await productOf(tx, item);
  return priceLines(price, quantity, await usedBefore(tx, question)).map((line) => ({
    ...itemLineBase(subscription, item, { start: from, end: to }),
    amount: line.amount,
    description: describe(line, product, price),
    unitAmountDecimal: line.unitAmountDecimal,
    quantity: line.quantityDecimal,
    usage: { ...question, quantity },
  }));
}

function usageState(subscription: Doc, item: Doc): UsageState {
  return subscription._usage?.[item.id] ?? { from: item.current_period_start, spans: [] };
}

function setUsage(subscription: Doc, item: Doc, state: UsageState): void {
  subscription._usage = { ...(subscription._usage ?? {}), [item.id]: state };
}
