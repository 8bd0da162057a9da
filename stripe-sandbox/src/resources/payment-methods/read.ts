import { sharedPaymentMethod } from '../../billing/payments/index.ts';
import { isSharedToken } from '../../cards/index.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

export function retrievePaymentMethod(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  return isSharedToken(id) ? sharedPaymentMethod(rq.tx, id) : rq.tx.require('payment_method', id);
}

/** Saved methods; of one customer, or of the whole account. */
export function listPaymentMethods(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'payment_method',
    where: { customer: params.customer },
    filter: (paymentMethod) => paymentMethod.customer !== null && (!params.type || paymentMethod.type === params.type),
  });
}
