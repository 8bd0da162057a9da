import { z } from 'zod';
import type { DisputeInput } from '../../../payments/index.ts';
import { amount, currency, instant, instantOrNull, reference, referenceOrNull, text } from './fields.ts';
import { read } from './unreadable.ts';

const schema = z.object({
  id: z.string(),
  created: instant,
  amount,
  currency,
  charge: reference,
  payment_intent: referenceOrNull,
  reason: text,
  status: z.string(),
  evidence_details: z.object({ due_by: instantOrNull }).nullish(),
});

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId';
export type DisputeFacts = Omit<DisputeInput, Known>;

/** A Stripe dispute in our words. */
export function toDispute(body: unknown): DisputeFacts {
  const dispute = read('dispute', schema, body);
  return {
    stripeId: dispute.id,
    chargeId: dispute.charge,
    stripePaymentIntentId: dispute.payment_intent,
    amount: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    dueBy: dispute.evidence_details?.due_by ?? null,
    createdAt: dispute.created,
  };
}
