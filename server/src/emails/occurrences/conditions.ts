/** When each of the seven triggers fires and when it does not (email.md 3, E1–E7). Pure: rows and event data in, a decision out. */
import type { InvoiceRow, PaymentRow, RefundRow, SubscriptionRow } from '../queries/records.ts';

export type Occurrence = { trigger: string; variant: string; objectType: string; objectId: string; occurrence: string };

/** Event data as the rooms announce it. */
export type EventFacts = Record<string, unknown>;

const BEFORE_LIFE = new Set<unknown>([null, undefined, 'not_started', 'payment_pending']);

/** E1: the status enters `active` or `in_trial` from nothing, `not_started` or `payment_pending`. */
export function subscriptionCreated(subscription: SubscriptionRow, event: EventFacts): Occurrence | null {
  if (subscription.status !== 'active' && subscription.status !== 'in_trial') return null;
  if (!BEFORE_LIFE.has(event.from)) return null;
  if (event.replaces_subscription_id) return null;
  return {
    trigger: 'subscription.created',
    variant: 'default',
    objectType: 'subscription',
    objectId: subscription.id,
    occurrence: 'created',
  };
}

/** E2: the status enters `canceled`; superseded by a plan change it stays silent. */
export function subscriptionCanceled(subscription: SubscriptionRow, event: EventFacts): Occurrence | null {
  if (subscription.status !== 'canceled' || subscription.status_reason === 'plan_changed') return null;
  const variant = ['requested', 'payment_failed', 'disputed'].find((name) => name === event.variant) ?? 'requested';
  return { trigger: 'subscription.canceled', variant, objectType: 'subscription', objectId: subscription.id, occurrence: 'canceled' };
}

/** E3: an automatic attempt on a finalized, unpaid invoice is known failed. Later failures of the invoice join the first (C1). */
export function paymentFailed(invoice: InvoiceRow, event: EventFacts): Occurrence | null {
  if (event.automatic !== true) return null;
  if (event.first_invoice === true || invoice.billing_reason === 'subscription_create') return null;
  if (invoice.collection_method !== 'charge_automatically') return null;
  if (!isOpenAndFailed(invoice)) return null;
  return { trigger: 'payment.failed', variant: 'default', objectType: 'invoice', objectId: invoice.id, occurrence: invoice.id };
}

/** Finalized, unpaid, and the last attempt known failed: not unknown, processing or waiting for the customer (C7). */
export function isOpenAndFailed(invoice: InvoiceRow): boolean {
  return (
    invoice.status === 'finalized' &&
    invoice.payment_detail === 'failed' &&
    invoice.uncollectible_at === null &&
    invoice.remaining_amount > 0n
  );
}

const SHORT_PERIOD_DAYS = 7;
const DAY_MS = 24 * 3600 * 1000;

/** E4: when the renewal mail of a subscription is due; null when none is. */
export function renewalDue(s: SubscriptionRow, leadDays: number): Temporal.Instant | null {
  if (s.status !== 'active' && s.status !== 'in_trial') return null;
  if (!s.period_start || !s.period_end || s.cancel_at || s.paused_at) return null;
  const periodDays = (s.period_end.epochMilliseconds - s.period_start.epochMilliseconds) / DAY_MS;
  if (periodDays <= SHORT_PERIOD_DAYS || periodDays <= leadDays + 1) return null;
  if (s.status === 'in_trial' && s.trial_end && Temporal.Instant.compare(s.trial_end, s.period_end) >= 0) return null;
  return s.period_end.subtract({ hours: leadDays * 24 });
}

/** E5: when the trial's mail is due; null when none is. */
export function trialEndingDue(s: SubscriptionRow, leadDays: number): Temporal.Instant | null {
  if (s.status !== 'in_trial' || !s.trial_end || s.cancel_at) return null;
  return s.trial_end.subtract({ hours: leadDays * 24 });
}

const TOO_SHORT_HOURS = 12;

/** E5: a trial that ends within 12 hours gets no announcement of it. */
export function trialEndsTooSoon(trialEnd: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(trialEnd, now.add({ hours: TOO_SHORT_HOURS })) <= 0;
}

/** E6: an invoice's payment succeeded with money; recorded by hand only when the flow allows it (decided by the route's flow). */
export function invoicePaid(invoice: InvoiceRow, event: EventFacts): Occurrence | null {
  if (invoice.payment_detail !== 'succeeded' || invoice.paid_amount <= 0n) return null;
  if (amountOf(event.paid_amount) === 0n) return null;
  return { trigger: 'payment.received', variant: 'default', objectType: 'invoice', objectId: invoice.id, occurrence: invoice.id };
}

/** E6: a payment without invoice succeeded. */
export function paymentSucceeded(payment: PaymentRow): Occurrence | null {
  if (payment.invoice_id !== null || payment.status !== 'succeeded' || payment.amount <= 0n) return null;
  return { trigger: 'payment.received', variant: 'one_off', objectType: 'payment', objectId: payment.id, occurrence: payment.id };
}

/** E7: a refund entered `succeeded`. */
export function refundCompleted(refund: RefundRow): Occurrence | null {
  if (refund.status !== 'succeeded') return null;
  return { trigger: 'refund.completed', variant: 'default', objectType: 'refund', objectId: refund.id, occurrence: refund.id };
}

/** An amount of event data: an integer, or a text beyond 2^53; null where there is none. */
function amountOf(value: unknown): bigint | null {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value)) ? BigInt(value) : null;
}
