import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import { addressOf, paymentMethodOf, wireAddress, wirePaymentMethod } from './card.ts';
import type { Customer, CustomerStatus } from './customer.ts';
import { columnsOf } from './mirror.ts';

const JSON_FIELDS = new Set(['billingAddress', 'paymentMethod', 'metadata']);

/** The customer a connection knows by this Stripe id, locked until the transaction ends; null when there is none. */
export async function lockCustomer(tx: Ctx, a: { connectionId: string; stripeId: string }): Promise<Customer | null> {
  const row = await tx.db
    .selectFrom('customers')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('connection_id', '=', a.connectionId)
    .where('stripe_id', '=', a.stripeId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toCustomer(row) : null;
}

/** Writes a new customer; null when another writer was first. */
export async function insertCustomer(tx: Ctx, customer: Partial<Customer> & { id: string }): Promise<Customer | null> {
  const row = await tx.db
    .insertInto('customers')
    .values({ ...toRow(customer), environment_id: tx.environmentId, payment_provider: 'stripe', actor: tx.actor } as Insertable<
      DB['customers']
    >)
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'connection_id', 'stripe_id']).where('stripe_id', 'is not', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  return row ? toCustomer(row) : null;
}

/** Writes the changed fields and the next revision. */
export async function updateCustomer(tx: Ctx, before: Customer, patch: Partial<Customer>): Promise<Customer> {
  const row = await tx.db
    .updateTable('customers')
    .set({ ...toRow({ ...patch, updatedAt: tx.clock.now(), rev: before.rev + 1n }), actor: tx.actor } as Updateable<DB['customers']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toCustomer(row);
}

/** A customer by our id or Stripe's; with several connections the newest row counts. Null when there is none. */
export async function findCustomer(ctx: Ctx, reference: string): Promise<Customer | null> {
  const row = await ctx.db
    .selectFrom('customers')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((is) => is.or([is('id', '=', reference), is('stripe_id', '=', reference)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toCustomer(row) : null;
}

/** Stripe's ids of some customers, by our ids; for events and answers of the rooms to the right. */
export async function stripeIdsOfCustomers(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('customers')
    .select(['id', 'stripe_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.flatMap(({ id, stripe_id }) => (stripe_id ? [[id, stripe_id] as const] : [])));
}

export type CustomerFilter = { email?: string | undefined; status?: CustomerStatus | undefined; billingId?: string | undefined };

/** Up to `limit` + 1 customers, newest first, after the cursor id. */
export async function listCustomers(ctx: Ctx, a: CustomerFilter & { limit: number; after: string | null }): Promise<Customer[]> {
  let query = ctx.db
    .selectFrom('customers')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('id', 'desc')
    .limit(a.limit + 1);
  if (a.after !== null) query = query.where('id', '<', a.after);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  if (a.billingId !== undefined) query = query.where('stripe_id', '=', a.billingId);
  if (a.email !== undefined) query = query.where((is) => is(is.fn('lower', ['email']), '=', a.email?.toLowerCase() ?? ''));
  return (await query.execute()).map(toCustomer);
}

function toRow(customer: Partial<Customer>): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...customer };
  if (customer.billingAddress !== undefined) fields.billingAddress = wireAddress(customer.billingAddress);
  if (customer.paymentMethod !== undefined) fields.paymentMethod = wirePaymentMethod(customer.paymentMethod);
  return columnsOf(fields, JSON_FIELDS);
}

function toCustomer(row: Selectable<DB['customers']>): Customer {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    billingAddress: addressOf(row.billing_address),
    taxExempt: row.tax_exempt,
    locale: row.locale,
    timeZone: row.time_zone,
    currency: row.currency,
    paymentMethod: paymentMethodOf(row.payment_method),
    balanceAmount: row.balance_amount,
    metadata: row.metadata as Record<string, string>,
    status: row.status as CustomerStatus,
    origin: row.origin as Customer['origin'],
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    deletedInStripeAt: row.deleted_in_stripe_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rev: row.rev,
  };
}
