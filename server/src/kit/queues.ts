import type { App } from './context.ts';
import { QUEUE_LOOK_MS, ROUNDS_MAX } from './limits.ts';

/** Work that waits for machine time and so holds an instant of simulated time. */
export type Blocked = { queue: string; id: string; reason: string; nextAttemptAt: Temporal.Instant | null };

/**
 * A table that is its own queue. `drain` works off what is runnable now, of one environment or of all (null), claims rows with
 * SKIP LOCKED, and answers how many it finished. `blocked` names a row that is not finished yet (waits for another try, or another
 * process works on it), or null; dead rows do not count. Order of an advance round: inbox 10, occurrences 20, timers 30, pushes 40,
 * collection 50, jobs 60, mail 70.
 */
export type WorkQueue = {
  name: string;
  order: number;
  room: string;
  drain(app: App, a: { environmentId: string | null }): Promise<number>;
  blocked(app: App, a: { environmentId: string }): Promise<Blocked | null>;
};

export type WorkQueues = {
  add(queues: readonly WorkQueue[]): void;
  all(): readonly WorkQueue[];
  /** Starts a reader per queue: woken by `wake`, and looking each second. */
  start(): void;
  /** While set, readers work for these environments only (a held start); null lets them work for all. */
  restrictTo(environments: (() => Promise<readonly string[]>) | null): void;
  /** Stops the readers and waits for the work in hand. */
  stop(): Promise<void>;
  /** Wakes this process's reader of the queue. */
  signal(queue: string): void;
  /** Rounds over all queues in order until one round finds nothing. Answers how many pieces of work were done. */
  drainAll(environmentId: string): Promise<number>;
  /** The first piece of unfinished work of the environment, or null. */
  blocked(environmentId: string): Promise<Blocked | null>;
};

type Reader = { queue: WorkQueue; wake: () => void; busy: Promise<unknown> };

/** The queues of one process. `app` is asked for late, since it holds this object. */
export function createWorkQueues(app: () => App): WorkQueues {
  const readers: Reader[] = [];
  const loops: Promise<void>[] = [];
  const stopping = new AbortController();
  let restriction: (() => Promise<readonly string[]>) | null = null;
  return {
    add: (queues) => {
      for (const queue of queues) readers.push({ queue, wake: () => {}, busy: Promise.resolve() });
      readers.sort((a, b) => a.queue.order - b.queue.order);
    },
    all: () => readers.map((reader) => reader.queue),
    start: () => {
      for (const reader of readers) loops.push(loop({ app: app(), reader, signal: stopping.signal, only: () => restriction }));
    },
    restrictTo: (environments) => {
      restriction = environments;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
    signal: (queue) => readers.find((reader) => reader.queue.name === queue)?.wake(),
    drainAll: (environmentId) => drainAll({ app: app(), readers, environmentId }),
    blocked: async (environmentId) => {
      for (const { queue } of readers) {
        const blocked = await queue.blocked(app(), { environmentId });
        if (blocked) return blocked;
      }
      return null;
    },
  };
}

async function drainAll(a: { app: App; readers: readonly Reader[]; environmentId: string }): Promise<number> {
  let total = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let found = 0;
    for (const reader of a.readers) found += await inTurn(reader, () => reader.queue.drain(a.app, { environmentId: a.environmentId }));
    if (found === 0) return total;
    total += found;
  }
  throw new Error(`The queues of ${a.environmentId} did not come to rest in ${ROUNDS_MAX} rounds`);
}

/** One drain of a queue at a time in this process: who finds nothing then knows that nothing is in hand either. */
async function inTurn<T>(reader: Reader, drain: () => Promise<T>): Promise<T> {
  const mine = reader.busy.then(drain, drain);
  reader.busy = mine.catch(() => {});
  return mine;
}

type Only = (() => Promise<readonly string[]>) | null;

async function loop(a: { app: App; reader: Reader; signal: AbortSignal; only(): Only }): Promise<void> {
  const { app, reader, signal } = a;
  while (!signal.aborted) {
    const nap = new AbortController();
    // A wake during the drain below makes the next nap end at once.
    reader.wake = () => nap.abort();
    const found = await inTurn(reader, () => drainAllowed(app, reader.queue, a.only())).catch((error: unknown) => {
      app.log.error('queue_failed', { queue: reader.queue.name, error });
      return 0;
    });
    if (found === 0) await app.machineClock.sleep(QUEUE_LOOK_MS, AbortSignal.any([nap.signal, signal]));
  }
}

async function drainAllowed(app: App, queue: WorkQueue, only: Only): Promise<number> {
  if (only === null) return queue.drain(app, { environmentId: null });
  let found = 0;
  for (const environmentId of await only()) found += await queue.drain(app, { environmentId });
  return found;
}
