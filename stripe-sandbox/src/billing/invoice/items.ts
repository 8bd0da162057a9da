/** Invoice items: amounts waiting for an invoice, or put on a draft by hand. */
import type { Doc, Tx } from '../../kernel/types.ts';
import type { DiscountAmount } from '../discounts/apply.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { addLines, type LineDraft } from './lines.ts';
import { putUndated } from './undated.ts';

export type ItemInput = {
  customer: Doc;
  subscription?: Doc | null;
  subscriptionItem?: string | null;
  invoice?: string | null;
  /** Minor units. */
  amount: number;
  currency: string;
  description: string | null;
  discountable?: boolean;
  discounts?: string[];
  metadata?: Record<string, string>;
  period?: { start: number; end: number };
  price?: { price: string; product: string } | null;
  unitAmountDecimal: string | null;
  quantity: number | string;
  proration?: boolean;
  prorationDetails?: {
    credited_items: { invoice: string; invoice_line_items: string[] } | null;
    /** A credited debit that is on no invoice yet. */
    invoice_item?: string | null;
    discount_amounts?: DiscountAmount[];
  };
  /** `proration_discounts: itemized`: `amount` is before discounts, these are taken off it on the invoice. */
  fixedDiscounts?: DiscountAmount[];
  taxRates?: Doc[];
  taxBehavior?: string | null;
  taxCode?: string | null;
};

/** A new invoice item: stored and announced (invoiceitem.created). */
export function createItem(tx: Tx, input: ItemInput): Doc {
  const { customer, subscription } = input;
  const now = tx.now(customer);
  const quantityDecimal = formatDecimal(parseDecimal(input.quantity));
  const item = tx.make(
    'invoiceitem',
    'ii',
    {
      amount: input.amount,
      currency: input.currency,
      customer: customer.id,
      date: now,
      description: input.description,
      discountable: input.discountable ?? true,
      discounts: input.discounts ?? [],
      invoice: input.invoice ?? null,
      metadata: input.metadata ?? {},
      net_amount: input.amount - (input.fixedDiscounts ?? []).reduce((sum, part) => sum + part.amount, 0),
      parent:
        subscription == null
          ? null
          : {
              subscription_details: {
                subscription: subscription.id,
                ...(input.subscriptionItem == null ? {} : { subscription_item: input.subscriptionItem }),
              },
              type: 'subscription_details',
            },
      period: input.period ?? { end: now, start: now },
      pricing: {
        ...(input.price == null ? {} : { price_details: input.price }),
        type: 'price_details',
        unit_amount_decimal: input.unitAmountDecimal,
      },
      proration: input.proration ?? false,
      ...(input.proration === true ? { proration_details: creditDetails(input) } : {}),
      quantity: Math.trunc(Number(quantityDecimal)),
      quantity_decimal: quantityDecimal,
      tax_rates: input.taxRates ?? [],
      test_clock: customer.test_clock ?? null,
      // Pending items are found by this column.
      _ref: input.invoice == null ? pendingRef(customer.id) : null,
      _credited: input.prorationDetails?.credited_items ?? null,
      _fixed_discounts: input.fixedDiscounts,
      _tax_behavior: input.taxBehavior ?? null,
      _tax_code: input.taxCode ?? null,
    },
    customer,
  );
  putUndated(tx, item);
  tx.emit('invoiceitem.created', item);
  return item;
}

/** Items of a customer that wait for an invoice: those of the subscription and those of no subscription; oldest first. */
export async function pendingItems(
  tx: Tx,
  input: { customer: string; subscription: string | null; currency: string; onlySubscription?: boolean },
): Promise<Doc[]> {
  return tx.query({
    object: 'invoiceitem',
    where: { ref: pendingRef(input.customer) },
    order: 'oldest',
    filter: (item) => {
      const of = item.parent?.subscription_details?.subscription ?? null;
      const mine = of === input.subscription || (of === null && input.onlySubscription !== true);
      return item.currency === input.currency && mine;
    },
  });
}

/** Moves items onto a draft as lines, after what is there. Sums follow with `recalculate`. */
export function attachItems(tx: Tx, invoice: Doc, items: Doc[]): void {
  for (const item of items) {
    addLines(tx, invoice, [lineOfItem(item)]);
    item.invoice = invoice.id;
    item._line = invoice.lines.data.at(-1).id;
    item._ref = null;
    tx.put(item);
  }
}

/** The line an invoice item makes. Prorations of a subscription item show as its lines, everything else as the item's own [S 3.4]. */
export function lineOfItem(item: Doc): LineDraft {
  const of = item.parent?.subscription_details;
  const details = {
    invoice_item: item.id,
    proration: item.proration,
    proration_details: { credited_items: item._credited ?? null },
    subscription: of?.subscription ?? null,
  };
  const onSubscriptionItem = item.proration && of?.subscription_item !== undefined;
  return {
    amount: item.amount,
    description: item.description,
    discountable: item.discountable,
    period: item.period,
    price: item.pricing?.price_details ?? null,
    unitAmountDecimal: item.proration ? null : (item.pricing?.unit_amount_decimal ?? null),
    quantity: item.quantity_decimal ?? item.quantity,
    parent: onSubscriptionItem
      ? { type: 'subscription_item_details', details: { ...details, subscription_item: of.subscription_item } }
      : { type: 'invoice_item_details', details },
    metadata: { ...item.metadata },
    discounts: [...(item.discounts ?? [])],
    taxRates: (item.tax_rates ?? []).map((rate: Doc) => rate.id),
    taxBehavior: item._tax_behavior ?? null,
    taxCode: item._tax_code ?? null,
    subscription: of?.subscription ?? null,
    ...(item._fixed_discounts === undefined ? {} : { fixedDiscounts: item._fixed_discounts }),
  };
}

/** Takes an item's line off its draft again. */
export function removeLine(invoice: Doc, item: Doc): void {
  invoice.lines.data = invoice.lines.data.filter((line: Doc) => line.id !== item._line);
  invoice.lines.total_count = invoice.lines.data.length;
}

/** The value of the index column by which a customer's pending items are found. */
export function pendingRef(customer: string): string {
  return `pending_${customer}`;
}

function creditDetails(input: ItemInput) {
  const { credited_items: credited = null, invoice_item: pending = null, discount_amounts = [] } = input.prorationDetails ?? {};
  const waiting = pending === null ? null : { invoice_item: pending, type: 'invoice_item' };
  return {
    credited_items: credited === null ? waiting : { invoice_line_item_details: credited, type: 'invoice_line_items' },
    discount_amounts,
  };
}
