import type { Ctx } from '../kit/context.ts';
import { newId } from '../kit/ids.ts';
import type { ItemDecision } from './decide-items.ts';

/** Closes and opens item rows at the present instant: history stays readable, and exactly one row per item is open. */
export async function writeItems(tx: Ctx, a: { subscriptionId: string; items: ItemDecision }): Promise<void> {
  const now = tx.clock.now();
  const opened = a.items.open.map((item) => ({ item, id: newId(tx, 'item') }));
  for (const row of a.items.close) {
    const successor = opened.find(({ item }) => item.replaces?.id === row.id);
    await tx.db
      .updateTable('subscription_items')
      .set({ valid_to: now, superseded_by_id: successor?.id ?? null })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', row.id)
      .execute();
  }
  for (const { id, position } of a.items.move) {
    await tx.db
      .updateTable('subscription_items')
      .set({ position })
      .where('environment_id', '=', tx.environmentId)
      .where('id', '=', id)
      .execute();
  }
  if (opened.length > 0)
    await tx.db
      .insertInto('subscription_items')
      .values(opened.map((one) => toRow(tx, a.subscriptionId, one, now)))
      .execute();
}

function toRow(tx: Ctx, subscriptionId: string, { item, id }: { item: ItemDecision['open'][number]; id: string }, now: Temporal.Instant) {
  return {
    environment_id: tx.environmentId,
    id,
    subscription_id: subscriptionId,
    item_key: item.itemKey,
    kind: item.kind,
    stripe_item_id: item.stripeItemId,
    stripe_product_id: item.stripeProductId,
    stripe_price_id: item.stripePriceId,
    quantity: item.quantity,
    unit_amount_decimal: item.unitAmountDecimal,
    interval: item.interval,
    interval_count: item.intervalCount,
    metered: item.metered,
    position: item.position,
    valid_from: now,
    origin: 'stripe',
    created_at: now,
  };
}
