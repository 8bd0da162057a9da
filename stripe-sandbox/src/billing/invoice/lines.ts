/** Invoice lines as Stripe shows them. They live inside their invoice. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { DiscountAmount } from '../discounts/apply.ts';
import type { Period } from '../subscription/period.ts';
import { formatDecimal, ONE, parseDecimal, share } from './decimal.ts';
import { type PricedLine, priceLines } from './line-amounts.ts';
import { formatMoney } from './money.ts';

export type LineDraft = {
  /** Minor units, before discounts and exclusive tax. */
  amount: number;
  description: string | null;
  discountable: boolean;
  period: Period;
  price: { price: string; product: string } | null;
  unitAmountDecimal: string | null;
  /** Usage may be a decimal string. */
  quantity: number | string | null;
  /** `invoice_item_details` or `subscription_item_details`, without the type. */
  parent: { type: 'invoice_item_details' | 'subscription_item_details'; details: Params };
  metadata: Params;
  /** Line-level discounts, `di_…`. */
  discounts: string[];
  /** Line-level tax rates, `txr_…`; empty = the invoice's defaults. */
  taxRates: string[];
  /** Of the item itself, for automatic tax; else its price and product say it. */
  taxBehavior?: string | null;
  taxCode?: string | null;
  subscription: string | null;
  /** What a metered line counts; kept with the draft, so that late usage can still be counted. */
  usage?: UsageSpan;
  /** What discounts take off, where that is settled already: itemized prorations. */
  fixedDiscounts?: DiscountAmount[];
};

/** A metered line's question to the meter: what did this customer use in [from, to)? `quantity`: the answer when last asked. */
export type UsageSpan = {
  item: string;
  price: string;
  meter: string;
  customer: string;
  from: number;
  to: number;
  tiersFrom?: number;
  quantity: string;
};

/** Adds lines to a draft; sums follow with `recalculate`. */
export function addLines(tx: Tx, invoice: Doc, drafts: LineDraft[]): void {
  for (const draft of drafts) {
    const line = lineDoc(tx, invoice, draft);
    invoice.lines.data.push(line);
    if (draft.usage !== undefined) invoice._usage = { ...(invoice._usage ?? {}), [line.id]: draft.usage };
    if (draft.taxRates.length > 0) invoice._line_taxes = { ...(invoice._line_taxes ?? {}), [line.id]: draft.taxRates };
    if (draft.fixedDiscounts !== undefined)
      invoice._line_discounts = { ...(invoice._line_discounts ?? {}), [line.id]: draft.fixedDiscounts };
  }
  invoice.lines.total_count = invoice.lines.data.length;
}

/** Puts other content in the place of a line; its id and its place stay. */
export function replaceLine(tx: Tx, invoice: Doc, id: string, draft: LineDraft): void {
  const index = invoice.lines.data.findIndex((line: Doc) => line.id === id);
  if (index < 0) return;
  invoice.lines.data[index] = { ...lineDoc(tx, invoice, draft), id };
  const { [id]: _former, ...others } = invoice._line_taxes ?? {};
  invoice._line_taxes = draft.taxRates.length > 0 ? { ...others, [id]: draft.taxRates } : others;
}

function lineDoc(tx: Tx, invoice: Doc, draft: LineDraft): Params {
  return {
    id: tx.newId('il'),
    object: 'line_item',
    amount: draft.amount,
    currency: invoice.currency,
    description: draft.description,
    discount_amounts: [],
    discountable: draft.discountable,
    discounts: draft.discounts,
    invoice: invoice.id,
    livemode: false,
    metadata: draft.metadata,
    parent: {
      invoice_item_details: draft.parent.type === 'invoice_item_details' ? draft.parent.details : null,
      subscription_item_details: draft.parent.type === 'subscription_item_details' ? draft.parent.details : null,
      type: draft.parent.type,
    },
    period: { end: draft.period.end, start: draft.period.start },
    pretax_credit_amounts: [],
    pricing: {
      ...(draft.price === null ? {} : { price_details: draft.price }),
      type: 'price_details',
      unit_amount_decimal: draft.unitAmountDecimal,
    },
    quantity: draft.quantity === null ? null : Math.trunc(Number(draft.quantity)),
    quantity_decimal: draft.quantity === null ? null : formatDecimal(parseDecimal(draft.quantity)),
    subscription: draft.subscription,
    subtotal: draft.amount,
    taxes: [],
    _tax_behavior: draft.taxBehavior ?? null,
    _tax_code: draft.taxCode ?? null,
  };
}

/** The lines of one subscription item for a full period: `2 × Pro (at $50.00 / month)`, one per tier. */
export function itemLines(input: { subscription: Doc; item: Doc; product: Doc; price: Doc; period: Period }): LineDraft[] {
  const { subscription, item, product, price, period } = input;
  return priceLines(price, item.quantity ?? 1).map((line) => ({
    ...itemLineBase(subscription, item, period),
    amount: line.amount,
    description: describe(line, product, price),
    unitAmountDecimal: line.unitAmountDecimal,
    quantity: line.quantity,
  }));
}

/** A line for a part of its period only: up to `end`, to the second. */
export function shortened(line: LineDraft, end: number): LineDraft {
  const { period, parent } = line;
  return {
    ...line,
    amount: share(line.amount, end - period.start, period.end - period.start),
    period: { start: period.start, end },
    unitAmountDecimal: null,
    parent: { ...parent, details: { ...parent.details, proration: true } },
  };
}

/** `Trial period for Pro`, amount 0 [S 3.1]. */
export function trialLine(input: { subscription: Doc; item: Doc; product: Doc; period: Period }): LineDraft {
  return {
    ...itemLineBase(input.subscription, input.item, input.period),
    amount: 0,
    description: `Trial period for ${input.product.name}`,
    unitAmountDecimal: '0',
    quantity: input.item.quantity ?? null,
  };
}

/** Everything of an item's line that does not depend on its amount. */
export function itemLineBase(subscription: Doc, item: Doc, period: Period) {
  return {
    discountable: true,
    period,
    price: { price: item.price.id, product: item.price.product },
    parent: {
      type: 'subscription_item_details' as const,
      details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
    },
    metadata: { ...(item.metadata ?? {}) },
    discounts: [...(item.discounts ?? [])],
    taxRates: (item.tax_rates ?? []).map((rate: Doc) => rate.id),
    subscription: subscription.id,
  };
}

/** What a line says: quantity, product, tier, unit price, interval. */
export function describe(line: PricedLine, product: Doc, price: Doc): string {
  const { interval, interval_count: count } = price.recurring;
  const every = count === 1 ? interval : `every ${count} ${interval}s`;
  const unit = product.unit_label ? ` ${product.unit_label}${line.quantityDecimal === '1' ? '' : 's'}` : '';
  const scaled = line.unitAmountDecimal === null ? BigInt(line.amount) * ONE : parseDecimal(line.unitAmountDecimal);
  const money = formatMoney(scaled, price.currency);
  const tier = line.tier === null ? '' : `Tier ${line.tier} `;
  const per = count === 1 ? `/ ${every}` : every;
  if (line.flat) return `${product.name} (${tier}at ${money} ${per})`;
  return `${line.quantityDecimal}${unit} × ${product.name} (${tier}at ${money} ${per})`;
}
