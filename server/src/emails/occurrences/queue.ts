/** Occurrences as their own queue: each becomes a message or a recorded "off" (order 20 of an advance round). */
import { nextAttemptAt } from '../../kit/backoff.ts';
import { type App, type Ctx, contextFor } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { messageOf } from '../../kit/errors.ts';
import { RETRY_ATTEMPTS_MAX } from '../../kit/limits.ts';
import type { Blocked, WorkQueue } from '../../kit/queues.ts';
import { type OccurrenceRow, planMessages } from '../messages/plan.ts';
import { OCCURRENCES_QUEUE } from './write.ts';

const ORDER = 20;
const BATCH = 100;

export const occurrencesQueue: WorkQueue = {
  name: OCCURRENCES_QUEUE,
  order: ORDER,
  room: 'emails',
  drain: async (app, { environmentId }) => {
    let done = 0;
    for (const id of await environmentsWithWork(app, environmentId)) done += await drainEnvironment(app, id);
    return done;
  },
  blocked: async (app, { environmentId }) => waiting(app, environmentId),
};

async function drainEnvironment(app: App, environmentId: string): Promise<number> {
  const ctx = await contextFor(app, { environmentId, actor: 'system' });
  for (let done = 0; ; ) {
    const batch = await work(ctx, BATCH);
    done += batch;
    if (batch < BATCH) return done;
  }
}

/** One batch in one transaction; when it fails, its occurrences are taken one by one, so that only the one at fault waits. */
async function work(ctx: Ctx, size: number): Promise<number> {
  try {
    return await transaction(ctx, async (tx) => {
      const rows = await claim(tx, size);
      if (rows.length > 0) await planMessages(tx, rows);
      return rows.length;
    });
  } catch (error) {
    if (size > 1) return workSingly(ctx);
    await recordFailure(ctx, error);
    return 1;
  }
}

async function workSingly(ctx: Ctx): Promise<number> {
  let done = 0;
  while (done < BATCH && (await work(ctx, 1)) > 0) done += 1;
  return done;
}

async function claim(tx: Ctx, size: number): Promise<OccurrenceRow[]> {
  const now = tx.machineClock.now();
  return tx.db
    .selectFrom('email_occurrences')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('status', '=', 'new')
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', now)]))
    .orderBy('id')
    .limit(size)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** The first runnable row is the one that failed: the transaction that claimed it rolled back. */
async function recordFailure(ctx: Ctx, error: unknown): Promise<void> {
  await transaction(ctx, async (tx) => {
    const [row] = await claim(tx, 1);
    if (!row) return;
    const attempts = row.attempts + 1;
    const dead = attempts >= RETRY_ATTEMPTS_MAX;
    tx.log.error('occurrence_failed', { object_id: row.object_id, name: row.trigger, attempts, error });
    await tx.db
      .updateTable('email_occurrences')
      .set({
        attempts,
        status: dead ? 'failed' : 'new',
        reason: messageOf(error).slice(0, 300),
        next_attempt_wall_at: dead ? null : nextAttemptAt(tx.app, attempts),
      })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', row.id)
      .execute();
  });
}

async function environmentsWithWork(app: App, environmentId: string | null): Promise<string[]> {
  const fresh = app.db.selectFrom('email_occurrences').select('environment_id').where('status', '=', 'new');
  const rows =
    environmentId === null ? await fresh.distinct().execute() : await fresh.where('environment_id', '=', environmentId).limit(1).execute();
  return rows.map((row) => row.environment_id);
}

async function waiting(app: App, environmentId: string): Promise<Blocked | null> {
  const row = await app.db
    .selectFrom('email_occurrences')
    .select(['id', 'reason', 'next_attempt_wall_at'])
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'new')
    .limit(1)
    .executeTakeFirst();
  return row
    ? {
        queue: OCCURRENCES_QUEUE,
        id: row.id,
        reason: row.reason ?? 'The occurrence has not been worked on yet',
        nextAttemptAt: row.next_attempt_wall_at,
      }
    : null;
}
