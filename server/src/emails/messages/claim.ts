/** Ready → sending (P9): in one transaction the message is claimed, its address checked against suppressions and the environment's safety rule. */
import { sql } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { LEASE_SECONDS } from '../../kit/limits.ts';
import { addressHash, blockedBy, lockAddresses, suppressedAddresses } from '../suppressions/suppressed.ts';
import { postpone } from '../transports/failing.ts';
import { isSendableAddress } from './address.ts';
import { type Ending, expireMessages, holdMessages, suppressMessages } from './end.ts';
import type { Outgoing } from './outgoing.ts';
import type { MessageRow } from './settle.ts';
import { appendTimeline } from './timeline.ts';

/** A frozen text that waited this long unsent is rendered again (P8). */
const STALE_MINUTES = 15;

export type Claimed = { messages: MessageRow[]; notAllowListed: MessageRow[]; handled: number };

/** Claims up to `limit` messages, transactional before marketing (P10). What may not be sent ends here, in the same transaction. */
export async function claimMessages(ctx: Ctx, a: { limit: number; outgoing: Outgoing }): Promise<Claimed> {
  return transaction(ctx, async (tx) => {
    const rows = await readyMessages(tx, a.limit);
    if (rows.length === 0) return { messages: [], notAllowListed: [], handled: 0 };
    const hashes = new Map(rows.map((m) => [m.id, addressHash(tx.app, tx.environmentId, m.to_address ?? '')]));
    await lockAddresses(tx, [...hashes.values()]);
    const suppressed = await suppressedAddresses(tx, [...hashes.values()]);
    const ends = { suppress: [] as Ending[], expire: [] as Ending[], hold: [] as Ending[] };
    const go: MessageRow[] = [];
    const stale: MessageRow[] = [];
    const notAllowListed: MessageRow[] = [];
    const waiting: string[] = [];
    for (const m of rows) {
      const blocked = blockedBy(suppressed.get(hashes.get(m.id)!), m.class);
      if (blocked) ends.suppress.push({ id: m.id, reason: blocked });
      else if (!m.to_address || !isSendableAddress(m.to_address)) ends.suppress.push({ id: m.id, reason: 'invalid_address' });
      else if (m.expires_at && Temporal.Instant.compare(m.expires_at, tx.clock.now()) <= 0)
        ends.expire.push({ id: m.id, reason: 'max_age' });
      else if (isStale(m, tx.machineClock.now())) stale.push(m);
      else if (tx.mode === 'test' && !a.outgoing.allows(m.to_address)) {
        ends.hold.push({ id: m.id, reason: 'not_allow_listed' });
        notAllowListed.push(m);
      } else if (tx.mode === 'live' && !a.outgoing.senderOf(m)?.verified) ends.hold.push({ id: m.id, reason: 'sender_not_verified' });
      else if (!hasWay(m, a.outgoing)) waiting.push(m.id);
      else go.push(m);
    }
    await postpone(tx, waiting, 'transport_unavailable');
    await suppressMessages(tx, ends.suppress);
    await expireMessages(tx, ends.expire);
    await holdMessages(tx, ends.hold);
    await renderAgain(tx, stale);
    return { messages: await markSending(tx, go, a.outgoing), notAllowListed, handled: rows.length };
  });
}

/** Whether there is anything to claim: far the most rounds find nothing. */
export async function hasReady(ctx: Ctx): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('email_messages')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('status', '=', 'ready')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function readyMessages(tx: Ctx, limit: number): Promise<MessageRow[]> {
  const now = tx.machineClock.now();
  return tx.db
    .selectFrom('email_messages')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('status', '=', 'ready')
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', now)]))
    .orderBy(sql`(class = 'marketing')`)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Whether a transport that works would carry it (D2: a transport in trouble holds its queue and fails no message). */
function hasWay(m: MessageRow, outgoing: Outgoing): boolean {
  const sender = outgoing.senderOf(m);
  return sender !== null && outgoing.transportOf(sender)?.status === 'active';
}

/** Nothing of it was ever handed to a transport, and its text is old. */
function isStale(m: MessageRow, now: Temporal.Instant): boolean {
  return m.epoch === 0n && m.ready_wall_at !== null && Temporal.Instant.compare(m.ready_wall_at.add({ minutes: STALE_MINUTES }), now) < 0;
}

async function renderAgain(tx: Ctx, stale: MessageRow[]): Promise<void> {
  if (stale.length === 0) return;
  await tx.db
    .updateTable('email_messages')
    .set((eb) => ({ status: 'planned', generation: eb('generation', '+', 1), rev: eb('rev', '+', 1n) }))
    .where('environment_id', '=', tx.environmentId)
    .where(
      'id',
      'in',
      stale.map((m) => m.id),
    )
    .execute();
}

async function markSending(tx: Ctx, go: MessageRow[], outgoing: Outgoing): Promise<MessageRow[]> {
  if (go.length === 0) return [];
  const lease = tx.machineClock.now().add({ seconds: LEASE_SECONDS });
  const wayOf = (m: MessageRow) => {
    const sender = outgoing.senderOf(m);
    return sender ? (outgoing.transportOf(sender)?.id ?? null) : null;
  };
  // The transport is written down before the call: who finds the claim abandoned must know whether that transport forgives a repeat.
  const values = go.map((m) => sql`(${m.id}::text, ${wayOf(m)}::text)`);
  const { rows } = await sql<{
    id: string;
    epoch: bigint;
    attempts: number;
    rev: bigint;
  }>`update email_messages m set status = 'sending', epoch = m.epoch + 1, attempts = m.attempts + 1, lease_until_wall_at = ${lease}, transport_id = v.transport_id,
      rev = m.rev + 1, updated_at = ${tx.clock.now()}
    from (values ${sql.join(values)}) as v(id, transport_id)
    where m.environment_id = ${tx.environmentId} and m.id = v.id returning m.id, m.epoch, m.attempts, m.rev`.execute(tx.db);
  const claimed = new Map(rows.map((row) => [row.id, row]));
  await appendTimeline(
    tx,
    go.map((m) => ({ messageId: m.id, kind: 'attempt', detail: { number: claimed.get(m.id)!.attempts } })),
  );
  return go.map((m) => ({ ...m, ...claimed.get(m.id)!, status: 'sending' }));
}
