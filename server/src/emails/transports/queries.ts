/** Reading the transports of an environment. */
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { TransportRecord } from './transport.ts';

/** All transports, the default first; an environment has a handful. */
export function listTransports(ctx: Ctx): Promise<TransportRecord[]> {
  return ctx.db
    .selectFrom('email_transports')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute();
}

/** One transport; 404 for one of another environment too. */
export async function getTransport(ctx: Ctx, id: string): Promise<TransportRecord> {
  const row = await ctx.db
    .selectFrom('email_transports')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? notFound('transport', id);
}

/** One transport, locked until the transaction ends. */
export async function lockTransport(tx: Ctx, id: string): Promise<TransportRecord> {
  const row = await tx.db
    .selectFrom('email_transports')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? notFound('transport', id);
}
