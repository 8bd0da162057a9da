/** pg-boss, the only file that knows it. Its SQL goes through our pool, so it shares the embedded engine's one session (stack.md 3). */
import { type Kysely, sql } from 'kysely';
import type { ConstructorOptions, PgBoss } from 'pg-boss';
import type { z } from 'zod';
import type { App, Ctx } from './context.ts';
import { afterCommit } from './database.ts';
import { RETRY_ATTEMPTS_MAX, RETRY_BASE_SECONDS, RETRY_CAP_SECONDS } from './limits.ts';
import type { DB } from './schema.generated.ts';

/**
 * Work without a row of its own. It may run twice; the second run changes nothing. `key` makes one line per key:
 * `queue-next` keeps the last request made while one runs, `refuse` drops it.
 */
export type JobDefinition<I = unknown> = {
  name: string;
  input: z.ZodType<I>;
  key?(input: I): string;
  whileRunning?: 'queue-next' | 'refuse';
  /** Tries before it is given up; default 12 (about a day). */
  retry?: number;
  run(ctx: Ctx, input: I, job: { attempt: number; signal: AbortSignal }): Promise<JobEnding | undefined>;
};

/** How a run ended. Returning nothing is `done`; throwing asks for another try. */
export type JobEnding = { kind: 'done' } | { kind: 'cancel'; reason: string } | { kind: 'snooze'; for: Temporal.Duration };

export const done: JobEnding = { kind: 'done' };

/** Ends the job for good without having done it. */
export function cancel(reason: string): JobEnding {
  return { kind: 'cancel', reason };
}

/** Runs it again after a span of machine time; that is no failure. */
export function snooze(duration: Temporal.Duration): JobEnding {
  return { kind: 'snooze', for: duration };
}

/** Declares a job; the room lists it under `jobs`. */
export function defineJob<I>(definition: JobDefinition<I>): JobDefinition<I> {
  return definition;
}

export type Jobs = {
  add(jobs: readonly JobDefinition[]): void;
  all(): readonly JobDefinition[];
  /** Prepares the queues; nothing happens where no job is defined. */
  start(): Promise<void>;
  stop(): Promise<void>;
  store(): JobStore;
};

/** The queue name under which jobs are drained and woken. */
export const JOBS_QUEUE = 'jobs';

/** The jobs of one process. */
export function createJobs(app: () => App): Jobs {
  const jobs: JobDefinition[] = [];
  let store: JobStore | null = null;
  return {
    add: (added) => void jobs.push(...added),
    all: () => jobs,
    start: async () => {
      if (jobs.length > 0 && store === null) store = await createJobStore(app(), jobs);
    },
    stop: async () => {
      await store?.stop();
      store = null;
    },
    store: () => {
      if (store === null) throw new Error('Jobs are not started');
      return store;
    },
  };
}

/** Enqueues a job in the caller's transaction: it runs after the commit, or never where that rolls back. */
export async function enqueue<I>(tx: Ctx, job: JobDefinition<I>, input: I): Promise<void> {
  const key = job.key?.(input);
  await tx.app.jobs
    .store()
    .send({ db: tx.db, name: job.name, environmentId: tx.environmentId, input, ...(key === undefined ? {} : { key }) });
  afterCommit(tx, () => tx.app.wake(JOBS_QUEUE, tx.environmentId));
}

const STOP_MS = 5_000;
const SCHEMA = 'pgboss';
const NO_JOB = '00000000-0000-0000-0000-000000000000';

export type FetchedJob = {
  id: string;
  name: string;
  environmentId: string;
  input: unknown;
  attempt: number;
  retryCount: number;
  lastAttempt: boolean;
};
type Sent = { db: Kysely<DB>; name: string; environmentId: string; input: unknown; key?: string };
/** `order` is one of our sortable ids: the store's own order is not the order of sending. */
type Data = { environment_id: string; order: string; input: unknown };

export type JobStore = {
  send(a: Sent): Promise<void>;
  fetch(name: string, limit: number): Promise<FetchedJob[]>;
  settle(job: FetchedJob, ending: JobEnding): Promise<void>;
  /** Records a failed try; answers true when it was the last one. */
  fail(job: FetchedJob, message: string): Promise<boolean>;
  unfinished(environmentId: string): Promise<{ id: string; name: string; startAfter: Temporal.Instant } | null>;
  stop(): Promise<void>;
};

