import type { Insertable, Selectable, Updateable } from 'kysely';
import { canonicalDecimal, columnsOf } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import type { DB } from '../kit/schema.generated.ts';
import type { CancelReason, Interval, Subscription, SubscriptionItem, SubscriptionStatus, SubscriptionWithItems } from './subscription.ts';

/** The subscription a connection knows by this Stripe id, with its open items, locked until the transaction ends; null when there is none. */
export async function lockSubscription(tx: Ctx, a: { connectionId: string; stripeId: string }): Promise<SubscriptionWithItems | null> {
  const row = await tx.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('connection_id', '=', a.connectionId)
    .where('stripe_id', '=', a.stripeId)
    .forUpdate()
    .executeTakeFirst();
  return row ? withItems(tx, toSubscription(row)) : null;
}

/** Writes a new subscription; null when another writer was first. */
export async function insertSubscription(tx: Ctx, subscription: Partial<Subscription> & { id: string }): Promise<Subscription | null> {
  const row = await tx.db
    .insertInto('subscriptions')
    .values({ ...columnsOf(subscription), environment_id: tx.environmentId, actor: tx.actor } as Insertable<DB['subscriptions']>)
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'connection_id', 'stripe_id']).where('stripe_id', 'is not', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  return row ? toSubscription(row) : null;
}

/** Writes the changed fields and the next revision. */
export async function updateSubscription(tx: Ctx, before: Subscription, patch: Partial<Subscription>): Promise<Subscription> {
  const fields = columnsOf({ ...patch, updatedAt: tx.clock.now(), rev: before.rev + 1n });
  const row = await tx.db
    .updateTable('subscriptions')
    .set({ ...fields, actor: tx.actor } as Updateable<DB['subscriptions']>)
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toSubscription(row);
}

/** Passes through a status on the way to the next one. */
export async function passThroughStatus(tx: Ctx, id: string, status: SubscriptionStatus): Promise<void> {
  await tx.db.updateTable('subscriptions').set({ status }).where('environment_id', '=', tx.environmentId).where('id', '=', id).execute();
}

