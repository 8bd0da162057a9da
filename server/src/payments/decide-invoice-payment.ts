import { type Announcement, differences, wayTo, wireValue } from '../customers/index.ts';
import { type Invoice, isSettled, type PaymentDetail } from '../invoices/index.ts';
import type { InvoicePaymentInput, Payment } from './payment.ts';
import { PAYMENT_TRANSITIONS } from './status.ts';

/** What a report changes; `way` are the statuses to pass through, the new one last. */
export type PaymentDecision = { patch: Partial<Payment>; way: PaymentDetail[]; announcements: Announcement[] };

/**
 * Compares a report of an issued invoice's payment with its row (null: first sight). `succeeded` absorbs. A failure is announced
 * once per attempt, whichever report shows it: the attempt is known by its charge, or by the count of the schedule.
 */
export function decideInvoicePayment(before: Payment | null, invoice: Invoice, input: InvoicePaymentInput): PaymentDecision {
  const wanted = before?.status === 'succeeded' ? 'succeeded' : statusOf(before, invoice, input);
  const way = before ? wayTo(PAYMENT_TRANSITIONS, before.status, wanted) : [];
  const status = before && way === null ? before.status : wanted;
  const fresh = isNewAttempt(before, input);
  const facts = factsOf(before, invoice, input, { status, fresh });
  const patch = before ? differences<Payment>(before, facts) : facts;
  return { patch, way: way ?? [], announcements: announcementsOf(before, invoice, { ...before, ...facts } as Payment, fresh) };
}

/** What the payment is, given what is still due: money for a part is not success, and nothing due is, whoever settled it. */
function statusOf(before: Payment | null, invoice: Invoice, input: InvoicePaymentInput): PaymentDetail {
  if (isSettled(invoice)) return 'succeeded';
  if (invoice.status === 'voided') return before?.status ?? 'pending';
  if (input.status === 'succeeded') return 'partially_paid';
  return input.status;
}

/** A charge we did not know, or a step of the schedule; a charge that only completes what we know of the last attempt is none. */
function isNewAttempt(before: Payment | null, input: InvoicePaymentInput): boolean {
  if (before === null) return true;
  if (input.attemptCount > before.attemptCount) return true;
  if (input.latestChargeId === null || input.latestChargeId === before.latestChargeId) return false;
  return before.latestChargeId !== null || before.status !== 'failed';
}

function factsOf(
  before: Payment | null,
  invoice: Invoice,
  input: InvoicePaymentInput,
  now: { status: PaymentDetail; fresh: boolean },
): Partial<Payment> {
  const failed = now.status === 'succeeded' ? null : input.error;
  return {
    invoiceId: invoice.id,
    customerId: invoice.customerId,
    connectionId: input.connectionId,
    stripeId: input.stripePaymentIntentId ?? before?.stripeId ?? null,
    stripeStatus: input.stripeStatus,
    status: now.status,
    amount: invoice.totalAmount - invoice.creditedAmount,
    currency: invoice.currency,
    automatic: input.automatic ?? automaticOf(before, invoice, input, now.fresh),
    attemptCount: Math.max(input.attemptCount, before?.attemptCount ?? 0),
    lastError: failed,
    declineCode: failed ? (failed.declineCode ?? failed.code) : null,
    paymentMethod: input.paymentMethod ?? before?.paymentMethod ?? null,
    nextRetryAt: input.nextAttemptAt,
    succeededAt: now.status === 'succeeded' ? (before?.succeededAt ?? input.succeededAt ?? invoice.paidAt) : null,
    latestChargeId: input.latestChargeId ?? before?.latestChargeId ?? null,
    receiptUrl: input.receiptUrl ?? before?.receiptUrl ?? null,
  };
}

/** The schedule charged: Stripe counts its own attempts, and none of those that a person makes after the first. */
function automaticOf(before: Payment | null, invoice: Invoice, input: InvoicePaymentInput, fresh: boolean): boolean {
  if (invoice.collectionMethod !== 'charge_automatically' || invoice.outOfBand) return false;
  if (before === null) return true;
  return fresh ? input.attemptCount > before.attemptCount : before.automatic;
}

function announcementsOf(before: Payment | null, invoice: Invoice, after: Payment, fresh: boolean): Announcement[] {
  const entered = before?.status !== after.status;
  const attempt = after.latestChargeId ?? `attempt-${after.attemptCount}`;
  const shared = { attempt: after.attemptCount, automatic: after.automatic, first_invoice: isFirst(invoice) };
  if (after.status === 'succeeded' && entered)
    return [{ type: 'invoice.payment_succeeded', key: '', data: { ...shared, ...success(before, invoice, after) } }];
  if (after.status === 'failed' && (entered || fresh))
    return [{ type: 'invoice.payment_failure', key: attempt, data: { ...shared, ...failure(after) } }];
  if (after.status === 'requires_action' && (entered || fresh)) {
    return [{ type: 'invoice.payment_action_required', key: `${after.stripeId}:${attempt}`, data: { ...shared, ...failure(after) } }];
  }
  return entered && before
    ? [{ type: 'invoice.payment_status_updated', key: String(before.rev + 1n), data: { ...shared, from: before.status, to: after.status } }]
    : [];
}

function isFirst(invoice: Invoice): boolean {
  return invoice.billingReason === 'subscription_create';
}

function success(before: Payment | null, invoice: Invoice, after: Payment): Record<string, unknown> {
  return {
    paid_amount: wireValue(invoice.paidAmount),
    first: isFirst(invoice),
    out_of_band: invoice.outOfBand,
    // RT-8: money that came after a failure.
    recovered: before?.lastError != null && invoice.paidAmount > 0n,
    stripe_payment_intent_id: after.stripeId,
    stripe_charge_id: after.latestChargeId,
  };
}

function failure(after: Payment): Record<string, unknown> {
  return {
    error_code: after.lastError?.code ?? null,
    decline_code: after.declineCode,
    advice: after.lastError?.adviceCode ?? null,
    next_attempt_at: wireValue(after.nextRetryAt),
    provider: 'stripe',
    stripe_payment_intent_id: after.stripeId,
    stripe_charge_id: after.latestChargeId,
  };
}
