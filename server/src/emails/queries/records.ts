/** Reads, in one round of queries for a whole batch, the rows that mails are about. */
import type { Selectable } from 'kysely';
import type { Ctx } from '../../kit/context.ts';
import type { DB } from '../../kit/schema.generated.ts';

export type CustomerRow = Selectable<DB['customers']>;
export type SubscriptionRow = Selectable<DB['subscriptions']>;
export type ItemRow = Selectable<DB['subscription_items']>;
export type InvoiceRow = Selectable<DB['invoices']>;
export type LineRow = Selectable<DB['invoice_lines']>;
export type PaymentRow = Selectable<DB['payments']>;
export type RefundRow = Selectable<DB['refunds']>;

export type Subject = { type: string; id: string; customerId: string };

/** The rows of one subject, as far as they exist. */
export type Records = {
  customer: CustomerRow | null;
  subscription: SubscriptionRow | null;
  items: ItemRow[];
  invoice: InvoiceRow | null;
  lines: LineRow[];
  payment: PaymentRow | null;
  refund: RefundRow | null;
  readAt: Temporal.Instant;
};

const MOST_LINES = 250;

/** Reads everything about the subjects; the answer finds the rows of one of them. */
export async function loadRecords(ctx: Ctx, subjects: Subject[]): Promise<(subject: Subject) => Records> {
  const readAt = ctx.machineClock.now();
  const of = (type: string) => subjects.filter((s) => s.type === type).map((s) => s.id);
  const refunds = byId(await refundsOf(ctx, of('refund')));
  const refundRows = [...refunds.values()];
  const paymentsById = byId(await paymentsOf(ctx, unique([...of('payment'), ...refundRows.map((r) => r.payment_id)])));
  const invoiceIds = unique([
    ...of('invoice'),
    ...refundRows.map((r) => r.invoice_id),
    ...[...paymentsById.values()].map((p) => p.invoice_id),
  ]);
  const invoices = byId(await invoicesOf(ctx, invoiceIds));
  const paymentsByInvoice = new Map((await paymentsOfInvoices(ctx, invoiceIds)).map((row) => [row.invoice_id!, row]));
  const lines = groupBy(await linesOf(ctx, invoiceIds), (row) => row.invoice_id);
  const subscriptionIds = unique([...of('subscription'), ...[...invoices.values()].map((i) => i.subscription_id)]);
  const subscriptions = byId(await subscriptionsOf(ctx, subscriptionIds));
  const items = groupBy(await itemsOf(ctx, subscriptionIds), (row) => row.subscription_id);
  const customers = byId(await customersOf(ctx, unique(subjects.map((s) => s.customerId))));
  return (subject) => {
    const refund = subject.type === 'refund' ? (refunds.get(subject.id) ?? null) : null;
    const directPayment = paymentsById.get(subject.type === 'payment' ? subject.id : (refund?.payment_id ?? '')) ?? null;
    const invoice = invoices.get(subject.type === 'invoice' ? subject.id : (refund?.invoice_id ?? directPayment?.invoice_id ?? '')) ?? null;
    const payment = directPayment ?? paymentsByInvoice.get(invoice?.id ?? '') ?? null;
    const subscriptionId = subject.type === 'subscription' ? subject.id : (invoice?.subscription_id ?? '');
    return {
      customer: customers.get(subject.customerId) ?? null,
      subscription: subscriptions.get(subscriptionId) ?? null,
      items: items.get(subscriptionId) ?? [],
      invoice,
      lines: lines.get(invoice?.id ?? '') ?? [],
      payment,
      refund,
      readAt,
    };
  };
}

const unique = (ids: (string | null)[]) => [...new Set(ids.filter((id): id is string => id !== null))];
const byId = <T extends { id: string }>(rows: T[]) => new Map(rows.map((row) => [row.id, row]));

function groupBy<T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

async function customersOf(ctx: Ctx, ids: string[]): Promise<CustomerRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('customers').selectAll().where('environment_id', '=', ctx.environmentId).where('id', 'in', ids).execute();
}

async function subscriptionsOf(ctx: Ctx, ids: string[]): Promise<SubscriptionRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('subscriptions').selectAll().where('environment_id', '=', ctx.environmentId).where('id', 'in', ids).execute();
}

/** The open items, and for an ended subscription the ones it ended with. */
async function itemsOf(ctx: Ctx, ids: string[]): Promise<ItemRow[]> {
  if (ids.length === 0) return [];
  const rows = await ctx.db
    .selectFrom('subscription_items')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('subscription_id', 'in', ids)
    .orderBy('position')
    .orderBy('id')
    .execute();
  const open = new Set(rows.filter((row) => row.valid_to === null).map((row) => row.subscription_id));
  const latest = new Map<string, ItemRow>();
  for (const row of rows) if (!open.has(row.subscription_id)) latest.set(`${row.subscription_id} ${row.item_key}`, row);
  return rows.filter((row) => row.valid_to === null || latest.get(`${row.subscription_id} ${row.item_key}`) === row);
}

async function invoicesOf(ctx: Ctx, ids: string[]): Promise<InvoiceRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('invoices').selectAll().where('environment_id', '=', ctx.environmentId).where('id', 'in', ids).execute();
}

async function linesOf(ctx: Ctx, ids: string[]): Promise<LineRow[]> {
  if (ids.length === 0) return [];
  return ctx.db
    .selectFrom('invoice_lines')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('invoice_id', 'in', ids)
    .where('position', '<', MOST_LINES)
    .orderBy('invoice_id')
    .orderBy('position')
    .execute();
}

async function paymentsOf(ctx: Ctx, ids: string[]): Promise<PaymentRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('payments').selectAll().where('environment_id', '=', ctx.environmentId).where('id', 'in', ids).execute();
}

async function paymentsOfInvoices(ctx: Ctx, ids: string[]): Promise<PaymentRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('payments').selectAll().where('environment_id', '=', ctx.environmentId).where('invoice_id', 'in', ids).execute();
}

async function refundsOf(ctx: Ctx, ids: string[]): Promise<RefundRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('refunds').selectAll().where('environment_id', '=', ctx.environmentId).where('id', 'in', ids).execute();
}

/** What is still unpaid on finalized invoices, per subscription and currency of it. */
export async function openBalances(ctx: Ctx, subscriptionIds: string[]): Promise<Map<string, bigint>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('invoices')
    .select(['subscription_id', (eb) => eb.fn.sum<string>('remaining_amount').as('open')])
    .where('environment_id', '=', ctx.environmentId)
    .where('subscription_id', 'in', subscriptionIds)
    .where('status', '=', 'finalized')
    .where('payment_status', '<>', 'succeeded')
    .where('uncollectible_at', 'is', null)
    .groupBy('subscription_id')
    .execute();
  return new Map(rows.map((row) => [row.subscription_id!, BigInt(row.open ?? 0)]));
}
