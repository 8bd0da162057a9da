/** Runs one timer in its own transaction: the row disappears with the change it caused. */
import type { Services } from '../kernel/services.ts';
import { beginTransaction } from '../kernel/transaction.ts';
import { emptyBatch, type TimerRow } from '../store/port.ts';

const FAILED_TIMER_PAUSE_SECONDS = 60;

/** Takes the soonest timer due at or before `now` on a clock and runs it; false when none is due. A throw leaves the timer where it was. */
export async function runNextTimer(services: Services, at: { account: string; clock: string | null; now: number }): Promise<boolean> {
  return services.store.write(at.account, async (writes) => {
    const [timer] = await writes.timers({ account: at.account, clock: at.clock, dueBy: at.now, limit: 1 });
    if (timer === undefined) return false;
    const tx = await beginTransaction(services, writes, at.account, { requestId: null, idempotencyKey: null });
    const handler = services.registry.timers.get(timer.kind);
    if (handler === undefined) throw new Error(`No handler for the timer ${timer.kind} of ${timer.ref}.`);
    await handler(tx, publicTimer(timer));
    await tx.commit({ deleteTimer: { account: at.account, id: timer.id } });
    return true;
  });
}

/** Puts a timer that failed off by a minute of its clock, so that the others are not held up by it. */
export async function postponeNextTimer(services: Services, at: { account: string; clock: string | null; now: number }): Promise<void> {
  await services.store.write(at.account, async (writes) => {
    const [timer] = await writes.timers({ account: at.account, clock: at.clock, dueBy: at.now, limit: 1 });
    if (timer !== undefined) await writes.commit({ ...emptyBatch(), timers: [{ ...timer, dueAt: at.now + FAILED_TIMER_PAUSE_SECONDS }] });
  });
}

function publicTimer(timer: TimerRow) {
  const { account: _account, ...rest } = timer;
  return rest;
}
