import type { Doc, Tx } from '../../kernel/types.ts';
import { applyDiscounts, type DiscountAmount, type DiscountableLine, type DiscountRule } from '../discounts/apply.ts';
import { discountRules } from '../discounts/load.ts';
import { allocate } from '../invoice/decimal.ts';
import type { ItemInput } from '../invoice/items.ts';
import { priceAmount } from '../invoice/line-amounts.ts';
import { formatDay } from '../invoice/money.ts';
import { cutDebit, type Debit, type Itemized, shareItemized, shareOf, unusedCredit, unusedItemized } from '../proration/prorate.ts';
import { currentPeriod, wholePeriodOf } from './advance.ts';
import { creditedItems, debitsOf, setDebits } from './debits.ts';
import { currentPrice, effectiveEnd, productOf } from './items.ts';
import { isMetered } from './metered.ts';
import type { Period } from './period.ts';

type Input = { subscription: Doc; customer: Doc; item: Doc; at: number };

/**
 * What an item's unused time is worth: `Unused time on Pro after 16 Jan 2026`. Flexible: one credit for each original debit. Classic: one credit
 * at the item's present price, quantity and discounts, whatever was debited [S 3.3, 3.4].
 */
export async function creditUnused(tx: Tx, input: Input): Promise<ItemInput[]> {
  const { subscription, item } = input;
  const debits = debitsOf(subscription, item);
  return subscription.billing_mode.type === 'classic'
    ? creditAtPresentPrice(tx, input, debits)
    : creditDebits(tx, input, { debits, itemized: isItemized(subscription) });
}

async function creditDebits(tx: Tx, input: Input, from: { debits: Debit[]; itemized: boolean }): Promise<ItemInput[]> {
  const { item, at } = input;
  const name = await nameOf(tx, item);
  const credits: ItemInput[] = [];
  for (const debit of from.debits) {
    const net = unusedCredit(debit, at);
    const shown = from.itemized ? unusedItemized(debit, at) : { amount: net, discounts: none(debit.discounts ?? []) };
    if (shown.amount === 0) continue;
    const credited = await creditedItems(tx, debit);
    credits.push({
      ...base(input),
      ...amounts(shown, from.itemized),
      description: `Unused time on ${name} after ${formatDay(at)}`,
      period: { start: Math.max(at, debit.start), end: debit.end },
      prorationDetails: {
        credited_items: credited,
        invoice_item: credited === null ? debit.invoiceItem : null,
        discount_amounts: shown.discounts,
      },
    });
  }
  return credits;
}

/** Classic billing remembers nothing: an item that was billed at all is credited at what it costs now. */
async function creditAtPresentPrice(tx: Tx, input: Input, debits: Debit[]): Promise<ItemInput[]> {
  const { subscription, item, at } = input;
  const [first] = debits;
  if (first === undefined) return [];
  const end = Math.max(...debits.map((debit) => debit.end));
  const { amount: gross, discounts } = await fullAmount(tx, input);
  const whole = wholePeriodOf(subscription, item, currentPeriod(item));
  const amount = -shareOf(gross - sum(discounts), { start: at, end }, whole);
  if (amount === 0) return [];
  return [
    {
      ...base(input),
      amount,
      description: `Unused time on ${await nameOf(tx, item)} after ${formatDay(at)}`,
      period: { start: at, end },
      prorationDetails: { credited_items: await creditedItems(tx, first) },
    },
  ];
}

/** What the rest of the item's period costs at its present price, discounts folded in or beside it: `Remaining time on Pro after 16 Jan 2026`. */
export async function debitRemaining(tx: Tx, input: Input): Promise<ItemInput[]> {
  const end = effectiveEnd(input.subscription, currentPeriod(input.item));
  // At the very boundary nothing is left to bill.
  return input.at >= end || isMetered(input.item.price) ? [] : [await debitStretch(tx, input, { start: input.at, end })];
}

