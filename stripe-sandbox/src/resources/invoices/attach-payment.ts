import { attachPaymentIntent } from '../../billing/invoice/attach-payment.ts';
import { parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Ties a PaymentIntent of one's own to an open invoice. Emits invoice_payment.paid once it has succeeded, invoice.paid when nothing remains. */
export async function attachPayment(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const invoice = await tx.require('invoice', rq.path.id!);
  if (params.payment_intent === undefined) throw parameterMissing('payment_intent');
  const intent = await tx.require('payment_intent', params.payment_intent, { param: 'payment_intent' });
  return attachPaymentIntent(tx, { invoice, intent });
}
