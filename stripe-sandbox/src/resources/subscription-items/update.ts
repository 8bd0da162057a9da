import { updateSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { findItem, itemParams, passedOn } from './find.ts';

/** Changes price, quantity or metadata of an item, with prorations as for a change of the subscription. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const { subscription, item } = await findItem(tx, rq.path.id!);
  const after = await updateSubscription(tx, {
    id: subscription.id,
    params: { items: [{ id: item.id, ...itemParams(params) }], ...passedOn(params) },
  });
  return after.items.data.find((candidate: Doc) => candidate.id === item.id);
}