async function debitStretch(tx: Tx, input: Input, stretch: Period): Promise<ItemInput> {
  const { subscription, item } = input;
  const itemized = isItemized(subscription);
  const full = await fullAmount(tx, input);
  const whole = wholePeriodOf(subscription, item, currentPeriod(item));
  const shown = itemized
    ? shareItemized(full, stretch, whole)
    : { amount: shareOf(full.amount - sum(full.discounts), stretch, whole), discounts: none(full.discounts) };
  return {
    ...base(input),
    ...amounts(shown, itemized),
    description: `Remaining time on ${await nameOf(tx, item)} after ${formatDay(stretch.start)}`,
    period: stretch,
    prorationDetails: { credited_items: null, discount_amounts: subscription.billing_mode.type === 'classic' ? [] : shown.discounts },
  };
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
  const end = effectiveEnd(subscription, currentPeriod(item));
  if (end === billedTo) return [];
  if (end > billedTo) return [await debitStretch(tx, input, { start: billedTo, end })];
  const credits = await creditUnused(tx, { ...input, at: end });
  setDebits(
    subscription,
    item,
    debits.map((debit) => cutDebit(debit, end)).filter((debit) => debit.end > debit.start),
  );
  return credits;
}

/** The price of one period of everything on the subscription but usage, which nobody knows yet; 0 = it costs nothing. */
export async function recurringAmount(tx: Tx, subscription: Doc): Promise<number> {
  let sum = 0;
  for (const item of subscription.items.data) sum += await periodAmount(tx, subscription, item);
  return sum;
}

/** What one full period of an item costs, and what the discounts of subscription and item take off it [S 3.4]. */
async function fullAmount(tx: Tx, input: Input): Promise<Itemized> {
  const { subscription } = input;
  const at = Math.min(input.at, tx.now(subscription));
  const rules = (ids: string[]) => discountRules(tx, { ids, currency: subscription.currency, at });
  const lines: DiscountableLine[] = [];
  for (const item of subscription.items.data) {
    const amount = await periodAmount(tx, subscription, item);
    lines.push({ amount, discountable: true, product: item.price.product, own: await rules(item.discounts) });
  }
  const index = subscription.items.data.findIndex((item: Doc) => item.id === input.item.id);
  const shared = await rules(subscription.discounts);
  const off =
    subscription.billing_mode.type === 'classic'
      ? applyDiscounts(
          [lines[index]!],
          shared.map((rule) => evenShare(rule, lines, index)),
        )[0]
      : applyDiscounts(lines, shared)[index];
  return { amount: lines[index]!.amount, discounts: off ?? [] };
}

/** What an item costs for a full period, known beforehand; usage is not, and never prorated [S 3.4]. */
async function periodAmount(tx: Tx, subscription: Doc, item: Doc): Promise<number> {
  return isMetered(item.price) ? 0 : priceAmount(await currentPrice(tx, item, subscription.currency), item.quantity ?? 1);
}

/** Classic billing splits an amount off evenly over the items, flexible in proportion [docs: billing-mode/compare, proportional discounts]. */
function evenShare(rule: DiscountRule, lines: DiscountableLine[], index: number): DiscountRule {
  if (rule.amountOff === null) return rule;
  const takes = lines.map((line) => (rule.products === null || rule.products.includes(line.product ?? '') ? 1 : 0));
  return { ...rule, amountOff: allocate(rule.amountOff, takes)[index]! };
}

/** True when prorations show their discounts beside them [DTS billing_mode.flexible.proration_discounts]. */
function isItemized(subscription: Doc): boolean {
  return subscription.billing_mode.type === 'flexible' && subscription.billing_mode.flexible?.proration_discounts === 'itemized';
}

/** Folded in: the discounts are named, with nothing left of them [changelog 2025-09-30 itemize-proration-discount-amounts]. */
function none(discounts: DiscountAmount[]): DiscountAmount[] {
  return discounts.map(({ discount }) => ({ discount, amount: 0 }));
}

function amounts(shown: Itemized, itemized: boolean): Pick<ItemInput, 'amount' | 'fixedDiscounts'> {
  return itemized ? { amount: shown.amount, fixedDiscounts: shown.discounts } : { amount: shown.amount };
}

function sum(parts: DiscountAmount[]): number {
  return parts.reduce((total, part) => total + part.amount, 0);
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
