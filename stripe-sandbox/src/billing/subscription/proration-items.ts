import type { Doc, Tx } from '../../kernel/types.ts';
import { applyDiscounts } from '../discounts/apply.ts';
import { discountRules } from '../discounts/load.ts';
import { share } from '../invoice/decimal.ts';
import type { ItemInput } from '../invoice/items.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { formatDay } from '../invoice/money.ts';
import { remainingDebit, unusedCredit } from '../proration/prorate.ts';
import { creditedItems, debitsOf, setDebits } from './debits.ts';
import { currentPrice, effectiveEnd, productOf } from './items.ts';
import { isMetered } from './metered.ts';

type Input = { subscription: Doc; customer: Doc; item: Doc; at: number };

/** One credit for each original debit of an item: `Unused time on Pro after 16 Jan 2026` [S 3.3 flexible, 3.4]. */
export async function creditUnused(tx: Tx, input: Input): Promise<ItemInput[]> {
  const { subscription, item, at } = input;
  const name = await nameOf(tx, item);
  const credits: ItemInput[] = [];
  for (const debit of debitsOf(subscription, item)) {
    const amount = unusedCredit(debit, at);
    if (amount === 0) continue;
    credits.push({
      ...base(input),
      amount,
      description: `Unused time on ${name} after ${formatDay(at)}`,
      period: { start: Math.max(at, debit.start), end: debit.end },
      prorationDetails: { credited_items: await creditedItems(tx, debit) },
    });
  }
  return credits;
}

/** What the rest of the item's period costs at its present price, discounts folded in: `Remaining time on Pro after 16 Jan 2026`. */
export async function debitRemaining(tx: Tx, input: Input): Promise<ItemInput[]> {
  const { subscription, item, at } = input;
  if (isMetered(item.price)) return [];
  const period = { start: item.current_period_start, end: item.current_period_end };
  const full = priceAmount(await currentPrice(tx, item, subscription.currency), item.quantity ?? 1);
  const net = full - (await discountOn(tx, { subscription, item, amount: full, at }));
  const end = effectiveEnd(subscription, period);
  const amount = end === period.end ? remainingDebit(net, period, at) : share(net, Math.max(0, end - at), period.end - period.start);
  return [
    {
      ...base(input),
      amount,
      description: `Remaining time on ${await nameOf(tx, item)} after ${formatDay(at)}`,
      period: { start: at, end },
      prorationDetails: { credited_items: null },
    },
  ];
}

/**
 * The end of a subscription moved inside a period that is billed already: an earlier end gives back what lies behind it, a later one charges
 * what was not billed yet [DTS cancel_at].
 */
export async function moveEnd(tx: Tx, input: Input): Promise<ItemInput[]> {
  const { subscription, item } = input;
  const debits = debitsOf(subscription, item);
  if (debits.length === 0) return [];
  const billedTo = Math.max(...debits.map((debit) => debit.end));
  const period = { start: item.current_period_start, end: item.current_period_end };
  const end = effectiveEnd(subscription, period);
  if (end === billedTo) return [];
  const name = await nameOf(tx, item);
  if (end < billedTo) {
    const credits = await creditUnused(tx, { ...input, at: end });
    const kept = debits.map((debit) => (debit.end <= end ? debit : { ...debit, amount: debit.amount + unusedCredit(debit, end), end }));
    setDebits(subscription, item, kept);
    return credits;
  }
  const full = priceAmount(await currentPrice(tx, item, subscription.currency), item.quantity ?? 1);
  const net = full - (await discountOn(tx, { subscription, item, amount: full, at: input.at }));
  return [
    {
      ...base(input),
      amount: share(net, end - billedTo, period.end - period.start),
      description: `Remaining time on ${name} after ${formatDay(billedTo)}`,
      period: { start: billedTo, end },
      prorationDetails: { credited_items: null },
    },
  ];
}

/** The price of one period of everything on the subscription but usage, which nobody knows yet; 0 = it costs nothing. */
export async function recurringAmount(tx: Tx, subscription: Doc): Promise<number> {
  let sum = 0;
  for (const item of subscription.items.data) {
    if (isMetered(item.price)) continue;
    sum += priceAmount(await currentPrice(tx, item, subscription.currency), item.quantity ?? 1);
  }
  return sum;
}

/** Prorations are not discountable themselves: the discounts of subscription and item are in the amount [S 3.4]. */
async function discountOn(tx: Tx, input: { subscription: Doc; item: Doc; amount: number; at: number }): Promise<number> {
  const { subscription, item, amount, at } = input;
  const rules = (ids: string[]) => discountRules(tx, { ids, currency: subscription.currency, at });
  const line = { amount, discountable: true, product: item.price.product, own: await rules(item.discounts) };
  const [parts = []] = applyDiscounts([line], await rules(subscription.discounts));
  return parts.reduce((sum, part) => sum + part.amount, 0);
}

function base({ subscription, customer, item }: Input) {
  return {
    customer,
    subscription,
    subscriptionItem: item.id as string,
    currency: subscription.currency as string,
    discountable: false,
    price: { price: item.price.id as string, product: item.price.product as string },
    unitAmountDecimal: null,
    quantity: (item.quantity ?? 1) as number,
    proration: true,
    metadata: { ...(item.metadata ?? {}) },
    taxRates: (item.tax_rates ?? []) as Doc[],
  };
}

async function nameOf(tx: Tx, item: Doc): Promise<string> {
  const product = await productOf(tx, item);
  return item.quantity > 1 ? `${item.quantity} × ${product.name}` : product.name;
}
