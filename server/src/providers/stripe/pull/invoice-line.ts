import { z } from 'zod';
import type { InvoiceLineInput } from '../../../invoices/index.ts';
import { amount, decimalOrNull, flag, instantOrNull, referenceOrNull, sumOf, text } from './fields.ts';

const itemDetails = z.object({ subscription_item: referenceOrNull, proration: flag }).nullish();

/** A line of an invoice as far as we read it. */
export const lineSchema = z.object({
  id: z.string(),
  amount,
  description: text,
  quantity: decimalOrNull,
  quantity_decimal: decimalOrNull,
  period: z.object({ start: instantOrNull, end: instantOrNull }).nullish(),
  pricing: z
    .object({ unit_amount_decimal: decimalOrNull, price_details: z.object({ price: referenceOrNull, product: referenceOrNull }).nullish() })
    .nullish(),
  parent: z
    .object({ type: text, subscription_item_details: itemDetails, invoice_item_details: z.object({ proration: flag }).nullish() })
    .nullish(),
  discount_amounts: z.array(z.object({ amount })).nullish(),
  taxes: z.array(z.object({ amount })).nullish(),
});
type Body = z.output<typeof lineSchema>;

/** A line of a Stripe invoice in our words. */
export function toLine(line: Body): InvoiceLineInput {
  return {
    stripeLineId: line.id,
    kind: kindOf(line),
    description: line.description,
    stripeProductId: line.pricing?.price_details?.product ?? null,
    stripePriceId: line.pricing?.price_details?.price ?? null,
    stripeItemId: line.parent?.subscription_item_details?.subscription_item ?? null,
    serviceStart: line.period?.start ?? null,
    serviceEnd: line.period?.end ?? null,
    quantity: line.quantity_decimal ?? line.quantity,
    unitAmountDecimal: line.pricing?.unit_amount_decimal ?? null,
    amount: line.amount,
    discountAmount: sumOf(line.discount_amounts),
    taxAmount: sumOf(line.taxes),
  };
}

function kindOf(line: Body): string {
  const ofItem = line.parent?.subscription_item_details;
  if (ofItem?.proration || line.parent?.invoice_item_details?.proration) return line.amount < 0n ? 'proration_credit' : 'proration_charge';
  if (ofItem) return 'base';
  return line.amount < 0n ? 'credit' : 'one_off';
}
