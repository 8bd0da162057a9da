import type { Insertable, Selectable, Updateable } from 'kysely';
import { columnsOf } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import type { Payment, Refund, RefundStatus } from './payment.ts';
import { getPayment } from './queries.ts';

/** The refund a connection knows by this Stripe id, locked until the transaction ends; null when there is none. */
export async function lockRefund(tx: Ctx, a: { connectionId: string; stripeId: string }): Promise<Refund | null> {
  const row = await tx.db
    .selectFrom('refunds')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('connection_id', '=', a.connectionId)
    .where('stripe_id', '=', a.stripeId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toRefund(row) : null;
}

/** Writes a new refund; null when another writer was first. */
export async function insertRefund(tx: Ctx, refund: Partial<Refund> & { id: string }): Promise<Refund | null> {
  const row = await tx.db
    .insertInto('refunds')
    .values({ ...columnsOf(refund), environment_id: tx.environmentId, actor: tx.actor } as Insertable<DB['refunds']>)
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'connection_id', 'stripe_id']).where('stripe_id', 'is not', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  return row ? toRefund(row) : null;
}

/** Writes the changed fields and the next revision. */
export async function updateRefund(tx: Ctx, before: Refund, patch: Partial<Refund>): Promise<Refund> {
  const row = await tx.db
    .updateTable('refunds')
    .set({ ...columnsOf({ ...patch, updatedAt: tx.clock.now(), rev: before.rev + 1n }), actor: tx.actor } as Updateable<DB['refunds']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRefund(row);
}

/** Passes through a status on the way to the next one. */
export async function passThroughRefundStatus(tx: Ctx, id: string, status: RefundStatus): Promise<void> {
  await tx.db.updateTable('refunds').set({ status }).where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
}

/** A refund by our id or Stripe's, with the payment it returns when that is known; null when there is none. */
export async function refundWithPayment(ctx: Ctx, reference: string): Promise<(Refund & { payment: Payment | null }) | null> {
  const row = await ctx.db
    .selectFrom('refunds')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((is) => is.or([is('id', '=', reference), is('stripe_id', '=', reference)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return { ...toRefund(row), payment: row.payment_id ? await getPayment(ctx, row.payment_id) : null };
}

export type RefundFilter = {
  customerId?: string | undefined;
  paymentId?: string | undefined;
  invoiceId?: string | undefined;
  status?: RefundStatus | undefined;
};

/** Up to `limit` + 1 refunds, newest first, after the cursor id. */
export async function listRefunds(ctx: Ctx, a: RefundFilter & { limit: number; after: string | null }): Promise<Refund[]> {
  let query = ctx.db
    .selectFrom('refunds')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('id', 'desc')
    .limit(a.limit + 1);
  if (a.after !== null) query = query.where('id', '<', a.after);
  if (a.customerId !== undefined) query = query.where('customer_id', '=', a.customerId);
  if (a.paymentId !== undefined) query = query.where('payment_id', '=', a.paymentId);
  if (a.invoiceId !== undefined) query = query.where('invoice_id', '=', a.invoiceId);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  return (await query.execute()).map(toRefund);
}

/** The amounts of an invoice's refunds that arrived, in minor units. */
export async function refundedAmounts(ctx: Ctx, invoiceId: string): Promise<bigint[]> {
  const rows = await ctx.db
    .selectFrom('refunds')
    .select('amount')
    .where('environment_id', '=', ctx.environmentId)
    .where('invoice_id', '=', invoiceId)
    .where('status', '=', 'succeeded')
    .execute();
  return rows.map(({ amount }) => amount);
}

function toRefund(row: Selectable<DB['refunds']>): Refund {
  return {
    id: row.id,
    paymentId: row.payment_id,
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    stripeChargeId: row.stripe_charge_id,
    stripePaymentIntentId: row.stripe_payment_intent_id,
    amount: row.amount,
    paymentAmount: row.payment_amount,
    currency: row.currency,
    reason: row.reason,
    method: row.method,
    status: row.status as RefundStatus,
    origin: row.origin as Refund['origin'],
    failureReason: row.failure_reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rev: row.rev,
  };
}
