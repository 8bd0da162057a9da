import { mergeBillingDetails, requireExpiryAhead, resolvePaymentMethod } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

/** Changes billing details, expiry or metadata of a saved method. Emits payment_method.updated. A shared token stands for a fresh method each time. */
export async function updatePaymentMethod(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const id = rq.path.id!;
  const paymentMethod = await resolvePaymentMethod(tx, { id, status: 404, param: 'id' });
  if (paymentMethod.customer === null && paymentMethod.id === id) {
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.');
  }
  if (params.card?.networks) throw notEmulated('card[networks]', 'card[networks]');
  if (params.billing_details) paymentMethod.billing_details = mergeBillingDetails(paymentMethod.billing_details, params.billing_details);
  if (params.card?.exp_month || params.card?.exp_year) changeExpiry(tx, paymentMethod, params.card);
  if (params.allow_redisplay) paymentMethod.allow_redisplay = params.allow_redisplay;
  paymentMethod.metadata = mergeMetadata(paymentMethod.metadata, params.metadata);
  tx.put(paymentMethod);
  tx.emit('payment_method.updated', paymentMethod);
  return paymentMethod;
}

/** As with a new card, the date must lie ahead. */
function changeExpiry(tx: Tx, paymentMethod: Doc, given: Params): void {
  if (paymentMethod.type !== 'card')
    throw invalidRequest(`PaymentMethods of type ${paymentMethod.type} have no card to change.`, { param: 'card' });
  const { exp_month, exp_year } = paymentMethod.card;
  const expiry = requireExpiryAhead(tx, { month: given.exp_month ?? exp_month, year: given.exp_year ?? exp_year, of: paymentMethod });
  paymentMethod.card = { ...paymentMethod.card, exp_month: expiry.month, exp_year: expiry.year };
}
