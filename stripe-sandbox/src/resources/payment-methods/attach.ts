import { attachPaymentMethod, detachPaymentMethod } from '../../billing/payments/index.ts';
import { parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

const NOT_FOUND = 404;

/** Saves the method (or a fresh one of a shared token) to the customer. Plain decline cards answer 402 [S 3.12]. */
export async function attach(rq: ApiRequest): Promise<Doc> {
  if (!rq.params.customer) throw parameterMissing('customer');
  const customer = await rq.tx.require('customer', rq.params.customer, { param: 'customer' });
  return attachPaymentMethod(rq.tx, { paymentMethod: rq.path.id!, customer, status: NOT_FOUND });
}

/** Releases it for good. */
export async function detach(rq: ApiRequest): Promise<Doc> {
  const paymentMethod = await rq.tx.require('payment_method', rq.path.id!);
  return detachPaymentMethod(rq.tx, { paymentMethod });
}
