/** Exits (P6, C3): a transition that makes a waiting mail untrue calls it off in the same transaction. */
import type { Ctx } from '../../kit/context.ts';
import type { AnnouncedEvent, Subscriber } from '../../kit/events.ts';
import { cancelMessages } from './end.ts';

export const exits: readonly Subscriber[] = [
  exit('invoice.payment_succeeded', 'a paid invoice needs no failure mail', (e) => ({
    subject: invoiceOf(e),
    triggers: ['payment.failed'],
    reason: 'paid',
  })),
  exit('invoice.voided', 'a voided invoice needs no failure mail', (e) => ({
    subject: invoiceOf(e),
    triggers: ['payment.failed'],
    reason: 'voided',
  })),
  exit('invoice.marked_uncollectible', 'an invoice given up needs no failure mail', (e) => ({
    subject: invoiceOf(e),
    triggers: ['payment.failed'],
    reason: 'uncollectible',
  })),
  exit('subscription.canceled', 'an ended subscription is neither renewed nor welcomed', (e) => ({
    subject: e.objectId,
    triggers: ['subscription.created', 'subscription.renewing', 'trial.ending'],
    reason: 'subscription_canceled',
  })),
  exit('subscription.cancel_scheduled', 'a subscription that ends is not announced to renew', (e) => ({
    subject: e.objectId,
    triggers: ['subscription.renewing', 'trial.ending'],
    reason: 'cancel_scheduled',
  })),
  exit('customer.archived', 'a customer who is gone gets no mail', (e) => ({ customer: e.objectId, reason: 'customer_deleted' })),
];

type Scope = { subject?: string; customer?: string; triggers?: string[]; reason: string };

function exit(event: string, why: string, scopeOf: (event: AnnouncedEvent) => Scope): Subscriber {
  return { event, by: 'emails', why, run: (tx, announced) => callOff(tx, scopeOf(announced)) };
}

const invoiceOf = (event: AnnouncedEvent) => String(event.data.invoice_id ?? event.objectId);

async function callOff(tx: Ctx, scope: Scope): Promise<void> {
  let query = tx.db
    .selectFrom('email_messages')
    .select('id')
    .where('environment_id', '=', tx.environmentId)
    .where('status', 'in', ['planned', 'held', 'ready']);
  if (scope.subject !== undefined) query = query.where('subject_id', '=', scope.subject);
  if (scope.customer !== undefined) query = query.where('customer_id', '=', scope.customer);
  if (scope.triggers) query = query.where('trigger', 'in', scope.triggers);
  const rows = await query.execute();
  await cancelMessages(
    tx,
    rows.map((row) => ({ id: row.id, reason: scope.reason })),
  );
}
