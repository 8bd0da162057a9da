import { resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

/** Items live inside their subscription; this finds the two by the item's id, 404 when there is none. */
export async function findItem(tx: Tx, id: string): Promise<{ subscription: Doc; item: Doc }> {
  const holds = (subscription: Doc) => subscription.items.data.some((item: Doc) => item.id === id);
  const subscription = await tx.first({ object: 'subscription', filter: holds });
  if (subscription === undefined) throw resourceMissing('subscription_item', id);
  return { subscription, item: subscription.items.data.find((item: Doc) => item.id === id) };
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
