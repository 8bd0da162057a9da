/** In-transaction subscribers: transitions become occurrences and timers (email.md P3, T1). Each reads the row as it now stands. */
import type { Ctx } from '../../kit/context.ts';
import type { AnnouncedEvent, Subscriber } from '../../kit/events.ts';
import { loadRecords, type Records } from '../queries/records.ts';
import {
  invoicePaid,
  type Occurrence,
  paymentFailed,
  paymentSucceeded,
  refundCompleted,
  subscriptionCanceled,
  subscriptionCreated,
} from './conditions.ts';
import { planTimers } from './plan-timers.ts';
import { writeOccurrence } from './write.ts';

type Decide = (records: Records, event: AnnouncedEvent) => Occurrence | null;

const created: Decide = ({ subscription }, event) => subscription && subscriptionCreated(subscription, event.data);
const canceled: Decide = ({ subscription }, event) => subscription && subscriptionCanceled(subscription, event.data);
const failed: Decide = ({ invoice }, event) => invoice && paymentFailed(invoice, event.data);
const paid: Decide = ({ invoice }, event) => invoice && invoicePaid(invoice, event.data);
const oneOff: Decide = ({ payment }) => payment && paymentSucceeded(payment);
const refunded: Decide = ({ refund }) => refund && refundCompleted(refund);

export const subscribers: readonly Subscriber[] = [
  on('subscription.created', 'a live subscription is welcomed; its renewal and trial mails are planned', created, true),
  on('subscription.activated', 'a subscription that waited for its payment is welcomed now', created, true),
  on('subscription.trial_started', 'a trial that waited is welcomed now', created, true),
  on('subscription.canceled', 'the customer is told; planned mails are called off', canceled, true),
  on('subscription.expired', 'planned mails are called off', () => null, true),
  on('subscription.period_moved', 'the renewal mail moves with the period', () => null, true),
  on('subscription.trial_end_moved', 'the trial mail moves with the trial', () => null, true),
  on('subscription.cancel_scheduled', 'a subscription that will not renew is not announced', () => null, true),
  on('subscription.cancel_unscheduled', 'a subscription that renews again is announced', () => null, true),
  on('subscription.paused', 'a paused subscription is not announced', () => null, true),
  on('subscription.resumed', 'a resumed subscription is announced', () => null, true),
  on('invoice.payment_failure', 'the customer is told that an automatic payment failed', failed, false),
  on('invoice.payment_succeeded', 'the customer gets a receipt', paid, false),
  on('payment.succeeded', 'the customer of a payment without invoice gets a receipt', oneOff, false),
  on('refund.succeeded', 'the customer is told of the refund', refunded, false),
];

function on(event: string, why: string, decide: Decide, plans: boolean): Subscriber {
  return { event, by: 'emails', why, run: (tx, announced) => listen(tx, announced, decide, plans) };
}

async function listen(tx: Ctx, event: AnnouncedEvent, decide: Decide, plans: boolean): Promise<void> {
  const customerId = String(event.data.customer_id ?? '');
  if (customerId === '') return;
  const records = (await loadRecords(tx, [subjectOf(event, customerId)]))(subjectOf(event, customerId));
  const historical = event.data.historical === true;
  if (plans && records.subscription) await planTimers(tx, records, { historical });
  // What an import, a first connect or a reconcile tells is history: nobody is written to about it (P13).
  if (historical) return;
  const occurrence = decide(records, event);
  if (!occurrence) return;
  const witnessAt = typeof event.data.witness_at === 'string' ? Temporal.Instant.from(event.data.witness_at) : null;
  await writeOccurrence(tx, occurrence, { customerId, eventId: event.id, witnessEventId: event.cause, witnessAt });
}

/** An event of a payment may be about its invoice: the ids in its data say so. */
function subjectOf(event: AnnouncedEvent, customerId: string) {
  const invoiceId = event.type.startsWith('invoice.')
    ? (event.data.invoice_id ?? (event.objectType === 'invoice' ? event.objectId : null))
    : null;
  return invoiceId ? { type: 'invoice', id: String(invoiceId), customerId } : { type: event.objectType, id: event.objectId, customerId };
}
