import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';

/** Invoice payments, newest first: the only way from a PaymentIntent to its invoice. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  const intent = params.payment?.payment_intent;
  return rq.tx.list(rq, {
    object: 'invoice_payment',
    where: { invoice: params.invoice, payment_intent: intent, status: params.status },
    scoped: params.invoice !== undefined || intent !== undefined,
  });
}
