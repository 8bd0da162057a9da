import type { Doc, Tx } from '../../kernel/types.ts';
import { subscriptionUpdated } from '../subscription/announce.ts';
import { scheduleSubscription, setCancelAt } from '../subscription/schedule.ts';
import { scheduleTimers } from './timers.ts';

/**
 * Lets the subscription go its own way: `subscription` becomes `released_subscription`, its schedule is gone, an end that the schedule had set is
 * taken back unless it is to stay. Emits subscription_schedule.released and customer.subscription.updated [OBS 2020-03-02: so it ends by itself too].
 */
export async function releaseSchedule(tx: Tx, input: { schedule: Doc; keepEnd: boolean }): Promise<Doc> {
  const { schedule } = input;
  const subscription = await subscriptionOf(tx, schedule);
  close(tx, schedule, { status: 'released', released_at: tx.now(schedule) });
  schedule.released_subscription = schedule.subscription;
  schedule.subscription = null;
  tx.put(schedule);
  tx.emit('subscription_schedule.released', schedule);
  if (subscription === undefined) return schedule;
  subscription.schedule = null;
  if (!input.keepEnd && schedule.end_behavior === 'cancel' && subscription.cancel_at !== null)
    setCancelAt(tx, subscription, { at: null, atPeriodEnd: false });
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  return schedule;
}

/** Stops a schedule for good. Emits subscription_schedule.canceled, .aborted (the subscription was canceled for not paying) or .completed. */
export function stopSchedule(tx: Tx, schedule: Doc, how: 'canceled' | 'aborted' | 'completed'): void {
  const now = tx.now(schedule);
  close(tx, schedule, how === 'completed' ? { status: 'completed', completed_at: now } : { status: 'canceled', canceled_at: now });
  tx.put(schedule);
  tx.emit(`subscription_schedule.${how}`, schedule);
}

/** The subscription of a schedule ended by itself: at the schedule's end, for not paying, or by somebody's hand. */
export async function followSubscription(tx: Tx, subscription: Doc): Promise<void> {
  if (subscription.schedule == null || !['canceled', 'incomplete_expired'].includes(subscription.status)) return;
  const schedule = await tx.get(subscription.schedule, { object: 'subscription_schedule' });
  if (schedule === undefined || schedule.status !== 'active') return;
  const reason = subscription.cancellation_details?.reason;
  const atEnd = schedule.end_behavior === 'cancel' && tx.now(schedule) >= schedule.phases.at(-1).end_date;
  stopSchedule(tx, schedule, atEnd ? 'completed' : reason === 'payment_failed' ? 'aborted' : 'canceled');
}

/** A customer is gone: what had not started will not. */
export async function stopAllOf(tx: Tx, customer: string): Promise<void> {
  for (const schedule of await tx.query({ object: 'subscription_schedule', where: { customer, status: 'not_started' } }))
    stopSchedule(tx, schedule, 'canceled');
}

/** The subscription a schedule manages, if it has started. */
export async function subscriptionOf(tx: Tx, schedule: Doc): Promise<Doc | undefined> {
  return schedule.subscription === null ? undefined : tx.get(schedule.subscription, { object: 'subscription' });
}

function close(tx: Tx, schedule: Doc, to: Record<string, unknown>): void {
  Object.assign(schedule, to, { current_phase: null });
  scheduleTimers(tx, schedule);
}
