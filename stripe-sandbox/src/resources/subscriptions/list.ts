import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { within } from '../invoices/page.ts';

/** Subscriptions, newest first; without `status` the canceled and expired ones are left out, as at Stripe. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'subscription',
    where: { customer: params.customer, ...statusWhere(params.status) },
    filter: (subscription) => keeps(subscription, params),
    scoped: params.customer !== undefined || params.test_clock !== undefined,
  });
}

function statusWhere(status: string | undefined) {
  return status === undefined || status === 'all' || status === 'ended' ? {} : { status };
}

function keeps(subscription: Doc, params: ApiRequest['params']): boolean {
  const over = subscription.status === 'canceled' || subscription.status === 'incomplete_expired';
  if (params.status === undefined && over) return false;
  if (params.status === 'ended' && !over) return false;
  if (params.test_clock !== undefined && subscription.test_clock !== params.test_clock) return false;
  if (params.collection_method !== undefined && subscription.collection_method !== params.collection_method) return false;
  const items: Doc[] = subscription.items.data;
  if (params.price !== undefined && !items.some((item) => item.price.id === params.price)) return false;
  if (params.plan !== undefined && !items.some((item) => item.price.id === params.plan)) return false;
  const inRange = (range: unknown, value: (item: Doc) => number) => range === undefined || items.some((item) => within(value(item), range));
  return (
    inRange(params.current_period_start, (item) => item.current_period_start) &&
    inRange(params.current_period_end, (item) => item.current_period_end)
  );
}
