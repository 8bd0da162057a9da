/** Lets calls to Stripe through at the pace of their budgets, which all processes share through the database (reliability.md 10.1). */
import { sql } from 'kysely';
import type { App } from '../../kit/context.ts';
import type { MachineClock } from '../../kit/machine-clock.ts';
import type { Connection } from './connection/connection.ts';
import { StripeFailure } from './failure.ts';
import { RATE_PENALTY_MS, RATE_WAIT_MAX_MS } from './limits.ts';
import { type Budget, budgetsOf, type Call, type Lane, type Level, levelAt, waitMs } from './rate-buckets.ts';

export type RateLimiter = {
  /** Waits for the call's turn; throws `rate_limited` with the time to come back where that is further away than a caller may wait. */
  take(call: Call): Promise<void>;
  /** Stripe said "too many": half the rate for a minute, and nothing at all for as long as Stripe asks. */
  penalize(retryAfterSeconds: number | null): Promise<void>;
};

/** No limit: the Stripe Sandbox in its normal profile. */
export const unlimited: RateLimiter = { take: () => Promise.resolve(), penalize: () => Promise.resolve() };

/** Reads, changes and writes what the buckets hold, undisturbed by anybody else; answers how long to wait (0: taken). */
type Store = {
  take(budgets: readonly Budget[]): Promise<number>;
  penalize(a: { slowUntilMs: number; closedUntilMs: number }): Promise<void>;
};
type Place = Pick<Connection, 'id' | 'environmentId' | 'livemode'>;

/** The limiter of a connection, shared by all processes. */
export function sharedLimiter(app: App, connection: Place): RateLimiter {
  return limiterOn(databaseStore(app, connection), { machineClock: app.machineClock, livemode: connection.livemode });
}

/** A limiter of this process alone: for an account that is not connected yet. */
export function ownLimiter(a: { machineClock: MachineClock; livemode: boolean }): RateLimiter {
  return limiterOn(memoryStore(a.machineClock), a);
}

function limiterOn(store: Store, a: { machineClock: MachineClock; livemode: boolean }): RateLimiter {
  // One asks at a time in each lane of a process, in the order they came.
  const queues = new Map<Lane, Promise<void>>();
  const turn = async (call: Call): Promise<void> => {
    const budgets = budgetsOf(call, a);
    let waited = 0;
    for (let ms = await store.take(budgets); ms > 0; ms = await store.take(budgets)) {
      if (waited + ms > RATE_WAIT_MAX_MS) throw tooBusy(ms);
      waited += ms;
      await a.machineClock.sleep(Math.ceil(ms));
    }
  };
  return {
    take: (call) => {
      const mine = (queues.get(call.lane) ?? Promise.resolve()).then(() => turn(call));
      queues.set(
        call.lane,
        mine.catch(() => {}),
      );
      return mine;
    },
    penalize: (retryAfterSeconds) => {
      const nowMs = a.machineClock.now().epochMilliseconds;
      return store.penalize({ slowUntilMs: nowMs + RATE_PENALTY_MS, closedUntilMs: nowMs + (retryAfterSeconds ?? 0) * 1000 });
    },
  };
}

function tooBusy(ms: number): StripeFailure {
  return new StripeFailure({
    kind: 'rate_limited',
    message: 'The budget for calls to Stripe is used up for now; nothing was sent.',
    code: 'own_limit',
    retryAfterSeconds: Math.ceil(ms / 1000),
  });
}

const TOTAL = 'total';
type Bucket = Level & { slowUntilMs: number; closedUntilMs: number };

/** All or nothing: a token of each budget, or the longest of the waits. */
function decide(
  known: ReadonlyMap<string, Bucket>,
  budgets: readonly Budget[],
  nowMs: number,
): { wait: number; levels: Map<string, Level> } {
  const total = known.get(TOTAL);
  const isSlow = total !== undefined && nowMs < total.slowUntilMs;
  const levels = new Map(budgets.map((budget) => [budget.bucket, levelAt(known.get(budget.bucket) ?? null, budget, { nowMs, isSlow })]));
  const waits = budgets.map((budget) => waitMs(levels.get(budget.bucket) as Level, budget, { isSlow }));
  const closed = Math.max(0, (total?.closedUntilMs ?? 0) - nowMs);
  const wait = Math.max(closed, ...waits);
  if (wait === 0) for (const level of levels.values()) level.tokens -= 1;
  return { wait, levels };
}

