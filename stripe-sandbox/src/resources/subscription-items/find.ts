import { findIndexedItem } from '../../billing/subscription/item-index.ts';
import { resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

/** Items live inside their subscription; this finds the two by the item's id, 404 when there is none. */
export async function findItem(tx: Tx, id: string): Promise<{ subscription: Doc; item: Doc }> {
  const found = await findIndexedItem(tx, id);
  if (found === undefined) throw resourceMissing('subscription_item', id);
  return found;
}

/** What a call on an item passes on to its subscription's update. */
export function passedOn(params: Params): Params {
  const { payment_behavior, proration_behavior, proration_date, off_session } = params;
  return Object.fromEntries(
    Object.entries({ payment_behavior, proration_behavior, proration_date, off_session }).filter(([, value]) => value !== undefined),
  );
}

/** What a call on an item says about the item itself. */
export function itemParams(params: Params): Params {
  const {
    payment_behavior: _p,
    proration_behavior: _b,
    proration_date: _d,
    off_session: _o,
    subscription: _s,
    expand: _e,
    ...own
  } = params;
  return own;
}
