/** The append-only story of a message (G2). */
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { json } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';

export type TimelineKind =
  | 'occurrence'
  | 'route'
  | 'planned'
  | 'held'
  | 'released'
  | 'facts'
  | 'guards'
  | 'rendered'
  | 'refused'
  | 'ready'
  | 'attempt'
  | 'result'
  | 'canceled'
  | 'suppressed'
  | 'expired'
  | 'link_visited'
  | 'retried';
export type TimelineEntry = { messageId: string; kind: TimelineKind; detail?: Record<string, unknown>; transportId?: string | null };

/** Appends rows, in the order given, in one statement of one parameter. Call it in the transaction of the change it tells of. */
export async function appendTimeline(tx: Ctx, entries: TimelineEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const counts = new Map<string, number>();
  const rows = entries.map((entry) => {
    const nth = (counts.get(entry.messageId) ?? 0) + 1;
    counts.set(entry.messageId, nth);
    const { messageId, kind, detail = {}, transportId = null } = entry;
    return { id: newId(tx, 'timeline'), message_id: messageId, nth, kind, detail, transport_id: transportId };
  });
  await sql`
    insert into email_timeline (environment_id, id, message_id, seq, kind, at, at_wall_at, detail, transport_id)
    select ${tx.environmentId}, e.id, e.message_id, coalesce(last.seq, 0) + e.nth, e.kind,
           ${tx.clock.now().toString()}::timestamptz, ${tx.machineClock.now().toString()}::timestamptz, e.detail, e.transport_id
    from jsonb_to_recordset(${json(rows)}) as e(id text, message_id text, nth int, kind text, detail jsonb, transport_id text)
    left join lateral (
      select max(t.seq) as seq from email_timeline t where t.environment_id = ${tx.environmentId} and t.message_id = e.message_id
    ) as last on true`.execute(tx.db);
}
