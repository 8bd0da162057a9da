/** What must hold for a message to go out (P6): asked when it is prepared and again, on fresh rows, after the claim. Pure. */
import { isOpenAndFailed } from '../occurrences/conditions.ts';
import type { Records } from '../queries/records.ts';
import { isSendableAddress } from './address.ts';

export type Verdict = { kind: 'go' } | { kind: 'cancel' | 'expire' | 'suppress'; reason: string };
export type Guarded = {
  trigger: string;
  occurrence: string;
  variant: string;
  to_address: string | null;
  expires_at: Temporal.Instant | null;
};

const GO: Verdict = { kind: 'go' };

export function guard(message: Guarded, records: Records, now: Temporal.Instant): Verdict {
  const { customer } = records;
  if (!customer || customer.deleted_in_stripe_at || customer.erased_at || customer.status === 'archived')
    return { kind: 'cancel', reason: 'customer_deleted' };
  if (message.expires_at && Temporal.Instant.compare(message.expires_at, now) <= 0) return { kind: 'expire', reason: 'max_age' };
  if (!customer.email) return { kind: 'suppress', reason: 'no_address' };
  if (!isSendableAddress(customer.email)) return { kind: 'suppress', reason: 'invalid_address' };
  const reason = subjectReason(message, records, now);
  return reason ? { kind: 'cancel', reason } : GO;
}

/** Why the mail would be untrue now; null when it is still true. */
function subjectReason(message: Guarded, { subscription, invoice, payment, refund }: Records, now: Temporal.Instant): string | null {
  switch (message.trigger) {
    case 'subscription.created':
      return subscription?.status === 'active' || subscription?.status === 'in_trial' ? null : 'subscription_not_live';
    case 'subscription.canceled':
      return subscription?.status === 'canceled' ? null : 'subscription_not_canceled';
    case 'payment.failed':
      if (!invoice) return 'invoice_gone';
      if (subscription?.status === 'canceled' || subscription?.status === 'expired') return 'subscription_canceled';
      return isOpenAndFailed(invoice) ? null : `invoice_${invoice.payment_detail === 'failed' ? invoice.status : invoice.payment_detail}`;
    case 'subscription.renewing':
      return dateReason(subscription, subscription?.period_end ?? null, message, now);
    case 'trial.ending':
      return subscription?.status === 'in_trial' ? dateReason(subscription, subscription.trial_end, message, now) : 'not_in_trial';
    case 'payment.received':
      return (message.variant === 'one_off' ? payment?.status : invoice?.payment_detail) === 'succeeded' ? null : 'not_paid';
    case 'refund.completed':
      return refund?.status === 'succeeded' ? null : 'refund_not_succeeded';
    default:
      return 'unknown_trigger';
  }
}

function dateReason(
  subscription: Records['subscription'],
  date: Temporal.Instant | null,
  message: Guarded,
  now: Temporal.Instant,
): string | null {
  if (subscription?.status !== 'active' && subscription?.status !== 'in_trial') return 'subscription_not_live';
  if (subscription.cancel_at) return 'cancel_scheduled';
  if (subscription.paused_at) return 'paused';
  if (!date || Temporal.Instant.compare(date, now) <= 0) return 'date_passed';
  return Temporal.Instant.compare(date, Temporal.Instant.from(message.occurrence)) === 0 ? null : 'date_moved';
}
