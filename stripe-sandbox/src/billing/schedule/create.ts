import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { refuseTooMany } from '../subscription/limits.ts';
import { startSchedule } from './enter-phase.ts';
import { fromSubscription } from './from-subscription.ts';
import { refuseEndBehavior } from './refuse.ts';
import { shapeDefaults, shapePhases } from './shape.ts';
import { scheduleTimers } from './timers.ts';

/**
 * Creates a schedule from Stripe's own parameters; one that starts now makes its subscription at once. Emits subscription_schedule.created, after
 * the events of the subscription.
 */
export async function createSchedule(tx: Tx, params: Params): Promise<Doc> {
  if (params.pause_schedules !== undefined) throw notEmulated('pause_schedules', 'pause_schedules');
  if (params.from_subscription !== undefined) return fromSubscription(tx, params);
  if (params.customer === undefined) throw parameterMissing('customer');
  if (params.phases === undefined) throw parameterMissing('phases');
  refuseEndBehavior(params.end_behavior);
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  await refuseTooMany(tx, customer.id);
  const now = tx.now(customer);
  const start = startOf(params, now);
  const schedule = blankSchedule(tx, { customer, params });
  schedule.default_settings = await shapeDefaults(tx, params.default_settings);
  schedule.phases = await shapePhases(tx, { given: params.phases, currency: null, timing: { start, now } });
  tx.put(schedule);
  if (start <= now) await startSchedule(tx, schedule);
  else scheduleTimers(tx, schedule);
  tx.emit('subscription_schedule.created', schedule);
  return schedule;
}

/** A schedule without phases; not stored. */
export function blankSchedule(tx: Tx, input: { customer: Doc; params: Params }): Doc {
  const { customer, params } = input;
  const mode = params.billing_mode ?? { type: 'flexible' };
  return tx.make(
    'subscription_schedule',
    'sub_sched',
    {
      billing_mode:
        mode.type === 'classic'
          ? { flexible: null, type: 'classic' }
          : {
              flexible: { proration_discounts: mode.flexible?.proration_discounts ?? 'included' },
              type: 'flexible',
              updated_at: tx.now(customer),
            },
      customer: customer.id,
      end_behavior: params.end_behavior ?? 'release',
      metadata: mergeMetadata({}, params.metadata),
      pause_schedules: [],
      status: 'not_started',
      test_clock: customer.test_clock ?? null,
    },
    customer,
  );
}

function startOf(params: Params, now: number): number {
  const given = params.start_date ?? 'now';
  if (given === 'now' || given === now) return now;
  if (given < now) throw notEmulated('A schedule that starts in the past', 'start_date');
  if (params.phases[0]?.start_date !== undefined)
    throw invalidRequest('The first phase starts at `start_date`.', { param: 'phases[0][start_date]' });
  return given;
}
