/** Adding and lifting suppressions (email.md 14). */

import { writeAudit } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { transaction } from '../../kit/database.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { isSendableAddress, normalizeAddress } from '../messages/address.ts';
import { addressHash, lockAddresses } from './suppressed.ts';

export type SuppressionRow = {
  id: string;
  address: string | null;
  scope: string;
  reason: string;
  message_id: string | null;
  expires_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
};
const COLUMNS = ['id', 'address', 'scope', 'reason', 'message_id', 'expires_at', 'created_at'] as const;

/** From the moment this commits nothing to the address is claimed (U2). An open suppression of the same scope is answered as it is. */
export async function addSuppression(
  ctx: Ctx,
  a: { address: string; scope: 'all' | 'marketing'; reason: 'manual' | 'hard_bounce' | 'complaint'; messageId?: string | null },
): Promise<SuppressionRow> {
  const address = normalizeAddress(a.address);
  if (!isSendableAddress(address)) refuse({ code: 'invalid_address', message: 'That is not one e-mail address.', param: 'address' });
  return transaction(ctx, async (tx) => {
    const hash = addressHash(tx.app, tx.environmentId, address);
    await lockAddresses(tx, [hash]);
    const open = await tx.db
      .selectFrom('email_suppressions')
      .select(COLUMNS)
      .where('environment_id', '=', tx.environmentId)
      .where('address_hash', '=', hash)
      .where('scope', '=', a.scope)
      .where('lifted_at', 'is', null)
      .executeTakeFirst();
    if (open) return open;
    const row = await tx.db
      .insertInto('email_suppressions')
      .values({
        environment_id: tx.environmentId,
        id: newId(tx, 'suppression'),
        address_hash: hash,
        address,
        scope: a.scope,
        reason: a.reason,
        message_id: a.messageId ?? null,
        created_at: tx.clock.now(),
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    await writeAudit(tx, {
      action: 'suppression.created',
      objectType: 'suppression',
      objectId: row.id,
      after: { scope: a.scope, reason: a.reason },
    });
    return row;
  });
}

/** Mail to the address is possible again. A person's act, with a reason; an erased address stays suppressed. */
export async function liftSuppression(ctx: Ctx, a: { id: string; reason: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const row = await tx.db
      .selectFrom('email_suppressions')
      .select(['id', 'reason'])
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', a.id)
      .where('lifted_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!row) notFound('suppression', a.id);
    if (row.reason === 'erased') refuse({ status: 409, code: 'erased', message: 'An erased person is never written to again.' });
    await tx.db
      .updateTable('email_suppressions')
      .set({ lifted_at: tx.clock.now(), lifted_by: tx.actor })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', a.id)
      .execute();
    await writeAudit(tx, { action: 'suppression.lifted', objectType: 'suppression', objectId: a.id, reason: a.reason });
  });
}

/** The open suppressions, newest first; `limit + 1` rows. */
export async function listSuppressions(
  ctx: Ctx,
  a: { limit: number; cursor?: string | undefined; address?: string | undefined },
): Promise<SuppressionRow[]> {
  let q = ctx.db
    .selectFrom('email_suppressions')
    .select(COLUMNS)
    .where('environment_id', '=', ctx.environmentId)
    .where('lifted_at', 'is', null);
  if (a.address !== undefined) q = q.where('address_hash', '=', addressHash(ctx.app, ctx.environmentId, a.address));
  if (a.cursor !== undefined) q = q.where('id', '<', a.cursor);
  return q
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
}
