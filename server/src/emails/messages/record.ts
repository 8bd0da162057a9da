/** What a transport answered, as state (P9, P11, D2, D6). Only the holder of the claim's epoch may write it. */
import { sql } from 'kysely';
import type { App, Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import type { SendAnswer } from '../transport.ts';
import { markFailing } from '../transports/failing.ts';
import type { Result } from './deliver.ts';
import { appendTimeline } from './timeline.ts';

/** Backoff of a mail the provider refused for now: 10 s to 1 h with jitter (D3). */
const BACKOFF_FIRST_MS = 10_000;
const BACKOFF_MOST_MS = 3_600_000;

type Outcome = {
  status: 'sent' | 'failed' | 'ready' | 'unknown';
  reason: string | null;
  providerId: string | null;
  nextAttempt: Temporal.Instant | null;
};

/** Writes the answers of a batch. A claim that was lost meanwhile writes nothing. */
export async function recordAnswers(tx: Ctx, results: Result[]): Promise<void> {
  if (results.length === 0) return;
  const outcomes = results.map((result) => ({ ...result, outcome: outcomeOf(tx, result) }));
  const now = tx.clock.now();
  const values = outcomes.map(
    ({ message, outcome, transportId }) =>
      sql`(${message.id}::text, ${message.epoch}::bigint, ${outcome.status}::text, ${outcome.reason}::text, ${outcome.providerId}::text, ${outcome.nextAttempt}::timestamptz, ${transportId}::text)`,
  );
  const { rows } = await sql<{
    id: string;
    status: string;
  }>`update email_messages m set status = v.status, reason = v.reason, provider_message_id = coalesce(v.provider_id, m.provider_message_id), next_attempt_wall_at = v.next_attempt,
      transport_id = v.transport_id, lease_until_wall_at = null, updated_at = ${now}, rev = m.rev + 1, sent_at = case when v.status = 'sent' then ${now}::timestamptz else m.sent_at end
    from (values ${sql.join(values)}) as v(id, epoch, status, reason, provider_id, next_attempt, transport_id)
    where m.environment_id = ${tx.environmentId} and m.id = v.id and m.epoch = v.epoch and m.status = 'sending' returning m.id, m.status`.execute(
    tx.db,
  );
  const written = new Set(rows.map((row) => row.id));
  await appendTimeline(
    tx,
    outcomes
      .filter((o) => written.has(o.message.id))
      .map(({ message, answer, transportId }) => ({ messageId: message.id, kind: 'result', detail: detailOf(answer), transportId })),
  );
  await markFailing(
    tx,
    outcomes.flatMap(({ answer, transportId }) =>
      answer.kind === 'paused' && transportId !== null ? [{ transportId, code: answer.code }] : [],
    ),
  );
  const sent = rows.filter((row) => row.status === 'sent').map((row) => row.id);
  if (sent.length === 0) return;
  await sql`update email_runs r set status = 'completed', updated_at = ${now} from email_messages m
    where m.environment_id = ${tx.environmentId} and m.id in (${sql.join(sent)}) and r.environment_id = m.environment_id and r.id = m.run_id and r.status in ('running','waiting')`.execute(
    tx.db,
  );
}

function outcomeOf(tx: Ctx, { message, answer }: Result): Outcome {
  const none = { providerId: null, nextAttempt: null };
  switch (answer.kind) {
    case 'accepted':
      return { ...none, status: 'sent', reason: null, providerId: answer.providerId };
    case 'rejected':
      return { ...none, status: 'failed', reason: `rejected: ${answer.code}` };
    case 'uncertain':
      return { ...none, status: 'unknown', reason: `uncertain: ${answer.phase}` };
    case 'throttled':
      return {
        ...none,
        status: 'ready',
        reason: `throttled: ${answer.code}`,
        nextAttempt: later(tx, Math.max(answer.retryAfterMs, backoffMs(tx, message.attempts))),
      };
    case 'paused':
      return { ...none, status: 'ready', reason: `paused: ${answer.code}`, nextAttempt: later(tx, backoffMs(tx, message.attempts)) };
  }
}

function backoffMs(tx: Ctx, attempts: number): number {
  const plain = Math.min(BACKOFF_FIRST_MS * 2 ** Math.max(0, attempts - 1), BACKOFF_MOST_MS);
  return Math.round(plain * (1 + 0.2 * tx.app.ids.fraction()));
}

const later = (tx: Ctx, ms: number) => tx.machineClock.now().add({ milliseconds: Math.round(ms) });

function detailOf(answer: SendAnswer): Record<string, unknown> {
  switch (answer.kind) {
    case 'accepted':
      return { result: 'accepted', provider_id: answer.providerId };
    case 'throttled':
      return { result: 'throttled', code: answer.code };
    case 'uncertain':
      return { result: 'uncertain', phase: answer.phase, text: answer.text.slice(0, 300) };
    default:
      return { result: answer.kind, code: answer.code, text: answer.text.slice(0, 300) };
  }
}

/**
 * M1: a claim whose lease ran out belongs to a process that died or froze. Where nothing was handed over yet, or the transport recognizes a
 * repeated key, the message is sent again; otherwise it is `unknown`, and nothing is resent.
 */
export async function resolveExpiredLeases(ctx: Ctx): Promise<number> {
  const rows = await ctx.db
    .selectFrom('email_messages as m')
    .leftJoin('email_transports as t', (join) =>
      join.onRef('t.environment_id', '=', 'm.environment_id').onRef('t.id', '=', 'm.transport_id'),
    )
    .select(['m.id', 'm.epoch', 'm.handed_epoch', 't.kind'])
    .where('m.environment_id', '=', ctx.environmentId)
    .where('m.status', '=', 'sending')
    .where('m.lease_until_wall_at', '<', ctx.machineClock.now())
    .execute();
  for (const row of rows) await transaction(ctx, (tx) => resolveOne(tx, row));
  return rows.length;
}

/** On the embedded engine whoever held these died with its process: nobody has to wait for their leases. */
export async function endDeadLeases(app: App): Promise<void> {
  const past = app.machineClock.now().subtract({ seconds: 1 });
  await app.db.updateTable('email_messages').set({ lease_until_wall_at: past }).where('status', '=', 'sending').execute();
}

type Expired = { id: string; epoch: bigint; handed_epoch: bigint | null; kind: string | null };

async function resolveOne(tx: Ctx, row: Expired): Promise<void> {
  // Captured mail keeps one mail per Message-ID; other SMTP servers would deliver a second one.
  const isUntouched = row.kind !== null && row.handed_epoch !== row.epoch;
  const again = row.kind === 'inbox' || isUntouched;
  // The condition on handed_epoch: a frozen process that wakes up right now either hands over or is refused, never both.
  const { numAffectedRows } =
    await sql`update email_messages set status = ${again ? 'ready' : 'unknown'}, reason = 'lease_expired', lease_until_wall_at = null, rev = rev + 1
    where environment_id = ${tx.environmentId} and id = ${row.id} and epoch = ${row.epoch} and status = 'sending'
      and handed_epoch is not distinct from ${row.handed_epoch}::bigint`.execute(tx.db);
  if (numAffectedRows === 1n)
    await appendTimeline(tx, [
      { messageId: row.id, kind: 'result', detail: { result: again ? 'sent_again' : 'unknown', reason: 'lease_expired' } },
    ]);
}
