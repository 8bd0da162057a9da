import type { Insertable, Selectable, Updateable } from 'kysely';
import { columnsOf, paymentMethodOf, wirePaymentMethod } from '../customers/index.ts';
import type { PaymentDetail } from '../invoices/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import type { Payment, PaymentError } from './payment.ts';

const JSON_FIELDS = new Set(['lastError', 'paymentMethod']);

/** The payment of an invoice, locked until the transaction ends; a PaymentIntent seen before its invoice counts. Null when there is none. */
export async function lockPaymentOfInvoice(
  tx: Ctx,
  a: { invoiceId: string; connectionId: string; stripeId: string | null },
): Promise<Payment | null> {
  const row = await tx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where((is) => {
      const ofInvoice = is('invoice_id', '=', a.invoiceId);
      if (a.stripeId === null) return ofInvoice;
      return is.or([
        ofInvoice,
        is.and([is('connection_id', '=', a.connectionId), is('stripe_id', '=', a.stripeId), is('invoice_id', 'is', null)]),
      ]);
    })
    .orderBy('invoice_id', (order) => order.asc().nullsLast())
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

/** The payment a connection knows by this PaymentIntent, locked until the transaction ends; null when there is none. */
export async function lockPaymentIntent(tx: Ctx, a: { connectionId: string; stripeId: string }): Promise<Payment | null> {
  const row = await tx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('connection_id', '=', a.connectionId)
    .where('stripe_id', '=', a.stripeId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

/** The payment that made a charge: by its PaymentIntent, else by the charge itself. Null when it is not known here. */
export async function findPaymentOf(
  ctx: Ctx,
  a: { connectionId: string; stripePaymentIntentId: string | null; stripeChargeId: string | null },
): Promise<Payment | null> {
  if (a.stripePaymentIntentId === null && a.stripeChargeId === null) return null;
  const row = await ctx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('connection_id', '=', a.connectionId)
    .where((is) =>
      a.stripePaymentIntentId !== null ? is('stripe_id', '=', a.stripePaymentIntentId) : is('latest_charge_id', '=', a.stripeChargeId),
    )
    .limit(1)
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

/** Writes a new payment; null when another writer was first. */
export async function insertPayment(tx: Ctx, payment: Partial<Payment> & { id: string }): Promise<Payment | null> {
  const row = await tx.db
    .insertInto('payments')
    .values({ ...toRow(payment), environment_id: tx.environmentId, actor: tx.actor } as Insertable<DB['payments']>)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

/** Writes the changed fields and the next revision. */
export async function updatePayment(tx: Ctx, before: Payment, patch: Partial<Payment>): Promise<Payment> {
  const row = await tx.db
    .updateTable('payments')
    .set({ ...toRow({ ...patch, updatedAt: tx.clock.now(), rev: before.rev + 1n }), actor: tx.actor } as Updateable<DB['payments']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPayment(row);
}

/** Passes through a status on the way to the next one. */
export async function passThroughStatus(tx: Ctx, id: string, status: PaymentDetail): Promise<void> {
  await tx.db.updateTable('payments').set({ status }).where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
}

/** The payment of an invoice; null while it is a draft. */
export async function paymentOfInvoice(ctx: Ctx, invoiceId: string): Promise<Payment | null> {
  const row = await ctx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('invoice_id', '=', invoiceId)
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

/** A payment by our id or its PaymentIntent's; null when there is none. */
export async function getPayment(ctx: Ctx, reference: string): Promise<Payment | null> {
  const row = await ctx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((is) => is.or([is('id', '=', reference), is('stripe_id', '=', reference)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toPayment(row) : null;
}

export type PaymentFilter = { customerId?: string | undefined; invoiceId?: string | undefined; status?: PaymentDetail | undefined };

/** Up to `limit` + 1 payments, newest first, after the cursor id. */
export async function listPayments(ctx: Ctx, a: PaymentFilter & { limit: number; after: string | null }): Promise<Payment[]> {
  let query = ctx.db
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('id', 'desc')
    .limit(a.limit + 1);
  if (a.after !== null) query = query.where('id', '<', a.after);
  if (a.customerId !== undefined) query = query.where('customer_id', '=', a.customerId);
  if (a.invoiceId !== undefined) query = query.where('invoice_id', '=', a.invoiceId);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  return (await query.execute()).map(toPayment);
}

function toRow(payment: Partial<Payment>): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...payment };
  if (payment.paymentMethod !== undefined) fields.paymentMethod = wirePaymentMethod(payment.paymentMethod);
  if (payment.lastError !== undefined) fields.lastError = wireError(payment.lastError);
  return columnsOf(fields, JSON_FIELDS);
}

function wireError(error: PaymentError | null) {
  return error && { code: error.code, decline_code: error.declineCode, advice_code: error.adviceCode, message: error.message };
}

function errorOf(column: unknown): PaymentError | null {
  if (column === null || column === undefined) return null;
  const wire = column as NonNullable<ReturnType<typeof wireError>>;
  return { code: wire.code, declineCode: wire.decline_code, adviceCode: wire.advice_code, message: wire.message };
}

function toPayment(row: Selectable<DB['payments']>): Payment {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    origin: row.origin as Payment['origin'],
    status: row.status as PaymentDetail,
    amount: row.amount,
    currency: row.currency,
    description: row.description,
    automatic: row.automatic,
    attemptCount: row.attempt_count,
    lastError: errorOf(row.last_error),
    declineCode: row.decline_code,
    paymentMethod: paymentMethodOf(row.payment_method),
    nextRetryAt: row.next_retry_at,
    succeededAt: row.succeeded_at,
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    stripeStatus: row.stripe_status,
    latestChargeId: row.latest_charge_id,
    receiptUrl: row.receipt_url,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rev: row.rev,
  };
}
