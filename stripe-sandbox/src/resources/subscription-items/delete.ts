import { updateSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { findItem, passedOn } from './find.ts';

/** Takes an item off its subscription; the unused time is credited. The last one cannot go. */
export async function remove(rq: ApiRequest): Promise<Plain> {
  const { subscription, item } = await findItem(rq.tx, rq.path.id!);
  const clear = rq.params.clear_usage === undefined ? {} : { clear_usage: rq.params.clear_usage };
  await updateSubscription(rq.tx, {
    id: subscription.id,
    params: { items: [{ id: item.id, deleted: true, ...clear }], ...passedOn(rq.params) },
  });
  return { id: item.id, object: 'subscription_item', deleted: true };
}
