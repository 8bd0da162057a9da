import { z } from 'zod';
import { flag, metadata, referenceOrNull, text } from './fields.ts';
import { read } from './unreadable.ts';

const schema = z.object({ id: z.string(), name: z.string(), description: text, active: flag, metadata, default_price: referenceOrNull });

export type Product = { stripeId: string; name: string; description: string | null; active: boolean; defaultPriceId: string | null };

/** A Stripe product in our words. */
export function toProduct(body: unknown): Product {
  const product = read('product', schema, body);
  return {
    stripeId: product.id,
    name: product.name,
    description: product.description,
    active: product.active,
    defaultPriceId: product.default_price,
  };
}
