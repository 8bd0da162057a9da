import { type Announcement, differences, isTerminal, previousValues, wayTo, wireValue } from '../customers/index.ts';
import type { Payment, Refund, RefundInput, RefundStatus } from './payment.ts';
import { REFUND_TRANSITIONS } from './status.ts';

export type RefundDecision = { patch: Partial<Refund>; way: RefundStatus[]; announcements: Announcement[] };

/** Compares a report with the refund it is about (null: first sight); `payment` is what it returns, when that is known here. */
export function decideRefund(before: Refund | null, input: RefundInput, payment: Payment | null): RefundDecision {
  if (before && isTerminal(REFUND_TRANSITIONS, before.status) && input.status !== before.status)
    return { patch: {}, way: [], announcements: [] };
  const way = before ? wayTo(REFUND_TRANSITIONS, before.status, input.status) : [];
  const status = before && way === null ? before.status : input.status;
  const facts: Partial<Refund> = {
    paymentId: payment?.id ?? before?.paymentId ?? null,
    invoiceId: payment?.invoiceId ?? before?.invoiceId ?? null,
    customerId: payment?.customerId ?? before?.customerId ?? input.customerId,
    connectionId: input.connectionId,
    stripeId: input.stripeId,
    stripeChargeId: input.stripeChargeId,
    stripePaymentIntentId: input.stripePaymentIntentId,
    amount: input.amount,
    paymentAmount: payment?.amount ?? before?.paymentAmount ?? null,
    currency: input.currency,
    reason: input.reason,
    method: input.method,
    status,
    failureReason: input.failureReason,
  };
  const patch = before ? differences<Refund>(before, facts) : facts;
  return { patch, way: way ?? [], announcements: announcementsOf(before, { ...before, ...facts } as Refund, patch) };
}

function announcementsOf(before: Refund | null, after: Refund, patch: Partial<Refund>): Announcement[] {
  if (Object.keys(patch).length === 0) return [];
  const data = {
    amount: wireValue(after.amount),
    payment_amount: wireValue(after.paymentAmount),
    currency: after.currency,
    status: after.status,
    reason: after.reason,
    failure_reason: after.failureReason,
  };
  const told: Announcement[] = before === null ? [{ type: 'refund.created', key: '', data }] : [];
  const entered = before?.status !== after.status;
  if (entered && after.status === 'succeeded') told.push({ type: 'refund.succeeded', key: '', data });
  else if (entered && after.status === 'failed') told.push({ type: 'refund.failed', key: '', data });
  else if (before) told.push({ type: 'refund.updated', key: String(before.rev + 1n), data, previous: previousValues(before, patch) });
  return told;
}
