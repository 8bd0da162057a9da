/** Runs of the full sweep: nightly, on demand and after a silence too long for the event list (reliability.md 9). */
import type { Selectable } from 'kysely';
import { writeAudit } from '../../../accounts/index.ts';
import { nextAttemptAt } from '../../../kit/backoff.ts';
import { claimWork, LostClaim, releaseClaim, renewClaim } from '../../../kit/claims.ts';
import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { afterCommit, json, transaction } from '../../../kit/database.ts';
import { isUniqueViolation, messageOf, Refusal, refuse } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { RETRY_ATTEMPTS_MAX } from '../../../kit/limits.ts';
import type { WorkQueue } from '../../../kit/queues.ts';
import type { DB } from '../../../kit/schema.generated.ts';
import { isFailure } from '../failure.ts';
import { newestCursor } from '../inbox/poll.ts';
import { type SweepState, sweepAccount } from '../pull/sweep.ts';
import { forgetOldBuckets } from '../rate-limiter.ts';
import { apiOf } from '../runtime.ts';
import type { Connection } from './connection.ts';
import { lastNight } from './last-night.ts';
import { getConnection, updateConnection, workingConnections } from './queries.ts';
import { markRevoked } from './revoke.ts';

export type ReconcileRun = Selectable<DB['reconcile_runs']>;
export type ReconcileTrigger = 'nightly' | 'manual' | 'after_outage';

const QUEUE = 'stripe_reconcile';
const LEASE_SECONDS = 600;

/** Starts a run; 409 where one is under way. Audited. The work is done by the queue. */
export async function startReconcile(ctx: Ctx, a: { connection: Connection; trigger: ReconcileTrigger }): Promise<ReconcileRun> {
  const { connection, trigger } = a;
  if (connection.status !== 'active' && connection.status !== 'degraded')
    refuse({ status: 409, code: 'connection_not_working', message: `The connection ${connection.id} is ${connection.status}.` });
  try {
    return await transaction(ctx, async (tx) => {
      const row = await tx.db
        .insertInto('reconcile_runs')
        .values({
          environment_id: tx.environmentId,
          id: newId(tx, 'reconcile'),
          connection_id: connection.id,
          trigger,
          started_wall_at: tx.machineClock.now(),
          actor: tx.actor,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await writeAudit(tx, {
        action: 'reconcile.started',
        objectType: 'connection',
        objectId: connection.id,
        after: { run: row.id, trigger },
      });
      afterCommit(tx, () => tx.app.wake(QUEUE, tx.environmentId));
      return row;
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'reconcile_runs_running')) throw error;
    refuse({ status: 409, code: 'reconcile_running', message: 'A sweep of this connection is under way.' });
  }
}

/** After too long a silence the list of events no longer tells: the cursor moves to the present, and the objects are swept. Answers 1. */
export async function startOver(ctx: Ctx, connection: Connection): Promise<number> {
  const cursor = await newestCursor(await apiOf(ctx, connection, 'reconcile'));
  // First the run: who dies in between starts over once more.
  await startReconcile(ctx, { connection, trigger: 'after_outage' }).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.code === 'reconcile_running')) throw error;
  });
  await updateConnection(ctx, connection.id, { poll_cursor: cursor, last_poll_wall_at: ctx.machineClock.now(), poll_failures: 0 });
  return 1;
}

/** The runs of a connection, newest first; `limit + 1` rows. */
export function listReconcileRuns(
  ctx: Ctx,
  a: { connectionId: string; limit: number; cursor?: string | undefined },
): Promise<ReconcileRun[]> {
  let query = ctx.db
    .selectFrom('reconcile_runs')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('connection_id', '=', a.connectionId);
  if (a.cursor !== undefined) query = query.where('id', '<', a.cursor);
  return query
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
}

/** Works off what runs, and by night starts what is due. Runs follow the host's time: an advance of simulated time does not wait for them. */
export const reconcileQueue: WorkQueue = {
  name: QUEUE,
  order: 90,
  room: 'stripe',
  drain: async (app, { environmentId }) => {
    let done = 0;
    if (environmentId === null) await startNightly(app);
    for (const run of await dueRuns(app, environmentId)) {
      const ctx = await contextFor(app, { environmentId: run.environment_id, actor: 'import' });
      done += (await continueRun(ctx, run.id)) ? 1 : 0;
    }
    return done;
  },
  blocked: () => Promise.resolve(null),
};

