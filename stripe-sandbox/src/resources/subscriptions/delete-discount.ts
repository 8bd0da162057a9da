import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Plain } from '../../kernel/types.ts';

/** Takes the discounts off a subscription. Emits customer.subscription.updated. */
export async function removeDiscount(rq: ApiRequest): Promise<Plain> {
  const { tx } = rq;
  const subscription = await tx.require('subscription', rq.path.id!);
  const [id] = subscription.discounts as string[];
  const discount = id === undefined ? undefined : await tx.get(id, { object: 'discount' });
  if (discount === undefined) throw resourceMissing('discount', subscription.id);
  subscription.discounts = [];
  tx.put(subscription);
  tx.emit('customer.discount.deleted', discount);
  tx.remove(discount);
  tx.emit('customer.subscription.updated', subscription);
  const { end: _end, ...rest } = discount;
  return { ...rest, deleted: true };
}
