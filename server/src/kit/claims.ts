import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { Ctx } from './context.ts';
import { assertNoTransaction } from './database.ts';
import { LEASE_SECONDS } from './limits.ts';

/** A subject held for work that spans a network call: a lease in the database's time, and an epoch that fences late writers. */
export type Claim = { kind: string; subjectId: string; epoch: bigint; attempts: number };

/** Somebody else has taken the subject meanwhile: end silently. */
export class LostClaim extends Error {
  override name = 'LostClaim';
}

const HOLDER = `${hostname()}:${process.pid}`;

/** Claims the subject and commits that before any work; null where somebody holds it (reliability.md 8). */
export async function claimWork(ctx: Ctx, a: { kind: string; subjectId: string; leaseSeconds?: number }): Promise<Claim | null> {
  assertNoTransaction(`claimWork(${a.kind})`);
  const lease = `${a.leaseSeconds ?? LEASE_SECONDS} seconds`;
  const { rows } = await sql<{ epoch: bigint; attempts: number }>`
    insert into work_claims (environment_id, kind, subject_id, holder, lease_until, attempts)
    values (${ctx.environmentId}, ${a.kind}, ${a.subjectId}, ${HOLDER}, clock_timestamp() + ${lease}::interval, 1)
    on conflict (environment_id, kind, subject_id) do update
      set epoch = work_claims.epoch + 1, holder = excluded.holder, lease_until = excluded.lease_until, attempts = work_claims.attempts + 1
      where work_claims.lease_until is null or work_claims.lease_until < clock_timestamp()
    returning epoch, attempts`.execute(ctx.db);
  const row = rows[0];
  return row ? { kind: a.kind, subjectId: a.subjectId, epoch: row.epoch, attempts: row.attempts } : null;
}

/** Extends the lease of long work; throws LostClaim where it is gone. */
export async function renewClaim(ctx: Ctx, claim: Claim, leaseSeconds: number = LEASE_SECONDS): Promise<void> {
  const { rows } = await sql`
    update work_claims set lease_until = clock_timestamp() + ${`${leaseSeconds} seconds`}::interval
    where environment_id = ${ctx.environmentId} and kind = ${claim.kind} and subject_id = ${claim.subjectId} and epoch = ${claim.epoch}
    returning epoch`.execute(ctx.db);
  if (rows.length === 0) throw new LostClaim(`${claim.kind} ${claim.subjectId}`);
}

/** First statement of every transaction under the claim: nobody can take it before the commit. Throws LostClaim where it is gone. */
export async function fence(tx: Ctx, claim: Claim): Promise<void> {
  if (!tx.inTransaction) throw new Error('fence() outside a transaction guards nothing');
  const row = await tx.db
    .selectFrom('work_claims')
    .select('epoch')
    .where('environment_id', '=', tx.environmentId)
    .where('kind', '=', claim.kind)
    .where('subject_id', '=', claim.subjectId)
    .forShare()
    .executeTakeFirst();
  if (row?.epoch !== claim.epoch) throw new LostClaim(`${claim.kind} ${claim.subjectId}`);
}

/** Gives the subject back; attempts start again at 0. Nothing happens where the claim is already lost. */
export async function releaseClaim(ctx: Ctx, claim: Claim): Promise<void> {
  await ctx.db
    .updateTable('work_claims')
    .set({ lease_until: null, holder: null, attempts: 0 })
    .where('environment_id', '=', ctx.environmentId)
    .where('kind', '=', claim.kind)
    .where('subject_id', '=', claim.subjectId)
    .where('epoch', '=', claim.epoch)
    .execute();
}