async function startNightly(app: App): Promise<void> {
  const rows = await app.db
    .selectFrom('stripe_connections as c')
    .innerJoin('environments as e', 'e.id', 'c.environment_id')
    .select(['c.id', 'c.environment_id', 'c.settled_at', 'e.time_zone'])
    .select((eb) =>
      eb
        .selectFrom('reconcile_runs as r')
        .select((inner) => inner.fn.max('r.started_wall_at').as('last'))
        .whereRef('r.environment_id', '=', 'c.environment_id')
        .whereRef('r.connection_id', '=', 'c.id')
        .as('last'),
    )
    .where('c.status', 'in', ['active', 'degraded'])
    .where('c.settled_at', 'is not', null)
    .execute();
  const now = app.machineClock.now();
  for (const row of rows) {
    const night = lastNight({ now, timeZone: row.time_zone, spreadBy: row.id });
    const since = row.last ?? row.settled_at;
    if (since !== null && Temporal.Instant.compare(since as Temporal.Instant, night) >= 0) continue;
    const ctx = await contextFor(app, { environmentId: row.environment_id, actor: 'scheduler' });
    await startReconcile(ctx, { connection: await getConnection(ctx, row.id), trigger: 'nightly' }).catch((error: unknown) =>
      ctx.log.warn('sweep_not_started', { connection_id: row.id, reason: messageOf(error) }),
    );
  }
}

async function dueRuns(app: App, environmentId: string | null): Promise<{ id: string; environment_id: string }[]> {
  let query = app.db.selectFrom('reconcile_runs').select(['id', 'environment_id']).where('status', '=', 'running');
  if (environmentId !== null) query = query.where('environment_id', '=', environmentId);
  return query
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', app.machineClock.now())]))
    .orderBy('id')
    .execute();
}

/** Goes on with a run; false where somebody else does, or where it has to be tried again later. */
export async function continueRun(ctx: Ctx, id: string): Promise<boolean> {
  const claim = await claimWork(ctx, { kind: 'stripe_reconcile', subjectId: id, leaseSeconds: LEASE_SECONDS });
  if (claim === null) return false;
  try {
    const run = await getRun(ctx, id);
    if (run.status !== 'running') return false;
    const connection = (await workingConnections(ctx.app, ctx.environmentId)).find((one) => one.id === run.connection_id);
    if (connection === undefined) return await end(ctx, id, { status: 'canceled', reason: 'The connection was removed or revoked.' });
    const source = { ctx, api: await apiOf(ctx, connection, 'reconcile'), connection };
    const save = async (state: SweepState) => {
      ctx.app.lifetime.signal.throwIfAborted();
      await renewClaim(ctx, claim, LEASE_SECONDS);
      await saveState(ctx, id, state);
    };
    const { cursors, checked, repaired, gone, errors } = run;
    const ended = await sweepAccount(source, {
      state: { cursor: cursors as SweepState['cursor'], counts: { checked, repaired, gone, errors } },
      save,
    });
    await saveState(ctx, id, ended);
    await forgetOldBuckets(ctx.app, connection);
    return await end(ctx, id, { status: 'done', reason: null });
  } catch (error) {
    if (error instanceof LostClaim || ctx.app.lifetime.signal.aborted) return false;
    await putOff(ctx, id, error);
    return false;
  } finally {
    await releaseClaim(ctx, claim);
  }
}

async function getRun(ctx: Ctx, id: string): Promise<ReconcileRun> {
  return ctx.db
    .selectFrom('reconcile_runs')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

async function saveState(ctx: Ctx, id: string, { cursor, counts }: SweepState): Promise<void> {
  await ctx.db
    .updateTable('reconcile_runs')
    .set({ cursors: json(cursor), ...counts, attempts: 0 })
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .execute();
}

async function end(ctx: Ctx, id: string, a: { status: 'done' | 'failed' | 'canceled'; reason: string | null }): Promise<boolean> {
  await ctx.db
    .updateTable('reconcile_runs')
    .set({ ...a, finished_wall_at: ctx.machineClock.now() })
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute();
  return true;
}

/** An error never counts as done: the run goes on later where it stood, and after twelve tries says why it does not. */
async function putOff(ctx: Ctx, id: string, error: unknown): Promise<void> {
  const run = await getRun(ctx, id);
  ctx.log.warn('sweep_failed', { connection_id: run.connection_id, error });
  if (isFailure(error, 'revoked')) await markRevoked(ctx, { connectionId: run.connection_id, reason: error.message });
  const attempts = run.attempts + 1;
  if (attempts >= RETRY_ATTEMPTS_MAX) {
    await end(ctx, id, { status: 'failed', reason: messageOf(error) });
    return;
  }
  await ctx.db
    .updateTable('reconcile_runs')
    .set({ attempts, reason: messageOf(error), next_attempt_wall_at: nextAttemptAt(ctx.app, attempts) })
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .execute();
}
