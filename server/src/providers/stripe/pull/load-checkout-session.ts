import { z } from 'zod';
import { isFailure } from '../failure.ts';
import { referenceOrNull } from './fields.ts';
import { load } from './load.ts';
import type { Fetched, Source, Target } from './source.ts';

const schema = z.object({
  id: z.string(),
  customer: referenceOrNull,
  subscription: referenceOrNull,
  invoice: referenceOrNull,
  payment_intent: referenceOrNull,
});

/** What a Checkout made: customer, subscription, invoice, payment, each read by itself. Nothing where the session is gone. */
export async function loadCheckoutSession(source: Source, sessionId: string): Promise<Fetched[]> {
  const session = await source.api.get(`/v1/checkout/sessions/${encodeURIComponent(sessionId)}`, schema).catch((error: unknown) => {
    if (isFailure(error, 'missing')) return null;
    throw error;
  });
  if (session === null) return [];
  const made: (Target | null)[] = [
    session.customer === null ? null : { type: 'customer', id: session.customer },
    session.subscription === null ? null : { type: 'subscription', id: session.subscription },
    session.invoice === null ? null : { type: 'invoice', id: session.invoice },
    session.payment_intent === null || session.invoice !== null ? null : { type: 'payment_intent', id: session.payment_intent },
  ];
  const loaded: Fetched[] = [];
  for (const target of made) loaded.push(...(await load(source, target)));
  return loaded;
}
