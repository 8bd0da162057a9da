import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** The page of a Checkout Session: here the session itself. */
export function retrievePaymentPage(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('checkout.session', rq.path.session!);
}
