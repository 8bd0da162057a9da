import { canonicalDecimal } from '../customers/index.ts';
import type { SubscriptionItem, SubscriptionItemInput } from './subscription.ts';

/** Items are temporal: a change closes one row and opens another. */
export type ItemDecision = {
  close: SubscriptionItem[];
  open: ItemToOpen[];
  /** Items that only stand elsewhere in the list now: no change of what is sold. */
  move: { id: string; position: number }[];
};

export type ItemToOpen = Omit<SubscriptionItem, 'id' | 'validFrom'> & { replaces: SubscriptionItem | null };

/** Compares the reported items with the open rows, by item key. */
export function decideItems(rows: readonly SubscriptionItem[], reported: readonly SubscriptionItemInput[]): ItemDecision {
  const rowOf = new Map(rows.map((row) => [row.itemKey, row]));
  const decision: ItemDecision = { close: [], open: [], move: [] };
  reported.forEach((item, position) => {
    const row = rowOf.get(item.itemKey) ?? null;
    rowOf.delete(item.itemKey);
    if (row && sameItem(row, item)) {
      if (row.position !== position) decision.move.push({ id: row.id, position });
      return;
    }
    if (row) decision.close.push(row);
    decision.open.push(toOpen(item, position, row));
  });
  decision.close.push(...rowOf.values());
  return decision;
}

/** True when the comparison found a change of what is sold. */
export function itemsChanged(decision: ItemDecision): boolean {
  return decision.close.length > 0 || decision.open.length > 0;
}

/** The change as events carry it. */
export function itemChanges(decision: ItemDecision): Record<string, unknown> {
  const replaced = new Set(decision.open.flatMap(({ replaces }) => (replaces ? [replaces.itemKey] : [])));
  return {
    added: decision.open.filter(({ replaces }) => replaces === null).map(wireItem),
    removed: decision.close.filter(({ itemKey }) => !replaced.has(itemKey)).map(wireItem),
    changed: decision.open.flatMap((item) => (item.replaces ? [{ from: wireItem(item.replaces), to: wireItem(item) }] : [])),
  };
}

function wireItem(item: Omit<SubscriptionItem, 'id' | 'validFrom'>): Record<string, unknown> {
  return {
    stripe_item_id: item.stripeItemId,
    stripe_product_id: item.stripeProductId,
    stripe_price_id: item.stripePriceId,
    quantity: item.quantity,
  };
}

function sameItem(row: SubscriptionItem, item: SubscriptionItemInput): boolean {
  return (
    row.stripePriceId === item.stripePriceId &&
    row.stripeProductId === item.stripeProductId &&
    row.quantity === canonicalDecimal(item.quantity) &&
    row.unitAmountDecimal === canonicalDecimal(item.unitAmountDecimal) &&
    row.interval === item.interval &&
    row.intervalCount === item.intervalCount &&
    row.metered === item.metered
  );
}

function toOpen(item: SubscriptionItemInput, position: number, replaces: SubscriptionItem | null): ItemToOpen {
  return {
    itemKey: item.itemKey,
    kind: replaces?.kind ?? (position === 0 ? 'base' : 'charge'),
    stripeItemId: item.itemKey,
    stripeProductId: item.stripeProductId,
    stripePriceId: item.stripePriceId,
    quantity: canonicalDecimal(item.quantity) ?? '0',
    unitAmountDecimal: canonicalDecimal(item.unitAmountDecimal),
    interval: item.interval,
    intervalCount: item.intervalCount,
    metered: item.metered,
    position,
    replaces,
  };
}
