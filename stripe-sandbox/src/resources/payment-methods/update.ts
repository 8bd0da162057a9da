import { mergeBillingDetails, resolvePaymentMethod } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
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
  if (params.card?.exp_month) paymentMethod.card.exp_month = params.card.exp_month;
  if (params.card?.exp_year) paymentMethod.card.exp_year = params.card.exp_year;
  if (params.allow_redisplay) paymentMethod.allow_redisplay = params.allow_redisplay;
  paymentMethod.metadata = mergeMetadata(paymentMethod.metadata, params.metadata);
  tx.put(paymentMethod);
  tx.emit('payment_method.updated', paymentMethod);
  return paymentMethod;
}
