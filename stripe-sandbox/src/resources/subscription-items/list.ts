import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';

/** The items of one subscription, in their order. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const subscription = await rq.tx.require('subscription', rq.params.subscription, { param: 'subscription' });
  return pageOf(rq, subscription.items.data, '/v1/subscription_items');
}
