import { capturePaymentIntent } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';

const FIELDS = ['description', 'receipt_email', 'shipping', 'transfer_group'];

/** Changes what describes the charge. Emits charge.updated. */
export async function updateCharge(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const charge = await tx.require('charge', rq.path.id!);
  assign(charge, params, FIELDS);
  if (params.fraud_details) charge.fraud_details = { ...charge.fraud_details, ...params.fraud_details };
  charge.metadata = mergeMetadata(charge.metadata, params.metadata);
  tx.put(charge);
  tx.emit('charge.updated', charge);
  return charge;
}

/** Captures through the charge's PaymentIntent. */
export async function captureCharge(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const charge = await tx.require('charge', rq.path.id!);
  if (charge.captured === true) throw invalidRequest(`Charge ${charge.id} has already been captured.`, { code: 'charge_already_captured' });
  const intent = await tx.require('payment_intent', charge.payment_intent);
  await capturePaymentIntent(tx, { intent, ...(params.amount === undefined ? {} : { amount: params.amount }) });
  return charge;
}
