import { invalidRequest } from '../../kernel/errors.ts';
import type { Answer, ApiRequest } from '../../kernel/types.ts';

/** Removes the discount of the whole customer. Emits customer.discount.deleted. */
export async function deleteCustomerDiscount(rq: ApiRequest): Promise<Answer> {
  const { tx } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  const { discount } = customer;
  if (discount === null || discount === undefined) {
    throw invalidRequest(`No active discount for customer: ${customer.id}`, { code: 'resource_missing', status: 404 });
  }
  customer.discount = null;
  tx.put(customer);
  tx.emit('customer.discount.deleted', discount);
  return { ...discount, deleted: true };
}
