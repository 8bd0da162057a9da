import type { Config } from '../config.ts';
import type { App } from './context.ts';
import type { Database } from './engine.ts';
import { createSubscribers } from './events.ts';
import { createHttpOut, type HttpOut } from './http-out.ts';
import { type Ids, systemIds } from './ids.ts';
import { createJobs } from './jobs.ts';
import type { Log } from './log.ts';
import { hostClock, type MachineClock } from './machine-clock.ts';
import { createPorts } from './ports.ts';
import { createWorkQueues } from './queues.ts';
import { jobsQueue } from './run-jobs.ts';
import { timersQueue } from './run-timers.ts';
import { createSecrets } from './secrets.ts';
import { createTimerKinds } from './timers.ts';

const CHANNEL = 'billow_wake';

export type AppInput = {
  config: Config;
  database: Database;
  masterKey: Uint8Array;
  log: Log;
  machineClock?: MachineClock;
  ids?: Ids;
  httpOut?: HttpOut;
};

/** Puts the parts of one process together; rooms are plugged in by openRooms. Nothing runs yet. */
export function createApp(a: AppInput): App {
  const machineClock = a.machineClock ?? hostClock();
  const ids = a.ids ?? systemIds(machineClock);
  const { engine, pool, db } = a.database;
  const app: App = {
    config: a.config,
    engine,
    db,
    pool,
    machineClock,
    ids,
    log: a.log,
    secrets: createSecrets({ masterKey: a.masterKey, random: ids.random }),
    ports: createPorts(),
    subscribers: createSubscribers(),
    timers: createTimerKinds(),
    queues: createWorkQueues(() => app),
    jobs: createJobs(() => app),
    httpOut: a.httpOut ?? createHttpOut(),
    lifetime: new AbortController(),
    wake: (queue) => {
      app.queues.signal(queue);
      if (engine === 'postgres') notify(queue);
    },
  };
  const waiting = new Set<string>();
  const notify = (queue: string) => {
    if (waiting.has(queue)) return;
    waiting.add(queue);
    // Outside any transaction, and one notice for a burst of wakes.
    setImmediate(() => {
      waiting.delete(queue);
      pool.query(`select pg_notify('${CHANNEL}', $1)`, [queue]).catch((error: unknown) => a.log.warn('notify_failed', { queue, error }));
    });
  };
  app.queues.add([timersQueue(), jobsQueue()]);
  return app;
}

/** Hears what other processes wake (PostgreSQL only). Answers a function that stops it. */
export async function listenForWakes(app: App, database: Database): Promise<() => Promise<void>> {
  if (database.engine !== 'postgres') return async () => {};
  return database.listen(CHANNEL, (queue) => app.queues.signal(queue));
}
