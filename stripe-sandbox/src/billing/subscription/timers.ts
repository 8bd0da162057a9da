import type { Timer, Tx } from '../../kernel/types.ts';
import { enterDuePhase } from '../schedule/enter-phase.ts';
import { subscriptionUpdated } from './announce.ts';
import { renew } from './cycle.ts';
import { endSubscription, expireUnpaidFirst } from './end.ts';
import { finalInvoice } from './final-invoice.ts';
import { nextBoundary } from './items.ts';
import { expirePending } from './pending-update.ts';
import { scheduleSubscription } from './schedule.ts';
import { isLive, isOver } from './status.ts';
import { endTrialWithoutPayment } from './trial.ts';

/** The end of a period: ends a subscription that ends there, else renews it. */
export async function periodEnded(tx: Tx, timer: Timer): Promise<void> {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription === undefined || !isLive(subscription)) return;
  const now = tx.now(subscription);
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) return cancelNow(tx, timer);
  await enterDuePhase(tx, subscription);
  if (nextBoundary(subscription) > now) return scheduleSubscription(tx, subscription);
  if (subscription.status === 'trialing' && (await endTrialWithoutPayment(tx, subscription))) return;
  await renew(tx, subscription);
}

/** The instant a subscription was set to end at. What is pending goes on a last invoice. */
export async function cancelNow(tx: Tx, timer: Timer): Promise<void> {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription === undefined || isOver(subscription)) return;
  if (subscription.cancel_at === null || subscription.cancel_at > tx.now(subscription)) return;
  if (isLive(subscription)) await finalInvoice(tx, subscription, { immediate: false });
  await endSubscription(tx, { subscription, reason: null });
}

/** 23 hours after creation: the first invoice is still unpaid. */
export async function incompleteExpired(tx: Tx, timer: Timer): Promise<void> {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription?.status === 'incomplete') await expireUnpaidFirst(tx, subscription);
}

/** `pause_collection.resumes_at` is reached: collection goes on with the next invoice. */
export async function collectionResumed(tx: Tx, timer: Timer): Promise<void> {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription === undefined || subscription.pause_collection === null) return;
  subscription.pause_collection = null;
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
}

/** A change waited for its payment long enough: its invoice is voided and the change forgotten. */
export async function pendingExpired(tx: Tx, timer: Timer): Promise<void> {
  const subscription = await tx.get(timer.ref, { object: 'subscription' });
  if (subscription === undefined || subscription.pending_update === null) return;
  await expirePending(tx, subscription);
}
