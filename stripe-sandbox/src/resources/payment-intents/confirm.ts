import { refuseDefaultPayment } from '../../billing/invoice/default-payment.ts';
import { cancelPaymentIntent, capturePaymentIntent, confirmPaymentIntent } from '../../billing/payments/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { optionsWith, requireReturnUrl, storedFields, takeOver } from './params.ts';

/** Tries to pay the intent. A decline answers 402 and the intent waits for another payment method. */
export async function confirm(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const intent = await tx.require('payment_intent', rq.path.id!, { param: 'intent', status: 404 });
  if (params.amount_to_confirm !== undefined && params.amount_to_confirm !== intent.amount) {
    throw invalidRequest(
      `The amount to confirm (${params.amount_to_confirm}) does not match the amount of the PaymentIntent (${intent.amount}).`,
      {
        param: 'amount_to_confirm',
      },
    );
  }
  if (['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) requireReturnUrl(intent, params);
  takeOver(intent, params);
  intent.payment_method_options = optionsWith(intent.payment_method_options, params);
  if (params.setup_future_usage !== undefined) intent.setup_future_usage = params.setup_future_usage || null;
  if (params.capture_method !== undefined) intent.capture_method = params.capture_method;
  if (params.receipt_email !== undefined) intent.receipt_email = params.receipt_email || null;
  const { error } = await confirmPaymentIntent(tx, {
    intent,
    paymentMethod: params.payment_method || null,
    offSession: Boolean(params.off_session),
    returnUrl: params.return_url || null,
    errorOnRequiresAction: params.error_on_requires_action === true,
    acceptance: params.mandate_data ? params.mandate_data.customer_acceptance : null,
  });
  if (error !== undefined) throw error;
  return intent;
}

/** Takes authorized money. */
export async function capture(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.final_capture === false) throw notEmulated('Capturing in several parts', 'final_capture');
  const intent = await tx.require('payment_intent', rq.path.id!, { param: 'intent', status: 404 });
  intent.metadata = mergeMetadata(intent.metadata, params.metadata);
  Object.assign(intent, storedFields(params));
  await capturePaymentIntent(tx, { intent, ...(params.amount_to_capture === undefined ? {} : { amount: params.amount_to_capture }) });
  return intent;
}

export async function cancel(rq: ApiRequest): Promise<Doc> {
  const intent = await rq.tx.require('payment_intent', rq.path.id!, { param: 'intent', status: 404 });
  await refuseDefaultPayment(rq.tx, intent, 'canceled');
  return cancelPaymentIntent(rq.tx, { intent, reason: rq.params.cancellation_reason || null });
}
