import { nextAttemptAt } from '../../../kit/backoff.ts';
import type { Ctx } from '../../../kit/context.ts';
import { buryDeadLetter } from '../../../kit/dead-letters.ts';
import { messageOf } from '../../../kit/errors.ts';
import { RETRY_ATTEMPTS_MAX } from '../../../kit/limits.ts';
import { redact } from '../../../kit/redact.ts';
import type { Connection } from '../connection/connection.ts';
import { markDegraded, markRevoked } from '../connection/revoke.ts';
import { isFailure } from '../failure.ts';
import { Unreadable } from '../pull/unreadable.ts';
import { type InboxRow, markFailed } from './queries.ts';

/** How long a busy Stripe is left alone where it names no time. */
const SNOOZE_SECONDS = 2;

/**
 * Writes down why events could not be worked off, and what comes next: unreadable → quarantine; a busy Stripe → later, not counted as a try;
 * a refused credential → the connection stops and the events wait; anything else → again with growing pauses, then dead. Answers how
 * many rows are finished with.
 */
export async function recordFailure(ctx: Ctx, a: { connection: Connection; rows: readonly InboxRow[]; error: unknown }): Promise<number> {
  const { connection, error } = a;
  ctx.log.warn('inbox_failed', { connection_id: connection.id, event_id: a.rows[0]?.eventId ?? '', error });
  if (isFailure(error, 'revoked')) {
    await markRevoked(ctx, { connectionId: connection.id, reason: error.message });
    return 0;
  }
  if (isFailure(error, 'forbidden'))
    await markDegraded(ctx, { connectionId: connection.id, reason: `missing permission ${error.detail.permission ?? ''}`.trim() });
  let finished = 0;
  for (const row of a.rows) finished += await endOrPostpone(ctx, { row, error });
  return finished;
}

async function endOrPostpone(ctx: Ctx, a: { row: InboxRow; error: unknown }): Promise<number> {
  const { row, error } = a;
  const detail = { message: redact(messageOf(error)).slice(0, 500), name: error instanceof Error ? error.name : 'unknown' };
  if (error instanceof Unreadable || isFailure(error, 'invalid')) {
    await markFailed(ctx, {
      row,
      ending: { status: 'quarantined', attempts: row.attempts + 1 },
      error: { ...detail, reason: detail.message },
    });
    await bury(ctx, { row, kind: 'stripe_event_quarantined', title: `A Stripe event could not be read: ${row.type}` });
    return 1;
  }
  // Where Stripe says not to come back with this, it counts as a try like any other.
  if (isFailure(error, 'rate_limited') && error.detail.shouldRetry !== false) {
    const at = ctx.machineClock.now().add({ seconds: Math.ceil(error.detail.retryAfterSeconds ?? SNOOZE_SECONDS) });
    await markFailed(ctx, {
      row,
      ending: { status: row.status === 'failed' ? 'failed' : 'received', attempts: row.attempts, nextAttemptAt: at },
      error: detail,
    });
    return 0;
  }
  const attempts = row.attempts + 1;
  if (attempts >= RETRY_ATTEMPTS_MAX) {
    await markFailed(ctx, { row, ending: { status: 'dead', attempts }, error: detail });
    await bury(ctx, { row, kind: 'stripe_event_dead', title: `A Stripe event failed ${attempts} times: ${row.type}` });
    return 1;
  }
  await markFailed(ctx, { row, ending: { status: 'failed', attempts, nextAttemptAt: nextAttemptAt(ctx.app, attempts) }, error: detail });
  return 0;
}

function bury(ctx: Ctx, a: { row: InboxRow; kind: string; title: string }): Promise<void> {
  const detail = { event_id: a.row.eventId, type: a.row.type, object: a.row.objectId };
  return buryDeadLetter(ctx.app, {
    environmentId: ctx.environmentId,
    kind: a.kind,
    objectType: 'stripe_event',
    objectId: a.row.id,
    title: a.title,
    detail,
  });
}
