/**
 * Sends what fan-out stored, after the commit: first attempts in order per endpoint, retries on the transport clock.
 * Rows are the queue, so a restart goes on where it stopped.
 */
import type { Services } from '../kernel/services.ts';
import type { Deliver } from '../ports.ts';
import { type Sending, sendInLanes } from './lanes.ts';

const BATCH = 100;
const POLL_MS = 1000;

export type Sender = {
  /** Looks for due deliveries now. */
  wake(): void;
  start(): void;
  stop(): Promise<void>;
  /** Resolves when no due delivery of the account (or of any) is outstanding, or after `timeoutMs`; later retries are not waited for. */
  settled(account: string | undefined, timeoutMs: number): Promise<void>;
  /** Sends everything that is pending now, due or not; answers the number of attempts. */
  flush(account?: string): Promise<number>;
};

export function createSender(services: Services, deliver: Deliver): Sender {
  const sending: Sending = { services, deliver };
  // Nothing is sent before start(): the receivers may not listen yet.
  let started = false;
  let stopped = false;
  let running: Promise<unknown> | null = null;
  let again = false;
  let cancelPoll: (() => void) | null = null;

  const wake = (): void => {
    if (stopped || !started) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = drainDue(sending, () => stopped)
      .catch((error: unknown) => void (stopped || process.stderr.write(`Stripe Sandbox: webhook sender: ${String(error)}\n`)))
      .finally(() => {
        running = null;
        if (!again) return;
        again = false;
        wake();
      });
  };
  const quiet = async (): Promise<void> => {
    while (running !== null) await running;
  };
  const poll = (): void => {
    cancelPoll = services.clock.after(POLL_MS, () => {
      wake();
      if (!stopped) poll();
    });
  };
  return {
    wake,
    start() {
      started = true;
      poll();
    },
    async stop() {
      stopped = true;
      cancelPoll?.();
      await quiet();
    },
    async settled(account, timeoutMs) {
      if (!started) return;
      const until = services.clock.now() + timeoutMs;
      do {
        if (!(await anyDue(services, account)) && running === null) return;
        wake();
        await quiet();
      } while (services.clock.now() < until && !stopped);
    },
    async flush(account) {
      await quiet();
      return sendPending(sending, account);
    },
  };
}

/** Batch after batch until nothing is due. A row tried in this run is not tried again in it. */
async function drainDue(sending: Sending, stopped: () => boolean): Promise<void> {
  const { services } = sending;
  const done = new Set<string>();
  for (;;) {
    const due = await services.store.read((reads) => reads.deliveries({ status: 'pending', dueBy: services.clock.now(), limit: BATCH }));
    const rows = due.filter((row) => !done.has(`${row.id} ${row.attempts}`));
    if (rows.length === 0 || stopped()) return;
    for (const row of rows) done.add(`${row.id} ${row.attempts}`);
    await sendInLanes(sending, rows);
  }
}

async function sendPending(sending: Sending, account: string | undefined): Promise<number> {
  const rows = await sending.services.store.read((reads) =>
    reads.deliveries({ account, status: 'pending', limit: Number.MAX_SAFE_INTEGER }),
  );
  await sendInLanes(sending, rows);
  return rows.length;
}

async function anyDue(services: Services, account: string | undefined): Promise<boolean> {
  const rows = await services.store.read((reads) =>
    reads.deliveries({ account, status: 'pending', dueBy: services.clock.now(), limit: 1 }),
  );
  return rows.length > 0;
}
