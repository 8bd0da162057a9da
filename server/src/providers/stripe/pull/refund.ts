import { z } from 'zod';
import type { RefundInput, RefundStatus } from '../../../payments/index.ts';
import { amount, currency, instant, referenceOrNull, text } from './fields.ts';
import { read } from './unreadable.ts';

const schema = z.object({
  id: z.string(),
  created: instant,
  amount,
  currency,
  charge: referenceOrNull,
  payment_intent: referenceOrNull,
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']).nullish(),
  reason: text,
  failure_reason: text,
  destination_details: z.object({ type: text }).nullish(),
});

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId' | 'customerId';
export type RefundFacts = Omit<RefundInput, Known>;

/** A Stripe refund in our words. A refund without a status (very old ones) had already happened. */
export function toRefund(body: unknown): RefundFacts {
  const refund = read('refund', schema, body);
  const status: RefundStatus = refund.status ?? 'succeeded';
  return {
    stripeId: refund.id,
    stripeChargeId: refund.charge,
    stripePaymentIntentId: refund.payment_intent,
    amount: refund.amount,
    currency: refund.currency,
    status,
    reason: refund.reason,
    method: refund.destination_details?.type ?? null,
    failureReason: refund.failure_reason,
    createdAt: refund.created,
  };
}
