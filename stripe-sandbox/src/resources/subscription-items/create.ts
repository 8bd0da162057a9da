import { updateSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { itemParams, passedOn } from './find.ts';

/** Adds an item to a subscription, with prorations as for a change of the subscription. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const before = await tx.require('subscription', params.subscription, { param: 'subscription' });
  const known = new Set(before.items.data.map((item: Doc) => item.id));
  const after = await updateSubscription(tx, { id: before.id, params: { items: [itemParams(params)], ...passedOn(params) } });
  return after.items.data.find((item: Doc) => !known.has(item.id));
}