function memoryStore(machineClock: MachineClock): Store {
  const known = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => known.get(name) ?? { tokens: 0, atMs: 0, slowUntilMs: 0, closedUntilMs: 0 };
  return {
    take: async (budgets) => {
      const { wait, levels } = decide(known, budgets, machineClock.now().epochMilliseconds);
      for (const [name, level] of levels) known.set(name, { ...bucketOf(name), ...level });
      return wait;
    },
    penalize: async (until) => {
      const atMs = machineClock.now().epochMilliseconds;
      known.set(TOTAL, { ...(known.get(TOTAL) ?? { tokens: 0, atMs }), ...until });
    },
  };
}

function databaseStore(app: App, { id, environmentId }: Place): Store {
  const at = (ms: number) => (ms === 0 ? null : Temporal.Instant.fromEpochMilliseconds(Math.ceil(ms)));
  const write = (rows: [string, Bucket][]) => {
    const values = rows.map(
      ([name, b]) =>
        sql`(${environmentId}, ${id}, ${name}, ${b.tokens}::double precision, ${at(b.atMs)}::timestamptz, ${at(b.slowUntilMs)}::timestamptz, ${at(b.closedUntilMs)}::timestamptz)`,
    );
    return sql`insert into stripe_rate_buckets (environment_id, connection_id, bucket, tokens, at_wall_at, slow_until_wall_at, closed_until_wall_at)
      values ${sql.join(values)} on conflict (environment_id, connection_id, bucket) do update set tokens = excluded.tokens,
        at_wall_at = excluded.at_wall_at, slow_until_wall_at = excluded.slow_until_wall_at, closed_until_wall_at = excluded.closed_until_wall_at`;
  };
  return {
    take: (budgets) =>
      app.db.transaction().execute(async (trx) => {
        await lock(trx, id);
        const names = [...new Set([TOTAL, ...budgets.map(({ bucket }) => bucket)])];
        const rows = await trx
          .selectFrom('stripe_rate_buckets')
          .selectAll()
          .where('environment_id', '=', environmentId)
          .where('connection_id', '=', id)
          .where('bucket', 'in', names)
          .execute();
        const known = new Map(rows.map((row) => [row.bucket, toBucket(row)]));
        const { wait, levels } = decide(known, budgets, app.machineClock.now().epochMilliseconds);
        // Who has to wait changes nothing: the level follows from the time.
        if (wait === 0) await write([...levels].map(([name, level]) => [name, { ...NEVER, ...known.get(name), ...level }])).execute(trx);
        return wait;
      }),
    penalize: async (until) => {
      await app.db.transaction().execute(async (trx) => {
        await lock(trx, id);
        const row = await trx
          .selectFrom('stripe_rate_buckets')
          .selectAll()
          .where('environment_id', '=', environmentId)
          .where('connection_id', '=', id)
          .where('bucket', '=', TOTAL)
          .executeTakeFirst();
        const known = row === undefined ? { ...NEVER, atMs: app.machineClock.now().epochMilliseconds } : toBucket(row);
        const closedUntilMs = Math.max(known.closedUntilMs, until.closedUntilMs);
        await write([[TOTAL, { ...known, slowUntilMs: until.slowUntilMs, closedUntilMs }]]).execute(trx);
      });
    },
  };
}

const NEVER = { tokens: 0, atMs: 0, slowUntilMs: 0, closedUntilMs: 0 };

/** One at a time per connection, for the few milliseconds of a look. */
function lock(trx: App['db'], connectionId: string): Promise<unknown> {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`stripe_rate:${connectionId}`}, 0))`.execute(trx);
}

type Row = {
  tokens: number;
  at_wall_at: Temporal.Instant;
  slow_until_wall_at: Temporal.Instant | null;
  closed_until_wall_at: Temporal.Instant | null;
};

function toBucket(row: Row): Bucket {
  return {
    tokens: Number(row.tokens),
    atMs: row.at_wall_at.epochMilliseconds,
    slowUntilMs: row.slow_until_wall_at?.epochMilliseconds ?? 0,
    closedUntilMs: row.closed_until_wall_at?.epochMilliseconds ?? 0,
  };
}

/** Forgets budgets that nobody has drawn on for two days: by then each is full again. */
export async function forgetOldBuckets(app: App, { id, environmentId }: Place): Promise<void> {
  await app.db
    .deleteFrom('stripe_rate_buckets')
    .where('environment_id', '=', environmentId)
    .where('connection_id', '=', id)
    .where('bucket', '<>', TOTAL)
    .where('at_wall_at', '<', app.machineClock.now().subtract({ hours: 48 }))
    .execute();
}
