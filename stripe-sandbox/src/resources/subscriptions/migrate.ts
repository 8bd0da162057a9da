import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Classic → flexible billing; there is no way back [S 3.3]. Emits customer.subscription.updated. */
export async function migrate(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const subscription = await tx.require('subscription', rq.path.id!);
  if (subscription.billing_mode.type === 'flexible')
    throw invalidRequest('This subscription already uses flexible billing mode.', { param: 'billing_mode[type]' });
  subscription.billing_mode = {
    flexible: { proration_discounts: params.billing_mode.flexible?.proration_discounts ?? 'included' },
    type: 'flexible',
    updated_at: tx.now(subscription),
  };
  tx.put(subscription);
  tx.emit('customer.subscription.updated', subscription);
  return subscription;
}
