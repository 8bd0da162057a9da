import type { Insertable, Selectable, Updateable } from 'kysely';
import { columnsOf } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import type { Dispute } from './payment.ts';

/** The dispute with this Stripe id, locked until the transaction ends; null when there is none. */
export async function lockDispute(tx: Ctx, stripeId: string): Promise<Dispute | null> {
  const row = await tx.db
    .selectFrom('disputes')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('stripe_id', '=', stripeId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toDispute(row) : null;
}

/** Writes a new dispute; null when another writer was first. */
export async function insertDispute(tx: Ctx, dispute: Partial<Dispute> & { id: string }): Promise<Dispute | null> {
  const row = await tx.db
    .insertInto('disputes')
    .values({ ...columnsOf(dispute), environment_id: tx.environmentId } as Insertable<DB['disputes']>)
    .onConflict((conflict) => conflict.columns(['environment_id', 'stripe_id']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ? toDispute(row) : null;
}

/** Writes the changed fields. */
export async function updateDispute(tx: Ctx, before: Dispute, patch: Partial<Dispute>): Promise<Dispute> {
  const row = await tx.db
    .updateTable('disputes')
    .set(columnsOf({ ...patch, updatedAt: tx.clock.now() }) as Updateable<DB['disputes']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toDispute(row);
}

/** The amounts of an invoice's disputes that were lost, in minor units. */
export async function lostAmounts(ctx: Ctx, invoiceId: string): Promise<bigint[]> {
  const rows = await ctx.db
    .selectFrom('disputes')
    .select('amount')
    .where('environment_id', '=', ctx.environmentId)
    .where('invoice_id', '=', invoiceId)
    .where('status', '=', 'lost')
    .execute();
  return rows.map(({ amount }) => amount);
}

function toDispute(row: Selectable<DB['disputes']>): Dispute {
  return {
    id: row.id,
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    invoiceId: row.invoice_id,
    chargeId: row.charge_id,
    amount: row.amount,
    currency: row.currency,
    reason: row.reason,
    status: row.status,
    dueBy: row.due_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
