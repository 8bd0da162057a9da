import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { updateSubscription } from '../subscription/update.ts';
import { subscriptionOf } from './end.ts';
import { advanceSchedule, applyPhase } from './enter-phase.ts';
import { endParams } from './phase-params.ts';
import { refuseEndBehavior } from './refuse.ts';
import { shapeDefaults, shapePhases } from './shape.ts';
import { scheduleTimers } from './timers.ts';

/** What of a phase its subscription feels at once when the present one is changed. */
const FELT = [
  'items',
  'discounts',
  'default_tax_rates',
  'collection_method',
  'default_payment_method',
  'description',
  'invoice_settings',
  'metadata',
  'trial_end',
];

/**
 * Changes a schedule that has not ended. New phases replace the present and later ones; past ones may be left out. A changed present phase is put on
 * the subscription at once, with `proration_behavior` (default create_prorations). Emits customer.subscription.updated where it changed, then
 * subscription_schedule.updated.
 */
export async function updateSchedule(tx: Tx, input: { schedule: Doc; params: Params }): Promise<Doc> {
  const { schedule, params } = input;
  if (params.pause_schedules !== undefined) throw notEmulated('pause_schedules', 'pause_schedules');
  if (schedule.status !== 'not_started' && schedule.status !== 'active')
    throw invalidRequest(`You cannot update a subscription schedule that is \`${schedule.status}\`.`);
  refuseEndBehavior(params.end_behavior);
  const before = felt(schedule);
  const discounts = discountsIn(schedule);
  if (params.metadata !== undefined) schedule.metadata = mergeMetadata(schedule.metadata, params.metadata);
  if (params.end_behavior !== undefined) schedule.end_behavior = params.end_behavior;
  if (params.default_settings !== undefined)
    schedule.default_settings = await shapeDefaults(tx, params.default_settings, schedule.default_settings);
  if (params.phases !== undefined) await replacePhases(tx, schedule, params.phases);
  tx.put(schedule);
  scheduleTimers(tx, schedule);
  await passOn(tx, {
    schedule,
    changed: before !== felt(schedule),
    sameDiscounts: discounts === discountsIn(schedule),
    prorationBehavior: params.proration_behavior ?? 'create_prorations',
  });
  tx.emit('subscription_schedule.updated', schedule);
  if (schedule.current_phase !== null && schedule.current_phase.end_date <= tx.now(schedule)) await advanceSchedule(tx, schedule.id);
  return tx.require('subscription_schedule', schedule.id);
}

async function replacePhases(tx: Tx, schedule: Doc, given: Params[]): Promise<void> {
  const now = tx.now(schedule);
  const present = schedule.current_phase as { start_date: number } | null;
  const past = present === null ? [] : schedule.phases.filter((phase: Params) => phase.end_date <= present.start_date);
  const named = new Set(past.map((phase: Params) => phase.start_date));
  const rest = given.filter((phase) => !named.has(phase.start_date));
  const first = rest[0]?.start_date === 'now' ? now : rest[0]?.start_date;
  const start = present?.start_date ?? first ?? schedule.phases[0].start_date;
  if (present !== null && first !== undefined && first !== present.start_date)
    throw invalidRequest(`The first phase given must be the current one, which started at ${present.start_date}.`, {
      param: 'phases[0][start_date]',
    });
  if (present === null && start < now) throw notEmulated('A schedule that starts in the past', 'phases[0][start_date]');
  const phases = await shapePhases(tx, {
    given: rest,
    currency: present === null ? null : schedule.phases[0].currency,
    timing: { start, now },
  });
  schedule.phases = [...past, ...phases];
  if (present === null) return;
  if (phases[0]!.end_date < now) throw invalidRequest('The current phase cannot end in the past.', { param: 'phases[0][end_date]' });
  schedule.current_phase = { end_date: phases[0]!.end_date, start_date: start };
}

async function passOn(
  tx: Tx,
  input: { schedule: Doc; changed: boolean; sameDiscounts: boolean; prorationBehavior: string },
): Promise<void> {
  const { schedule, changed, sameDiscounts, prorationBehavior } = input;
  const subscription = await subscriptionOf(tx, schedule);
  const phase = presentPhase(schedule);
  if (subscription === undefined || phase === undefined) return;
  if (changed)
    return applyPhase(tx, { schedule, subscription, phase: { ...phase, add_invoice_items: [] }, prorationBehavior, sameDiscounts });
  const end = endParams(schedule, { phase, subscription });
  if (end.cancel_at !== undefined && end.cancel_at !== tx.now(subscription))
    await updateSubscription(tx, { id: subscription.id, params: { ...end, proration_behavior: prorationBehavior } });
}

function presentPhase(schedule: Doc): Params | undefined {
  return schedule.phases.find((phase: Params) => phase.start_date === schedule.current_phase?.start_date);
}

/** The discounts of the present phase and its items, for comparison. */
function discountsIn(schedule: Doc): string {
  const phase = presentPhase(schedule);
  return JSON.stringify([phase?.discounts, phase?.items.map((item: Params) => [item.price, item.discounts])]);
}

/** Everything of the present phase that its subscription shows, for comparison. */
function felt(schedule: Doc): string {
  const phase = presentPhase(schedule);
  return JSON.stringify([phase === undefined ? null : FELT.map((name) => phase[name]), schedule.default_settings]);
}
