import type { Doc, Tx } from '../../kernel/types.ts';
import { stopAdvancing, voidInvoice } from '../invoice/void.ts';
import { subscriptionUpdated } from './announce.ts';
import { scheduleSubscription } from './schedule.ts';
import { moveTo } from './status.ts';

export type EndReason = 'cancellation_requested' | 'payment_failed' | 'payment_disputed' | null;

/**
 * Ends a subscription: canceled now, no further period, its unpaid invoices stop advancing [S 3.1]. Emits customer.subscription.deleted.
 */
export async function endSubscription(tx: Tx, input: { subscription: Doc; reason: EndReason }): Promise<void> {
  const { subscription, reason } = input;
  const now = tx.now(subscription);
  moveTo(subscription, 'canceled');
  subscription.canceled_at = subscription.canceled_at ?? now;
  subscription.ended_at = now;
  subscription.pause_collection = null;
  subscription.cancellation_details = {
    comment: null,
    feedback: null,
    feedback_option: null,
    ...(subscription.cancellation_details ?? {}),
    reason: reason ?? subscription.cancellation_details?.reason ?? null,
  };
  const unpaid = await tx.query({ object: 'invoice', where: { subscription: subscription.id, status: ['open', 'draft'] } });
  for (const invoice of unpaid) if (invoice._final !== true) stopAdvancing(tx, invoice);
  scheduleSubscription(tx, subscription);
  tx.put(subscription);
  tx.emit('customer.subscription.deleted', subscription);
  await tx.announce('subscription.updated', { subscription });
}

/** incomplete → incomplete_expired, told by customer.subscription.updated with `canceled_at` set; terminal [S 3.1]. */
export async function expireIncomplete(tx: Tx, subscription: Doc): Promise<void> {
  const now = tx.now(subscription);
  moveTo(subscription, 'incomplete_expired');
  subscription.canceled_at = now;
  subscription.ended_at = now;
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
}

/** 23 hours without the first payment: the open invoice is voided, then the subscription expires. */
export async function expireUnpaidFirst(tx: Tx, subscription: Doc): Promise<void> {
  const invoice = subscription.latest_invoice === null ? undefined : await tx.get(subscription.latest_invoice, { object: 'invoice' });
  if (invoice?.status === 'open') await voidInvoice(tx, { invoice, followSubscription: false });
  await expireIncomplete(tx, subscription);
}
