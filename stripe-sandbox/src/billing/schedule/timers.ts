import type { Doc, Tx } from '../../kernel/types.ts';
import { DAY } from '../subscription/period.ts';

/** `subscription_schedule.expiring` comes this long before the end [Events.d.ts]. */
const EXPIRY_WARNING = 7 * DAY;

/** Sets the timers of a schedule anew: the next change of phase, and the warning before the last one ends. */
export function scheduleTimers(tx: Tx, schedule: Doc): void {
  tx.cancelTimers(schedule.id, 'schedule_phase');
  tx.cancelTimers(schedule.id, 'schedule_expiring');
  if (schedule.status !== 'not_started' && schedule.status !== 'active') return;
  const at = (kind: string, dueAt: number) => tx.schedule({ kind, ref: schedule.id, dueAt, clock: schedule._clock });
  at('schedule_phase', schedule.current_phase?.end_date ?? schedule.phases[0].start_date);
  const warning = schedule.phases.at(-1).end_date - EXPIRY_WARNING;
  if (warning > tx.now(schedule)) at('schedule_expiring', warning);
}

/** Tells a week ahead that a schedule ends. Emits subscription_schedule.expiring. */
export async function warnOfExpiry(tx: Tx, id: string): Promise<void> {
  const schedule = await tx.get(id, { object: 'subscription_schedule' });
  if (schedule?.status === 'not_started' || schedule?.status === 'active') tx.emit('subscription_schedule.expiring', schedule);
}
