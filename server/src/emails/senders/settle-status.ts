/** Brings a sender's status in line with what it has proved; mail that waited for that is prepared again. */
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { afterCommit } from '../../kit/database.ts';
import { MAIL_QUEUE } from '../messages/names.ts';
import { decideStatus } from './decide-status.ts';
import { lockSender } from './queries.ts';
import type { DnsState, SenderRecord } from './sender.ts';

/** Writes the status that follows from the row as it is now. Answers the row. */
export async function settleStatus(tx: Ctx, id: string): Promise<SenderRecord> {
  const row = await lockSender(tx, id);
  const status = decideStatus({
    mode: tx.mode,
    status: row.status,
    isCaptured: await isCaptured(tx, row.transport_id),
    wasTestReceived: row.test_received_wall_at !== null,
    dns: row.dns as DnsState,
  });
  if (status === row.status) return row;
  const after = await tx.db
    .updateTable('email_senders')
    .set((eb) => ({ status, updated_at: tx.machineClock.now(), rev: eb('rev', '+', 1n) }))
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (status === 'verified') await releaseHeld(tx);
  return after;
}

async function isCaptured(tx: Ctx, transportId: string | null): Promise<boolean> {
  if (transportId === null) return false;
  const row = await tx.db
    .selectFrom('email_transports')
    .select('kind')
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', transportId)
    .executeTakeFirst();
  return row?.kind === 'inbox';
}

/** What was held for want of a verified sender is planned anew: facts, guards and age are looked at again before anything leaves. */
async function releaseHeld(tx: Ctx): Promise<void> {
  await sql`update email_messages set status = 'planned', reason = null, generation = generation + 1, rev = rev + 1, updated_at = ${tx.clock.now()}
    where environment_id = ${tx.environmentId} and status = 'held' and reason = 'sender_not_verified'`.execute(tx.db);
  afterCommit(tx, () => tx.app.wake(MAIL_QUEUE, tx.environmentId));
}