/** Starts pg-boss on the app's pool and makes the missing queues. */
async function createJobStore(app: App, queues: readonly JobDefinition[]): Promise<JobStore> {
  const { fromKysely, PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    db: poolDatabase(app),
    backend: app.engine === 'pglite' ? 'pglite' : 'postgres',
    schema: SCHEMA,
    schedule: false,
  });
  boss.on('error', (error) => app.log.error('job_store_failed', { error }));
  await boss.start();
  const existing = new Set((await boss.getQueues()).map((queue) => queue.name));
  for (const queue of queues) {
    if (!existing.has(queue.name)) await boss.createQueue(queue.name, queueOptions(queue));
    // Fills the cache that `send` reads: inside a transaction it could not ask the database for it.
    await boss.findJobs(queue.name, { id: NO_JOB });
  }
  return {
    send: async (a) => void (await boss.send(a.name, data(app, a), { db: fromKysely(a.db as never), ...singleton(a) })),
    fetch: async (name, limit) => inOrder(await boss.fetch<Data>(name, { batchSize: limit, includeMetadata: true })),
    settle: (job, ending) => settle({ app, boss, job, ending }),
    fail: async (job, message) => {
      await boss.fail(job.name, { id: job.id, retryCount: job.retryCount }, { message });
      return job.lastAttempt;
    },
    unfinished: (environmentId) => unfinished(app, environmentId),
    stop: () => boss.stop({ graceful: true, timeout: STOP_MS, close: false }),
  };
}

/** Makes the tables of an empty embedded database, for the template that new ones start from. */
export async function installJobSchema(pool: App['pool']): Promise<void> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ db: poolDatabase({ pool }), backend: 'pglite', schema: SCHEMA, schedule: false, supervise: false });
  await boss.start();
  await boss.stop({ graceful: false, close: false });
}

function poolDatabase(app: Pick<App, 'pool'>): NonNullable<ConstructorOptions['db']> {
  return {
    executeSql: async (text, values) => {
      const client = await app.pool.connect();
      try {
        return await client.query(text, values as unknown[]);
      } catch (error) {
        // A failed block would leave the session in an aborted transaction.
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

function queueOptions(queue: JobDefinition) {
  const policy = queue.key === undefined ? 'standard' : queue.whileRunning === 'refuse' ? 'exclusive' : 'stately';
  const retryLimit = (queue.retry ?? RETRY_ATTEMPTS_MAX) - 1;
  return { policy, retryLimit, retryDelay: RETRY_BASE_SECONDS, retryBackoff: true, retryDelayMax: RETRY_CAP_SECONDS } as const;
}

function data(app: App, a: Sent): Data {
  return { environment_id: a.environmentId, order: app.ids.make('job'), input: a.input };
}

function singleton(a: { environmentId: string; key?: string }): { singletonKey?: string } {
  return a.key === undefined ? {} : { singletonKey: `${a.environmentId}:${a.key}` };
}

function inOrder(jobs: Fetched[]): FetchedJob[] {
  return jobs.toSorted((a, b) => (a.data.order < b.data.order ? -1 : 1)).map(toFetched);
}

type Fetched = { id: string; name: string; data: Data; retryCount: number; retryLimit: number };

function toFetched(job: Fetched): FetchedJob {
  const { id, name, retryCount, retryLimit } = job;
  const attempt = retryCount + 1;
  return {
    id,
    name,
    environmentId: job.data.environment_id,
    input: job.data.input,
    attempt,
    retryCount,
    lastAttempt: retryCount >= retryLimit,
  };
}

async function settle(a: { app: App; boss: PgBoss; job: FetchedJob; ending: JobEnding }): Promise<void> {
  const { boss, job, ending } = a;
  if (ending.kind === 'done') await boss.complete(job.name, { id: job.id, retryCount: job.retryCount });
  else if (ending.kind === 'cancel') await boss.cancel(job.name, { id: job.id, retryCount: job.retryCount });
  else await postpone(a.app, { id: job.id, name: job.name, seconds: Math.ceil(ending.for.total('seconds')) });
}

/** Back to waiting without counting a failure; the library has no verb for it. */
async function postpone(app: App, a: { id: string; name: string; seconds: number }): Promise<void> {
  await sql`update pgboss.job set state = 'created', started_on = null, start_after = now() + ${`${a.seconds} seconds`}::interval
    where id = ${a.id}::uuid and name = ${a.name} and state = 'active'`.execute(app.db);
}

async function unfinished(app: App, environmentId: string) {
  const { rows } = await sql<{ id: string; name: string; start_after: Temporal.Instant }>`
    select id::text, name, start_after from pgboss.job
    where data->>'environment_id' = ${environmentId} and (state in ('active', 'retry') or (state = 'created' and start_after <= now()))
    order by start_after limit 1`.execute(app.db);
  const row = rows[0];
  return row ? { id: row.id, name: row.name, startAfter: row.start_after } : null;
}
