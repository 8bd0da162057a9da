/** The two timers of announced dates: when one is due, the subscription is looked at again and the occurrence written. */
import type { Ctx } from '../../kit/context.ts';
import { isoSeconds } from '../../kit/time.ts';
import { defineTimer, type Timer } from '../../kit/timers.ts';
import { leadDaysFor } from '../flows/lead-days.ts';
import { loadRecords, type Records } from '../queries/records.ts';
import { readRoutingTable } from '../routing/routes-table.ts';
import { renewalDue, trialEndingDue, trialEndsTooSoon } from './conditions.ts';
import { RENEWING_TIMER, TRIAL_TIMER } from './plan-timers.ts';
import { writeOccurrence } from './write.ts';

/** A date that moved by less than this is not announced twice (T1). */
const SAME_DATE_HOURS = 24;

export const timers = [
  defineTimer({ kind: RENEWING_TIMER, room: 'emails', run: renewalIsNear }),
  defineTimer({ kind: TRIAL_TIMER, room: 'emails', run: trialIsEnding }),
];

async function renewalIsNear(tx: Ctx, timer: Timer): Promise<void> {
  const records = await recordsOf(tx, timer.objectId);
  const subscription = records?.subscription;
  if (!records || !subscription?.period_end) return;
  const due = renewalDue(subscription, leadDaysFor(await readRoutingTable(tx), 'subscription.renewing', records));
  if (!due || Temporal.Instant.compare(subscription.period_end, tx.clock.now()) <= 0) return;
  await announceDate(tx, { trigger: 'subscription.renewing', variant: 'default', records, date: subscription.period_end });
}

async function trialIsEnding(tx: Ctx, timer: Timer): Promise<void> {
  const records = await recordsOf(tx, timer.objectId);
  const subscription = records?.subscription;
  if (!records || !subscription?.trial_end) return;
  const due = trialEndingDue(subscription, leadDaysFor(await readRoutingTable(tx), 'trial.ending', records));
  if (!due || trialEndsTooSoon(subscription.trial_end, tx.clock.now())) return;
  const hasMethod = subscription.payment_method_id !== null || records.customer?.payment_method !== null;
  await announceDate(tx, {
    trigger: 'trial.ending',
    variant: hasMethod ? 'has_payment_method' : 'no_payment_method',
    records,
    date: subscription.trial_end,
  });
}

async function announceDate(tx: Ctx, a: { trigger: string; variant: string; records: Records; date: Temporal.Instant }): Promise<void> {
  const subscription = a.records.subscription!;
  if (await wasAnnounced(tx, { trigger: a.trigger, subscriptionId: subscription.id, date: a.date })) return;
  await writeOccurrence(
    tx,
    { trigger: a.trigger, variant: a.variant, objectType: 'subscription', objectId: subscription.id, occurrence: isoSeconds(a.date) },
    { customerId: subscription.customer_id, eventId: null, witnessEventId: null, witnessAt: null },
  );
}

/** Whether a mail of this trigger went out for a date less than a day away from this one. */
async function wasAnnounced(tx: Ctx, a: { trigger: string; subscriptionId: string; date: Temporal.Instant }): Promise<boolean> {
  const rows = await tx.db
    .selectFrom('email_messages')
    .select('occurrence')
    .where('environment_id', '=', tx.environmentId)
    .where('trigger', '=', a.trigger)
    .where('subject_type', '=', 'subscription')
    .where('subject_id', '=', a.subscriptionId)
    .where('status', 'not in', ['canceled', 'refused', 'expired', 'suppressed'])
    .execute();
  return rows.some(
    (row) => Math.abs(Temporal.Instant.from(row.occurrence).epochMilliseconds - a.date.epochMilliseconds) < SAME_DATE_HOURS * 3600 * 1000,
  );
}

async function recordsOf(tx: Ctx, subscriptionId: string): Promise<Records | null> {
  const row = await tx.db
    .selectFrom('subscriptions')
    .select('customer_id')
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', subscriptionId)
    .executeTakeFirst();
  if (!row) return null;
  const subject = { type: 'subscription', id: subscriptionId, customerId: row.customer_id };
  return (await loadRecords(tx, [subject]))(subject);
}
