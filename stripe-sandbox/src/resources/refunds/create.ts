import { refundCharge } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

/** Refunds a charge, or the one that paid a PaymentIntent. Emits refund.created, charge.refunded. */
export async function createRefund(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.reason === 'expired_uncaptured_charge') throw notEmulated('reason=expired_uncaptured_charge', 'reason');
  return refundCharge(tx, {
    charge: await chargeOf(tx, params),
    ...(params.amount === undefined ? {} : { amount: params.amount }),
    reason: params.reason ?? null,
    metadata: mergeMetadata(null, params.metadata),
  });
}

async function chargeOf(tx: Tx, params: Params): Promise<Doc> {
  if (!params.charge && !params.payment_intent) {
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.');
  }
  if (!params.payment_intent) return tx.require('charge', params.charge, { param: 'charge' });
  const intent = await tx.require('payment_intent', params.payment_intent, { param: 'payment_intent' });
  if (params.charge && params.charge !== intent.latest_charge) {
    throw invalidRequest(`Charge ${params.charge} does not belong to PaymentIntent ${intent.id}.`, { param: 'charge' });
  }
  if (intent.status !== 'succeeded') {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, { param: 'payment_intent' });
  }
  return tx.require('charge', intent.latest_charge);
}
