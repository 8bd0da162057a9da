/** Runs one timer in its own transaction: the row disappears with the change it caused. */
import type { Services } from '../kernel/services.ts';
import { beginTransaction } from '../kernel/transaction.ts';
import { emptyBatch, type StoreWrites, type TimerRow } from '../store/port.ts';

const FAILED_TIMER_PAUSE_SECONDS = 60;

type At = { account: string; clock: string | null; now: number };

/**
 * Takes the soonest timer due at or before `now` on a clock and runs it; false when none is due. A throw leaves the timer where it was.
 * A store that says so gets several in one write; when one of them throws, nothing of that write stays and they run one by one.
 */
export async function runNextTimer(services: Services, at: At): Promise<boolean> {
  const most = services.store.timersAtOnce ?? 1;
  if (most > 1) {
    try {
      return await runTimers(services, at, most);
    } catch {
      // The one that throws is found, and reported, below.
    }
  }
  return runTimers(services, at, 1);
}

async function runTimers(services: Services, at: At, most: number): Promise<boolean> {
  return services.store.write(at.account, async (writes) => {
    for (let count = 0; count < most; count += 1) {
      // Looked for anew each time: what ran before may have set or cancelled timers of this instant.
      const [timer] = await writes.timers({ account: at.account, clock: at.clock, dueBy: at.now, limit: 1 });
      if (timer === undefined) return count > 0;
      await runOne(services, writes, timer);
    }
    return true;
  });
}

async function runOne(services: Services, writes: StoreWrites, timer: TimerRow): Promise<void> {
  const tx = await beginTransaction(services, writes, timer.account, { requestId: null, idempotencyKey: null });
  const handler = services.registry.timers.get(timer.kind);
  if (handler === undefined) throw new Error(`No handler for the timer ${timer.kind} of ${timer.ref}.`);
  await handler(tx, publicTimer(timer));
  await tx.commit({ deleteTimer: { account: timer.account, id: timer.id } });
}

/** Puts a timer that failed off by a minute of its clock, so that the others are not held up by it. */
export async function postponeNextTimer(services: Services, at: At): Promise<void> {
  await services.store.write(at.account, async (writes) => {
    const [timer] = await writes.timers({ account: at.account, clock: at.clock, dueBy: at.now, limit: 1 });
    if (timer !== undefined) await writes.commit({ ...emptyBatch(), timers: [{ ...timer, dueAt: at.now + FAILED_TIMER_PAUSE_SECONDS }] });
  });
}

function publicTimer(timer: TimerRow) {
  const { account: _account, ...rest } = timer;
  return rest;
}
