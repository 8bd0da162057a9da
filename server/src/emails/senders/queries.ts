/** Reading the senders of an environment. */
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { SenderRecord } from './sender.ts';

/** All senders, the default first; an environment has a handful. */
export function listSenders(ctx: Ctx): Promise<SenderRecord[]> {
  return ctx.db
    .selectFrom('email_senders')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute();
}

/** One sender; 404 for one of another environment too. */
export async function getSender(ctx: Ctx, id: string): Promise<SenderRecord> {
  const row = await ctx.db
    .selectFrom('email_senders')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? notFound('sender', id);
}

/** One sender, locked until the transaction ends. */
export async function lockSender(tx: Ctx, id: string): Promise<SenderRecord> {
  const row = await tx.db
    .selectFrom('email_senders')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? notFound('sender', id);
}