/** A subscription by our id or Stripe's, with its open items; null when there is none. */
export async function getSubscriptionWithItems(ctx: Ctx, reference: string): Promise<SubscriptionWithItems | null> {
  const row = await ctx.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((is) => is.or([is('id', '=', reference), is('stripe_id', '=', reference)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? withItems(ctx, toSubscription(row)) : null;
}

export type SubscriptionFilter = {
  customerId?: string | undefined;
  status?: SubscriptionStatus | undefined;
  stripeProductId?: string | undefined;
  stripePriceId?: string | undefined;
  billingId?: string | undefined;
};

/** Up to `limit` + 1 subscriptions with their open items, newest first, after the cursor id. Two queries, however many rows. */
export async function listSubscriptions(
  ctx: Ctx,
  a: SubscriptionFilter & { limit: number; after: string | null },
): Promise<SubscriptionWithItems[]> {
  const rows = await filtered(ctx, a)
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
  const items = await openItems(
    ctx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...toSubscription(row), items: items.get(row.id) ?? [] }));
}

function filtered(ctx: Ctx, a: SubscriptionFilter & { after: string | null }) {
  let query = ctx.db.selectFrom('subscriptions').selectAll().where('environment_id', '=', ctx.environmentId);
  if (a.after !== null) query = query.where('id', '<', a.after);
  if (a.customerId !== undefined) query = query.where('customer_id', '=', a.customerId);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  if (a.billingId !== undefined) query = query.where('stripe_id', '=', a.billingId);
  const sold = (column: 'stripe_product_id' | 'stripe_price_id', value: string) =>
    query.where('id', 'in', (from) =>
      from
        .selectFrom('subscription_items')
        .select('subscription_id')
        .where('environment_id', '=', ctx.environmentId)
        .where('valid_to', 'is', null)
        .where(column, '=', value),
    );
  if (a.stripeProductId !== undefined) query = sold('stripe_product_id', a.stripeProductId);
  if (a.stripePriceId !== undefined) query = sold('stripe_price_id', a.stripePriceId);
  return query;
}

/** The open items of some subscriptions, each list in its own order. */
export async function openItems(ctx: Ctx, subscriptionIds: readonly string[]): Promise<Map<string, SubscriptionItem[]>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('subscription_items')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('subscription_id', 'in', [...subscriptionIds])
    .where('valid_to', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute();
  const lists = new Map<string, SubscriptionItem[]>();
  for (const row of rows) lists.set(row.subscription_id, [...(lists.get(row.subscription_id) ?? []), toItem(row)]);
  return lists;
}

/** Our newest item of each Stripe item of a subscription, closed ones included: an invoice may bill what has ended. */
export async function itemIdsByStripeId(ctx: Ctx, subscriptionId: string): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('subscription_items')
    .select(['id', 'stripe_item_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where('subscription_id', '=', subscriptionId)
    .orderBy('id')
    .execute();
  return new Map(rows.flatMap(({ id, stripe_item_id }) => (stripe_item_id ? [[stripe_item_id, id] as const] : [])));
}

/** Stripe's ids of some subscriptions, by our ids; for events and answers of the rooms to the right. */
export async function stripeIdsOfSubscriptions(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('subscriptions')
    .select(['id', 'stripe_id'])
    .where('environment_id', '=', ctx.environmentId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.flatMap(({ id, stripe_id }) => (stripe_id ? [[id, stripe_id] as const] : [])));
}

async function withItems(ctx: Ctx, subscription: Subscription): Promise<SubscriptionWithItems> {
  return { ...subscription, items: (await openItems(ctx, [subscription.id])).get(subscription.id) ?? [] };
}

function toSubscription(row: Selectable<DB['subscriptions']>): Subscription {
  return {
    id: row.id,
    externalId: row.external_id,
    customerId: row.customer_id,
    productId: row.product_id,
    planVersionId: row.plan_version_id,
    status: row.status as SubscriptionStatus,
    statusReason: row.status_reason,
    paymentState: row.payment_state as Subscription['paymentState'],
    biller: row.biller as Subscription['biller'],
    collectionMethod: row.collection_method as Subscription['collectionMethod'],
    currency: row.currency,
    interval: row.interval as Interval | null,
    intervalCount: row.interval_count,
    anchorAt: row.anchor_at,
    periodStart: row.period_start,
    periodEnd: row.period_end,
    startAt: row.start_at,
    trialStart: row.trial_start,
    trialEnd: row.trial_end,
    missingPaymentMethod: row.missing_payment_method,
    endAt: row.end_at,
    cancelAt: row.cancel_at,
    cancelReason: row.cancel_reason as CancelReason | null,
    canceledAt: row.canceled_at,
    endedAt: row.ended_at,
    pausedAt: row.paused_at,
    pauseBehavior: row.pause_behavior,
    resumesAt: row.resumes_at,
    paymentMethodId: row.payment_method_id,
    metadata: row.metadata as Record<string, string>,
    connectionId: row.connection_id,
    stripeId: row.stripe_id,
    stripeStatus: row.stripe_status,
    testClockId: row.test_clock_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    rev: row.rev,
  };
}

function toItem(row: Selectable<DB['subscription_items']>): SubscriptionItem {
  return {
    id: row.id,
    itemKey: row.item_key,
    kind: row.kind as SubscriptionItem['kind'],
    stripeItemId: row.stripe_item_id,
    stripeProductId: row.stripe_product_id,
    stripePriceId: row.stripe_price_id,
    quantity: canonicalDecimal(row.quantity) ?? '0',
    unitAmountDecimal: canonicalDecimal(row.unit_amount_decimal),
    interval: row.interval as Interval | null,
    intervalCount: row.interval_count,
    metered: row.metered,
    position: row.position,
    validFrom: row.valid_from,
  };
}
