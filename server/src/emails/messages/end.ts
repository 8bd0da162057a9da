/** Ends of a message that is not sent: canceled, refused, suppressed, expired, or held. Each says why on its timeline. */
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { appendTimeline, type TimelineKind } from './timeline.ts';

export type Ending = { id: string; reason: string; detail?: Record<string, unknown> };

type EndStatus = 'canceled' | 'refused' | 'suppressed' | 'expired' | 'held';

/** Moves messages that are not final to a status with a reason; a message that moved on meanwhile is left alone. */
async function endMessages(tx: Ctx, status: EndStatus, endings: Ending[]): Promise<void> {
  if (endings.length === 0) return;
  const values = endings.map((e) => sql`(${e.id}::text, ${e.reason}::text)`);
  const { rows } = await sql<{
    id: string;
  }>`update email_messages m set status = ${status}, reason = v.reason, updated_at = ${tx.clock.now()}, rev = m.rev + 1, lease_until_wall_at = null
    from (values ${sql.join(values)}) as v(id, reason)
    where m.environment_id = ${tx.environmentId} and m.id = v.id and m.status in ('planned','held','ready','sending') and m.status <> ${status}
    returning m.id`.execute(tx.db);
  const moved = new Set(rows.map((row) => row.id));
  const kind: TimelineKind = status;
  await appendTimeline(
    tx,
    endings.filter((e) => moved.has(e.id)).map((e) => ({ messageId: e.id, kind, detail: { reason: e.reason, ...e.detail } })),
  );
  if (status === 'held') return;
  await sql`update email_runs r set status = 'exited', exit_reason = ${status}, updated_at = ${tx.clock.now()}
    from email_messages m where m.environment_id = ${tx.environmentId} and m.id in (${sql.join([...moved, ''])}) and r.environment_id = m.environment_id and r.id = m.run_id and r.status in ('running','waiting')`.execute(
    tx.db,
  );
}

export const cancelMessages = (tx: Ctx, endings: Ending[]) => endMessages(tx, 'canceled', endings);
export const refuseMessages = (tx: Ctx, endings: Ending[]) => endMessages(tx, 'refused', endings);
export const suppressMessages = (tx: Ctx, endings: Ending[]) => endMessages(tx, 'suppressed', endings);
export const expireMessages = (tx: Ctx, endings: Ending[]) => endMessages(tx, 'expired', endings);
export const holdMessages = (tx: Ctx, endings: Ending[]) => endMessages(tx, 'held', endings);
