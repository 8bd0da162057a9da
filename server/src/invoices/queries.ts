import type { Insertable, Selectable, SelectQueryBuilder, Updateable } from 'kysely';
import { canonicalDecimal, columnsOf } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import type { Invoice, InvoiceLine, InvoiceStatus, InvoiceWithLines, PaymentStatus } from './invoice.ts';

type Reference = { id: string } | { connectionId: string; stripeId: string };

/** An invoice, locked until the transaction ends; null when there is none. */
export async function lockInvoice(tx: Ctx, reference: Reference): Promise<Invoice | null> {
  const all = tx.db.selectFrom('invoices').selectAll().where('environment_id', '=', tx.environmentId);
  const one =
    'id' in reference
      ? all.where('id', '=', reference.id)
      : all.where('connection_id', '=', reference.connectionId).where('stripe_id', '=', reference.stripeId);
  const row = await one.forUpdate().executeTakeFirst();
  return row ? toInvoice(row) : null;
}

/** The same with its lines. */
export async function lockInvoiceWithLines(tx: Ctx, reference: Reference): Promise<InvoiceWithLines | null> {
  const invoice = await lockInvoice(tx, reference);
  return invoice && withLines(tx, invoice);
}

/** Writes a new invoice; null when another writer was first. */
export async function insertInvoice(tx: Ctx, invoice: Partial<Invoice> & { id: string }): Promise<Invoice | null> {
  const row = await tx.db
    .insertInto('invoices')
    .values({ ...columnsOf(invoice), environment_id: tx.environmentId, actor: tx.actor } as Insertable<DB['invoices']>)
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'connection_id', 'stripe_id']).where('stripe_id', 'is not', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  return row ? toInvoice(row) : null;
}

/** Writes the changed fields and the next revision. */
export async function updateInvoice(tx: Ctx, before: Invoice, patch: Partial<Invoice>): Promise<Invoice> {
  const fields = columnsOf({ ...patch, updatedAt: tx.clock.now(), rev: before.rev + 1n });
  const row = await tx.db
    .updateTable('invoices')
    .set({ ...fields, actor: tx.actor } as Updateable<DB['invoices']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toInvoice(row);
}

/** Passes through a status on the way to the next one. */
export async function passThroughStatus(tx: Ctx, id: string, status: InvoiceStatus): Promise<void> {
  await tx.db.updateTable('invoices').set({ status }).where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
}

/** An invoice by our id or Stripe's, with its lines; null when there is none. */
export async function getInvoiceWithLines(ctx: Ctx, reference: string): Promise<InvoiceWithLines | null> {
  const row = await ctx.db
    .selectFrom('invoices')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((is) => is.or([is('id', '=', reference), is('stripe_id', '=', reference)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? withLines(ctx, toInvoice(row)) : null;
}

export type InvoiceFilter = {
  customerId?: string | undefined;
  subscriptionId?: string | undefined;
  status?: InvoiceStatus | undefined;
  paymentStatus?: PaymentStatus | undefined;
  billingId?: string | undefined;
};

/** Up to `limit` + 1 invoices without their lines, newest first, after the cursor id. */
export async function listInvoices(ctx: Ctx, a: InvoiceFilter & { limit: number; after: string | null }): Promise<Invoice[]> {
  let query: SelectQueryBuilder<DB, 'invoices', Selectable<DB['invoices']>> = ctx.db
    .selectFrom('invoices')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('id', 'desc')
    .limit(a.limit + 1);
  if (a.after !== null) query = query.where('id', '<', a.after);
  if (a.customerId !== undefined) query = query.where('customer_id', '=', a.customerId);
  if (a.subscriptionId !== undefined) query = query.where('subscription_id', '=', a.subscriptionId);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  if (a.paymentStatus !== undefined) query = query.where('payment_status', '=', a.paymentStatus);
  if (a.billingId !== undefined) query = query.where('stripe_id', '=', a.billingId);
  return (await query.execute()).map(toInvoice);
}

/** The lines of an invoice in its own order. */
export async function linesOf(ctx: Ctx, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await ctx.db
    .selectFrom('invoice_lines')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('invoice_id', '=', invoiceId)
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map(toLine);
}

async function withLines(ctx: Ctx, invoice: Invoice): Promise<InvoiceWithLines> {
  return { ...invoice, lines: await linesOf(ctx, invoice.id) };
}

function toInvoice(row: Selectable<DB['invoices']>): Invoice {
  return {
    id: row.id,
    number: row.number,
    biller: row.biller as Invoice['biller'],
    origin: row.origin as Invoice['origin'],
    kind: row.kind as Invoice['kind'],
    customerId: row.customer_id,
    subscriptionId: row.subscription_id,
    currency: row.currency,
    status: row.status as InvoiceStatus,
    paymentStatus: row.payment_status as PaymentStatus,
    paymentDetail: row.payment_detail as Invoice['paymentDetail'],
    billingReason: row.billing_reason,
    collectionMethod: row.collection_method,
    periodStart: row.period_start,
    periodEnd: row.period_end,
    issuedAt: row.issued_at,
    dueAt: row.due_at,
    paidAt: row.paid_at,
    subtotalAmount: row.subtotal_amount,
    discountAmount: row.discount_amount,
    taxAmount: row.tax_amount,
    totalAmount: row.total_amount,
    paidAmount: row.paid_amount,
    creditedAmount: row.credited_amount,
    remainingAmount: row.remaining_amount,
    returnedAmount: row.returned_amount,
    outOfBand: row.out_of_band,
    hostedUrl: row.hosted_url,
    pdfUrl: row.pdf_url,
    uncollectibleAt: row.uncollectible_at,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.next_attempt_at,
    metadata: row.metadata as Record<string, string>,
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    stripeStatus: row.stripe_status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rev: row.rev,
  };
}

function toLine(row: Selectable<DB['invoice_lines']>): InvoiceLine {
  return {
    id: row.id,
    kind: row.kind,
    description: row.description,
    stripeProductId: row.stripe_product_id,
    stripePriceId: row.stripe_price_id,
    subscriptionItemId: row.subscription_item_id,
    serviceStart: row.service_start,
    serviceEnd: row.service_end,
    quantity: canonicalDecimal(row.quantity),
    unitAmountDecimal: canonicalDecimal(row.unit_amount_decimal),
    amount: row.amount,
    discountAmount: row.discount_amount,
    taxAmount: row.tax_amount,
    stripeLineId: row.stripe_line_id,
    position: row.position,
  };
}
