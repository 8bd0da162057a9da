import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { notFound } from './errors.ts';
import type { Subscribers } from './events.ts';
import type { HttpOut } from './http-out.ts';
import type { Ids } from './ids.ts';
import type { Jobs } from './jobs.ts';
import type { Log } from './log.ts';
import type { MachineClock } from './machine-clock.ts';
import type { Ports } from './ports.ts';
import type { WorkQueues } from './queues.ts';
import type { DB } from './schema.generated.ts';
import type { Secrets } from './secrets.ts';
import { type Clock, standingClock, wallClock } from './time.ts';
import type { TimerKinds } from './timers.ts';

export type Mode = 'sandbox' | 'test' | 'live';
export type Engine = 'pglite' | 'postgres';

/** What lives as long as the process. Made by main.ts (or a test), never stored in a module. */
export type App = {
  config: Config;
  engine: Engine;
  db: Kysely<DB>;
  pool: pg.Pool;
  machineClock: MachineClock;
  ids: Ids;
  secrets: Secrets;
  log: Log;
  ports: Ports;
  subscribers: Subscribers;
  timers: TimerKinds;
  queues: WorkQueues;
  jobs: Jobs;
  httpOut: HttpOut;
  /** Aborted when the process begins to end: long work stops where it can go on later. */
  lifetime: AbortController;
  /** Wakes the readers of a queue, in every process. Call it after the commit: `afterCommit(tx, () => app.wake(…))`. */
  wake(queue: string, environmentId: string): void;
};

/** What lives as long as one request, job or timer. Always the first argument. */
export type Ctx = {
  app: App;
  environmentId: string;
  organizationId: string;
  mode: Mode;
  /** `user:<id>`, `api_key:<id>`, `stripe`, `scheduler`, `import` or `system`. */
  actor: string;
  scopes: ReadonlySet<string>;
  requestId: string | null;
  db: Kysely<DB>;
  inTransaction: boolean;
  /** Business time of the environment. */
  clock: Clock;
  /** The host's time. */
  machineClock: MachineClock;
  log: Log;
};

export type ContextInput = { environmentId: string; actor: string; scopes?: ReadonlySet<string>; requestId?: string | null };

/** The context of one environment: reads its mode and clock. Refuses with 404 where there is no such environment. */
export async function contextFor(app: App, a: ContextInput): Promise<Ctx> {
  const environment = await app.db
    .selectFrom('environments')
    .select(['organization_id', 'mode', 'clock_kind', 'clock_now'])
    .where('id', '=', a.environmentId)
    .executeTakeFirst();
  if (!environment) notFound('environment', a.environmentId);
  return {
    app,
    environmentId: a.environmentId,
    organizationId: environment.organization_id,
    mode: environment.mode as Mode,
    actor: a.actor,
    scopes: a.scopes ?? new Set(),
    requestId: a.requestId ?? null,
    db: app.db,
    inTransaction: false,
    clock: environment.clock_now ? standingClock(environment.clock_now) : wallClock(app.machineClock),
    machineClock: app.machineClock,
    log: app.log.with({ environment_id: a.environmentId, ...(a.requestId ? { request_id: a.requestId } : {}) }),
  };
}

/** A context of no environment, for routes that come before one is known. Its environment id is empty, so tenant queries find nothing. */
export function contextOfNobody(
  app: App,
  a: { actor: string; organizationId?: string; requestId?: string | null; scopes?: ReadonlySet<string> },
): Ctx {
  return {
    app,
    environmentId: '',
    organizationId: a.organizationId ?? '',
    mode: 'sandbox',
    actor: a.actor,
    scopes: a.scopes ?? new Set(),
    requestId: a.requestId ?? null,
    db: app.db,
    inTransaction: false,
    clock: wallClock(app.machineClock),
    machineClock: app.machineClock,
    log: app.log.with(a.requestId ? { request_id: a.requestId } : {}),
  };
}
