/**
 * D2: wrong credentials, an unknown host or an exhausted account are the transport's trouble, not the message's. The transport is marked, an
 * operator is told, its messages wait without using up attempts, and every ten minutes it is asked again whether it takes us.
 */
import { sql } from 'kysely';
import { closeOperatorTask, openOperatorTask } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { MailTransportsPort, type TransportKind } from '../transport.ts';
import { openConfig, type TransportRecord } from './transport.ts';

const CHECK_EVERY_MS = 10 * 60_000;
/** A message of a transport that does not work is looked at again after this. */
const WAIT_SECONDS = 60;
const REASON_CHARS = 200;

export const taskKey = (transportId: string): string => `email_transport_failing:${transportId}`;

/** Marks transports that refused us as a whole. A person's pause stays a pause. */
export async function markFailing(tx: Ctx, failures: { transportId: string; code: string }[]): Promise<void> {
  const wall = tx.machineClock.now();
  for (const { transportId, code } of new Map(failures.map((failure) => [failure.transportId, failure])).values()) {
    const row = await tx.db
      .updateTable('email_transports')
      .set({ status: 'failing', status_reason: code.slice(0, REASON_CHARS), checked_wall_at: wall })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', transportId)
      .where('status', '=', 'active')
      .where('kind', '<>', 'inbox')
      .returning('name')
      .executeTakeFirst();
    if (!row) continue;
    await openOperatorTask(tx, {
      kind: 'email_transport_failing',
      severity: 'critical',
      objectType: 'email_transport',
      objectId: transportId,
      dedupeKey: taskKey(transportId),
      title: `The mail server ${row.name} refuses us (${code}): its mail waits`,
      detail: { code },
    });
  }
}

/** Puts off messages whose transport does not work; they use up no attempt. */
export async function postpone(tx: Ctx, ids: string[], reason: string): Promise<void> {
  if (ids.length === 0) return;
  const at = tx.machineClock.now().add({ seconds: WAIT_SECONDS });
  await sql`update email_messages set next_attempt_wall_at = ${at}, reason = ${reason}, rev = rev + 1
    where environment_id = ${tx.environmentId} and id in (${sql.join(ids)}) and status = 'ready'`.execute(tx.db);
}

/** What waited for a transport is tried at once. */
export async function resumeMessages(tx: Ctx): Promise<void> {
  await tx.db
    .updateTable('email_messages')
    .set((eb) => ({ next_attempt_wall_at: null, rev: eb('rev', '+', 1n) }))
    .where('environment_id', '=', tx.environmentId)
    .where('status', '=', 'ready')
    .where('next_attempt_wall_at', 'is not', null)
    .where((eb) => eb.or([eb('reason', 'like', 'paused:%'), eb('reason', 'like', 'transport_%')]))
    .execute();
}

export type Verdict = { ok: true } | { ok: false; code: string; text: string };

/** Asks a transport whether it answers and takes our credentials, and brings its status in line. Sends nothing. */
export async function checkTransport(ctx: Ctx, row: TransportRecord): Promise<Verdict> {
  const { id, kind, rev } = row;
  const opened = ctx.app.ports
    .get(MailTransportsPort)
    .open(ctx, { id, kind: kind as TransportKind, rev, config: openConfig(ctx.app, row) });
  const verdict = await opened.verify();
  await transaction(ctx, async (tx) => {
    await tx.db
      .updateTable('email_transports')
      .set({
        checked_wall_at: tx.machineClock.now(),
        ...(verdict.ok && row.status === 'failing' ? { status: 'active', status_reason: null } : {}),
      })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      // What was asked about were these settings; changed ones are asked about anew.
      .where('rev', '=', rev)
      .execute();
    if (!verdict.ok) return markFailing(tx, [{ transportId: id, code: verdict.code }]);
    await closeOperatorTask(tx, { dedupeKey: taskKey(id), note: 'The mail server takes us again.' });
    await resumeMessages(tx);
  });
  return verdict;
}

/** Failing transports that were not asked for ten minutes. */
export async function recheckFailing(ctx: Ctx): Promise<void> {
  const due = ctx.machineClock.now().subtract({ milliseconds: CHECK_EVERY_MS });
  const rows = await ctx.db
    .selectFrom('email_transports')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('status', '=', 'failing')
    .where((eb) => eb.or([eb('checked_wall_at', 'is', null), eb('checked_wall_at', '<=', due)]))
    .execute();
  for (const row of rows) await checkTransport(ctx, row);
}
