import type { Doc, Tx } from '../../kernel/types.ts';

/** Private row that leads from an item's id to its subscription: items live inside subscriptions and have no row of their own. */
const OBJECT = 'sandbox.subscription_item';

/** Makes an item findable by its id. */
export function indexItem(tx: Tx, input: { item: string; subscription: string }): void {
  const pointer = tx.make(OBJECT, 'of', { subscription: input.subscription });
  pointer.id = pointerId(input.item);
  tx.put(pointer);
}

/** The subscription that holds an item, and the item; undefined when there is none or it was taken off. */
export async function findIndexedItem(tx: Tx, item: string): Promise<{ subscription: Doc; item: Doc } | undefined> {
  const pointer = await tx.get(pointerId(item), { object: OBJECT });
  const subscription = pointer === undefined ? undefined : await tx.get(pointer.subscription, { object: 'subscription' });
  const found = subscription?.items.data.find((candidate: Doc) => candidate.id === item);
  return subscription === undefined || found === undefined ? undefined : { subscription, item: found };
}

function pointerId(item: string): string {
  return `of_${item}`;
}
