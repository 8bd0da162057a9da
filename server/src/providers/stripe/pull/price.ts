import { z } from 'zod';
import { decimalOrNull, flag, reference, text } from './fields.ts';
import { read } from './unreadable.ts';

const intervals = z.enum(['day', 'week', 'month', 'year']);

/** A price as it stands inside items and lines, and by itself. */
export const priceSchema = z.object({
  id: z.string(),
  product: reference,
  currency: text,
  active: flag,
  nickname: text,
  unit_amount_decimal: decimalOrNull,
  billing_scheme: text,
  recurring: z.object({ interval: intervals, interval_count: z.number().int(), usage_type: text }).nullish(),
});
export type PriceBody = z.output<typeof priceSchema>;

export type Price = {
  stripeId: string;
  stripeProductId: string;
  nickname: string | null;
  currency: string | null;
  /** Minor units, decimal text; null for tiered prices. */
  unitAmountDecimal: string | null;
  interval: 'day' | 'week' | 'month' | 'year' | null;
  intervalCount: number | null;
  metered: boolean;
  active: boolean;
};

/** A Stripe price in our words. */
export function toPrice(body: unknown): Price {
  return ofPrice(read('price', priceSchema, body));
}

/** The same for a price that another schema has already read. */
export function ofPrice(price: PriceBody): Price {
  return {
    stripeId: price.id,
    stripeProductId: price.product,
    nickname: price.nickname,
    currency: price.currency,
    unitAmountDecimal: price.billing_scheme === 'tiered' ? null : price.unit_amount_decimal,
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? null,
    metered: price.recurring?.usage_type === 'metered',
    active: price.active,
  };
}
