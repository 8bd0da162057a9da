import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createSubscription } from '../subscription/create.ts';
import { updateSubscription } from '../subscription/update.ts';
import { releaseSchedule, subscriptionOf } from './end.ts';
import { endOf, enterParams, startParams } from './phase-params.ts';
import { scheduleTimers } from './timers.ts';

/**
 * Begins the first phase: makes the subscription, active at once, its first invoice a draft for the usual hour because nobody is there to pay it.
 * The schedule's own event is the caller's.
 */
export async function startSchedule(tx: Tx, schedule: Doc): Promise<void> {
  const phase = schedule.phases[0];
  schedule.status = 'active';
  schedule.current_phase = { end_date: phase.end_date, start_date: phase.start_date };
  tx.put(schedule);
  const ends = endOf(schedule, phase);
  const subscription = await createSubscription(tx, {
    ...startParams(schedule, phase),
    ...(ends === null ? {} : { cancel_at: ends }),
    _schedule: schedule.id,
  });
  schedule.subscription = subscription.id;
  tx.put(schedule);
  scheduleTimers(tx, schedule);
}

/** The timer of a schedule: it starts, its next phase begins, or it ends. Does nothing when somebody was faster. */
export async function advanceSchedule(tx: Tx, id: string): Promise<void> {
  const schedule = await tx.get(id, { object: 'subscription_schedule' });
  if (schedule === undefined) return;
  if (schedule.status === 'not_started') {
    await startSchedule(tx, schedule);
    tx.emit('subscription_schedule.updated', schedule);
    return;
  }
  const subscription = await subscriptionOf(tx, schedule);
  if (subscription !== undefined) await enterDuePhase(tx, subscription);
}

/** What is due on the schedule of a subscription happens before its period ends: the new phase, not the old one, is billed from there. */
export async function enterDuePhase(tx: Tx, subscription: Doc): Promise<void> {
  if (subscription.schedule == null) return;
  const schedule = await tx.get(subscription.schedule, { object: 'subscription_schedule' });
  if (schedule?.status !== 'active' || schedule.current_phase === null || schedule.current_phase.end_date > tx.now(schedule)) return;
  const next = schedule.phases.find((phase: Params) => phase.start_date === schedule.current_phase.end_date);
  if (next !== undefined) return enter(tx, { schedule, subscription, phase: next });
  if (schedule.end_behavior === 'cancel') return;
  await releaseSchedule(tx, { schedule, keepEnd: false });
}

/** One phase ends, the next begins. Emits customer.subscription.updated with its consequences, then subscription_schedule.updated. */
async function enter(tx: Tx, input: { schedule: Doc; subscription: Doc; phase: Params }): Promise<void> {
  const { schedule, subscription, phase } = input;
  schedule.current_phase = { end_date: phase.end_date, start_date: phase.start_date };
  tx.put(schedule);
  await applyPhase(tx, { schedule, subscription, phase, prorationBehavior: phase.proration_behavior });
  scheduleTimers(tx, schedule);
  tx.emit('subscription_schedule.updated', schedule);
}

/** Puts a phase on its subscription; the last one of a schedule that cancels sets the end too. */
export async function applyPhase(
  tx: Tx,
  input: { schedule: Doc; subscription: Doc; phase: Params; prorationBehavior: string; sameDiscounts?: boolean },
): Promise<void> {
  const { schedule, ...entry } = input;
  await updateSubscription(tx, { id: entry.subscription.id, params: enterParams(schedule, entry) });
}
