import { z } from 'zod';
import { reference } from './fields.ts';
import type { Source } from './source.ts';

const schema = z.object({ data: z.array(z.object({ invoice: reference })) });

/** The invoice a PaymentIntent pays; null where it stands for itself. Stripe names it only in the list of invoice payments. */
export async function invoiceOfIntent(source: Source, intentId: string): Promise<string | null> {
  const query = { limit: 1, payment: { type: 'payment_intent', payment_intent: intentId } };
  const list = await source.api.get('/v1/invoice_payments', schema, query);
  return list.data[0]?.invoice ?? null;
}
