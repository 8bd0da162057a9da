import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

/** The customer's saved payment methods. */
export async function listCustomerPaymentMethods(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const customer = await tx.require('customer', rq.path.customer!);
  return tx.list(rq, {
    object: 'payment_method',
    where: { customer: customer.id },
    filter: (paymentMethod) =>
      (!params.type || paymentMethod.type === params.type) &&
      (!params.allow_redisplay || paymentMethod.allow_redisplay === params.allow_redisplay),
    scoped: true,
  });
}

/** One of them; 404 when it is another customer's. */
export async function retrieveCustomerPaymentMethod(rq: ApiRequest): Promise<Doc> {
  const customer = await rq.tx.require('customer', rq.path.customer!);
  const paymentMethod = await rq.tx.require('payment_method', rq.path.payment_method!);
  if (paymentMethod.customer !== customer.id) throw resourceMissing('payment_method', paymentMethod.id);
  return paymentMethod;
}
