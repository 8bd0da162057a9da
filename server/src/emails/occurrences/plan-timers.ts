/** Plans the mails that announce a date: a timer per subscription, moved whenever the date moves (T1). */
import type { Ctx } from '../../kit/context.ts';
import { armTimer, cancelTimers } from '../../kit/timers.ts';
import { leadDaysFor } from '../flows/lead-days.ts';
import type { Records } from '../queries/records.ts';
import { type RoutingTable, readRoutingTable } from '../routing/routes-table.ts';
import { renewalDue, trialEndingDue, trialEndsTooSoon } from './conditions.ts';

export const RENEWING_TIMER = 'emails.subscription_renewing';
export const TRIAL_TIMER = 'emails.trial_ending';

/** Cancels and arms the two timers so that they say what the subscription says now. Past dates of history are left in the past. */
export async function planTimers(tx: Ctx, records: Records, a: { historical: boolean; table?: RoutingTable }): Promise<void> {
  const table = a.table ?? (await readRoutingTable(tx));
  const subscription = records.subscription!;
  const now = tx.clock.now();
  const at = { objectType: 'subscription', objectId: subscription.id };
  await cancelTimers(tx, { kind: RENEWING_TIMER, ...at });
  await cancelTimers(tx, { kind: TRIAL_TIMER, ...at });

  const renewal = renewalDue(subscription, leadDaysFor(table, 'subscription.renewing', records));
  // A lead time that has already begun is only announced late for a trial: a renewal's lead always lies inside its period.
  if (renewal && Temporal.Instant.compare(renewal, now) >= 0) await armTimer(tx, { kind: RENEWING_TIMER, ...at, dueAt: renewal });

  const trial = trialEndingDue(subscription, leadDaysFor(table, 'trial.ending', records));
  if (!trial || !subscription.trial_end || trialEndsTooSoon(subscription.trial_end, now)) return;
  const late = Temporal.Instant.compare(trial, now) < 0;
  if (late && a.historical) return;
  await armTimer(tx, { kind: TRIAL_TIMER, ...at, dueAt: late ? now : trial });
}
