import { sql } from 'kysely';
import { nextAttemptAt } from './backoff.ts';
import { type App, type Ctx, contextFor } from './context.ts';
import { json, transaction } from './database.ts';
import { buryDeadLetter } from './dead-letters.ts';
import { messageOf } from './errors.ts';
import { LEASE_SECONDS, RETRY_ATTEMPTS_MAX } from './limits.ts';
import type { Blocked, WorkQueue } from './queues.ts';
import { standingClock } from './time.ts';
import { TIMERS_QUEUE, type Timer, type TimerKind } from './timers.ts';

const ORDER_OF_ADVANCE = 30;
const ENVIRONMENTS_AT_ONCE = 100;

/** Runs what is due at or before `until` in order of (due_at, seq), one by one. Answers how many were done; a failed one waits for its next try. */
export async function runDueTimers(app: App, a: { environmentId: string; until: Temporal.Instant }): Promise<number> {
  for (let done = 0; ; ) {
    const ending = await runNext(app, a);
    if (ending === 'none') return done;
    if (ending === 'done') done += 1;
  }
}

/** Timers as a queue: each environment up to its own now. */
export function timersQueue(): WorkQueue {
  return {
    name: TIMERS_QUEUE,
    order: ORDER_OF_ADVANCE,
    room: 'kit',
    drain: async (app, { environmentId }) => {
      let done = 0;
      for (const due of await dueEnvironments(app, environmentId))
        done += await runDueTimers(app, { environmentId: due.id, until: due.now });
      return done;
    },
    blocked: (app, { environmentId }) => waitingTimer(app, environmentId),
  };
}

type Ending = 'done' | 'failed' | 'none';

async function runNext(app: App, a: { environmentId: string; until: Temporal.Instant }): Promise<Ending> {
  const base = await contextFor(app, { environmentId: a.environmentId, actor: 'scheduler' });
  let current: Timer | null = null;
  let kind: TimerKind | null = null;
  try {
    const found = await transaction(base, async (tx) => {
      current = await pick(tx, a.until);
      if (current === null) return 'none';
      kind = app.timers.of(current.kind);
      if (kind.transactional === false) {
        await lease(tx, current);
        return 'leased';
      }
      await kind.run(at(tx, current), current);
      await finish(tx, current);
      return 'done';
    });
    if (found !== 'leased' || current === null || kind === null) return found as Ending;
    await (kind as TimerKind).run(at(base, current), current);
    await finish(base, current);
    return 'done';
  } catch (error) {
    if (current === null) throw error;
    await recordFailure(base, { timer: current, error });
    return 'failed';
  }
}

/** No timer sees a now later than its own due time, except one that was armed in the past. */
function at(ctx: Ctx, timer: Timer): Ctx {
  const now = ctx.clock.now();
  return { ...ctx, clock: standingClock(Temporal.Instant.compare(timer.dueAt, now) > 0 ? timer.dueAt : now) };
}

async function pick(tx: Ctx, until: Temporal.Instant): Promise<Timer | null> {
  const now = tx.machineClock.now();
  const row = await tx.db
    .selectFrom('timers')
    .select(['id', 'kind', 'object_type', 'object_id', 'due_at', 'payload', 'attempts'])
    .where('environment_id', '=', tx.environmentId)
    .where('due_at', '<=', until)
    .where((eb) => eb.or([eb('status', '=', 'armed'), eb.and([eb('status', '=', 'firing'), eb('lease_until_wall_at', '<', now)])]))
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', now)]))
    .orderBy('due_at')
    .orderBy('seq')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return null;
  const payload = row.payload as Record<string, unknown>;
  return {
    id: row.id,
    kind: row.kind,
    objectType: row.object_type,
    objectId: row.object_id,
    dueAt: row.due_at,
    payload,
    attempts: row.attempts,
  };
}

async function lease(tx: Ctx, timer: Timer): Promise<void> {
  await update(tx, timer, { status: 'firing', lease_until_wall_at: tx.machineClock.now().add({ seconds: LEASE_SECONDS }) });
}

async function finish(tx: Ctx, timer: Timer): Promise<void> {
  await update(tx, timer, { status: 'done', lease_until_wall_at: null, next_attempt_wall_at: null });
}

async function recordFailure(ctx: Ctx, a: { timer: Timer; error: unknown }): Promise<void> {
  const attempts = a.timer.attempts + 1;
  const isDead = attempts >= RETRY_ATTEMPTS_MAX;
  ctx.log.error('timer_failed', { timer: a.timer.kind, object_id: a.timer.objectId, attempts, error: a.error });
  await update(ctx, a.timer, {
    status: isDead ? 'canceled' : 'armed',
    attempts,
    next_attempt_wall_at: isDead ? null : nextAttemptAt(ctx.app, attempts),
    error: json({ message: messageOf(a.error) }),
  });
  if (!isDead) return;
  const { kind, objectType, objectId } = a.timer;
  const title = `The timer ${kind} failed ${attempts} times and was given up`;
  const detail = { timer_id: a.timer.id, error: messageOf(a.error) };
  await buryDeadLetter(ctx.app, { environmentId: ctx.environmentId, kind: 'timer_dead', objectType, objectId, title, detail });
}

type Change = Partial<{
  status: string;
  lease_until_wall_at: Temporal.Instant | null;
  next_attempt_wall_at: Temporal.Instant | null;
  attempts: number;
  error: unknown;
}>;

async function update(ctx: Ctx, timer: Timer, change: Change): Promise<void> {
  await ctx.db.updateTable('timers').set(change).where('environment_id', '=', ctx.environmentId).where('id', '=', timer.id).execute();
}

async function dueEnvironments(app: App, environmentId: string | null): Promise<{ id: string; now: Temporal.Instant }[]> {
  const machineNow = app.machineClock.now();
  let query = app.db
    .selectFrom('environments as e')
    .select(['e.id', 'e.clock_now'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('timers as t')
          .select(sql`1`.as('one'))
          .whereRef('t.environment_id', '=', 'e.id')
          .where('t.status', 'in', ['armed', 'firing'])
          .where(sql<boolean>`t.due_at <= coalesce(e.clock_now, ${machineNow}::timestamptz)`)
          .where((inner) => inner.or([inner('t.next_attempt_wall_at', 'is', null), inner('t.next_attempt_wall_at', '<=', machineNow)])),
      ),
    )
    .orderBy('e.id')
    .limit(ENVIRONMENTS_AT_ONCE);
  if (environmentId !== null) query = query.where('e.id', '=', environmentId);
  const rows = await query.execute();
  return rows.map((row) => ({ id: row.id, now: row.clock_now ?? machineNow }));
}

async function waitingTimer(app: App, environmentId: string): Promise<Blocked | null> {
  const row = await app.db
    .selectFrom('timers as t')
    .innerJoin('environments as e', 'e.id', 't.environment_id')
    .select(['t.id', 't.kind', 't.next_attempt_wall_at'])
    .where('t.environment_id', '=', environmentId)
    .where('t.status', 'in', ['armed', 'firing'])
    .where(sql<boolean>`t.due_at <= coalesce(e.clock_now, ${app.machineClock.now()}::timestamptz)`)
    .orderBy('t.due_at')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return {
    queue: TIMERS_QUEUE,
    id: row.id,
    reason: `The timer ${row.kind} has not succeeded yet`,
    nextAttemptAt: row.next_attempt_wall_at,
  };
}
