import { invalidRequest, notEmulated, resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createDiscounts } from '../discounts/load.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { itemLineBase, itemLines, type LineDraft, shortened, trialLine } from '../invoice/lines.ts';
import { formatDay } from '../invoice/money.ts';
import { shareOf } from '../proration/prorate.ts';
import { wholePeriodOf } from './advance.ts';
import { indexItem } from './item-index.ts';
import { MAX_ITEMS } from './limits.ts';
import { isMetered, refuseQuantity } from './metered.ts';
import type { Period } from './period.ts';
import { embeddedPrice, inCurrency, planOf } from './prices.ts';
import { itemThresholds } from './thresholds.ts';

/** Parameters of an item without behaviour here: refused, never ignored. */
export function refuseItemParams(given: Params, param: string): void {
  if (given.current_trial !== undefined) throw notEmulated('current_trial of a subscription item', `${param}[current_trial]`);
}

/** A new subscription item on a price; stored inside its subscription. */
export async function newItem(
  tx: Tx,
  input: { subscription: Doc; customer: Doc; price: Doc; given: Params; period: Period; param: string },
): Promise<Doc> {
  const { subscription, price, given, period } = input;
  refuseItemParams(given, input.param);
  const metered = isMetered(price);
  if (metered) refuseQuantity(given, input.param);
  const id = tx.newId('si');
  indexItem(tx, { item: id, subscription: subscription.id });
  return {
    id,
    object: 'subscription_item',
    billing_thresholds: itemThresholds(price, given.billing_thresholds, input.param),
    created: tx.now(subscription),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: await createDiscounts(tx, {
      given: given.discounts,
      target: { customer: input.customer, subscription: subscription.id, subscriptionItem: id },
      param: `${input.param}[discounts]`,
    }),
    metadata: given.metadata === '' || given.metadata === undefined ? {} : { ...given.metadata },
    plan: planOf(price),
    price: embeddedPrice(price),
    ...(metered ? {} : { quantity: given.quantity ?? 1 }),
    subscription: subscription.id,
    tax_rates: await taxRates(tx, given.tax_rates, `${input.param}[tax_rates]`),
  };
}

/** Puts an item on another price. */
export function setPrice(item: Doc, price: Doc): void {
  item.price = embeddedPrice(price);
  item.plan = planOf(price);
}

/** Tax rates by id, embedded whole. '' and undefined mean none. */
export async function taxRates(tx: Tx, ids: string[] | '' | undefined | null, param: string): Promise<Doc[]> {
  if (ids === undefined || ids === null || ids === '') return [];
  const rates: Doc[] = [];
  for (const [index, id] of ids.entries()) {
    const rate = await tx.get(id, { object: 'tax_rate' });
    if (rate === undefined) throw resourceMissing('tax_rate', id, { param: `${param}[${index}]` });
    // An archived rate stays where it is set and is not set anew [DTS active].
    if (!rate.active) throw invalidRequest(`The tax rate ${id} is not active.`, { param: `${param}[${index}]` });
    rates.push({ ...rate });
  }
  return rates;
}

/** The price as it is now, with its tiers, in the subscription's currency. */
export async function currentPrice(tx: Tx, item: Doc, currency: string): Promise<Doc> {
  const price = (await tx.get(item.price.id, { object: 'price', deleted: true })) ?? item.price;
  return inCurrency(price, currency, 'currency');
}

/**
 * Full-period lines of one item, or its zero line during a trial; none for usage, which is billed when it is over. A subscription set to end inside the period is billed up to its end only,
 * unless `whole` [DTS cancel_at].
 */
export async function linesOfItem(
  tx: Tx,
  input: { subscription: Doc; item: Doc; period: Period; trial: boolean; whole?: boolean },
): Promise<LineDraft[]> {
  const { subscription, item, period } = input;
  if (isMetered(item.price)) return [];
  const product = await productOf(tx, item);
  if (input.trial) return [trialLine({ subscription, item, product, period })];
  const price = await currentPrice(tx, item, subscription.currency);
  const end = effectiveEnd(subscription, period);
  const whole = wholePeriodOf(subscription, item, period);
  if (whole.start < period.start) return partialLines({ subscription, item, product, price, period: { start: period.start, end }, whole });
  const lines = itemLines({ subscription, item, product, price, period });
  return end === period.end || input.whole === true ? lines : lines.map((line) => shortened(line, end));
}

/** A stretch that is less than a period of its price: the part that is left of it, to the second; none where the start is free [S 3.3, 3.4]. */
function partialLines(input: { subscription: Doc; item: Doc; product: Doc; price: Doc; period: Period; whole: Period }): LineDraft[] {
  const { subscription, item, product, period, whole } = input;
  if (subscription._free_start === true) return [];
  const base = itemLineBase(subscription, item, period);
  const quantity = item.quantity ?? 1;
  return [
    {
      ...base,
      parent: { ...base.parent, details: { ...base.parent.details, proration: true } },
      amount: shareOf(priceAmount(input.price, quantity), { start: period.start, end: period.end }, whole),
      description: `Remaining time on ${product.name} after ${formatDay(period.start)}`,
      unitAmountDecimal: null,
      quantity,
    },
  ];
}

/** Where a period really ends: at its boundary, or where the subscription is set to end before. */
export function effectiveEnd(subscription: Doc, period: Period): number {
  const cancelAt = subscription.cancel_at ?? period.end;
  return cancelAt > period.start && cancelAt < period.end ? cancelAt : period.end;
}

/** The product behind an item, deleted or not; its price's name where the product is unknown. */
export async function productOf(tx: Tx, item: Doc): Promise<Doc> {
  return (
    (await tx.get(item.price.product, { object: 'product', deleted: true })) ??
    ({ id: item.price.product, name: item.price.nickname ?? item.price.product } as unknown as Doc)
  );
}

/** The item of a subscription by id; refused when it is not one of its own. */
export function itemById(subscription: Doc, id: string, param: string): Doc {
  const item = subscription.items.data.find((candidate: Doc) => candidate.id === id);
  if (item === undefined) throw resourceMissing('subscription item', id, { param });
  return item;
}

/** Replaces the items of a subscription in hand; refuses more than 20. */
export function setItems(subscription: Doc, items: Doc[]): void {
  if (items.length > MAX_ITEMS) throw invalidRequest(`Subscriptions can have at most ${MAX_ITEMS} items.`, { param: 'items' });
  subscription.items = {
    object: 'list',
    data: items,
    has_more: false,
    total_count: items.length,
    url: `/v1/subscription_items?subscription=${subscription.id}`,
  };
}

/** The earliest end of the items' current periods: the next boundary. */
export function nextBoundary(subscription: Doc): number {
  return Math.min(...subscription.items.data.map((item: Doc) => item.current_period_end));
}

/** The latest end, at which `cancel_at_period_end` takes effect when items differ [S 3.3]. */
export function lastBoundary(subscription: Doc): number {
  return Math.max(...subscription.items.data.map((item: Doc) => item.current_period_end));
}
