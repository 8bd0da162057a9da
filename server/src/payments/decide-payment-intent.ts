import { type Announcement, differences, wayTo, wireValue } from '../customers/index.ts';
import type { PaymentDecision } from './decide-invoice-payment.ts';
import type { Payment, PaymentIntentInput } from './payment.ts';
import { PAYMENT_TRANSITIONS } from './status.ts';

const CANCELED = 'canceled';

/** Compares a report of a PaymentIntent without invoice with its row (null: first sight). `succeeded` absorbs. */
export function decidePaymentIntent(before: Payment | null, input: PaymentIntentInput): PaymentDecision {
  const canceled = input.status === 'canceled';
  const wanted = input.status === 'canceled' ? 'failed' : input.status;
  const way = before ? wayTo(PAYMENT_TRANSITIONS, before.status, wanted) : [];
  const status = before && way === null ? before.status : wanted;
  const error =
    status === 'succeeded' ? null : canceled ? { code: CANCELED, declineCode: null, adviceCode: null, message: null } : input.error;
  const facts: Partial<Payment> = {
    customerId: input.customerId ?? before?.customerId ?? null,
    connectionId: input.connectionId,
    stripeId: input.stripeId,
    stripeStatus: input.stripeStatus,
    status,
    amount: input.amount,
    currency: input.currency,
    description: input.description,
    automatic: input.automatic,
    lastError: error,
    declineCode: error ? (error.declineCode ?? error.code) : null,
    paymentMethod: input.paymentMethod ?? before?.paymentMethod ?? null,
    succeededAt: status === 'succeeded' ? (before?.succeededAt ?? input.succeededAt) : null,
    latestChargeId: input.latestChargeId ?? before?.latestChargeId ?? null,
    receiptUrl: input.receiptUrl ?? before?.receiptUrl ?? null,
  };
  const patch = before ? differences<Payment>(before, facts) : facts;
  return { patch, way: way ?? [], announcements: announcementsOf(before, { ...before, ...facts } as Payment, patch) };
}

function announcementsOf(before: Payment | null, after: Payment, patch: Partial<Payment>): Announcement[] {
  const entered = before?.status !== after.status;
  const data = {
    amount: wireValue(after.amount),
    currency: after.currency,
    automatic: after.automatic,
    decline_code: after.declineCode,
    stripe_charge_id: after.latestChargeId,
  };
  if (after.status === 'succeeded' && entered) return [{ type: 'payment.succeeded', key: '', data }];
  if (after.status !== 'failed') return [];
  if (after.declineCode === CANCELED) return before?.declineCode === CANCELED ? [] : [{ type: 'payment.canceled', key: '', data }];
  if (!entered && !('latestChargeId' in patch)) return [];
  return [{ type: 'payment.failed', key: after.latestChargeId ?? String((before?.rev ?? 0n) + 1n), data }];
}
