import { CARD_OPTIONS, confirmPaymentIntent, createPaymentIntent } from '../../billing/payments/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { optionsWith, requireConfirmFor, requireReturnUrl, storedFields } from './params.ts';

const AUTOMATIC = { allow_redirects: 'always', enabled: true } as const;

/** Creates a PaymentIntent and, with `confirm`, tries to pay it: a decline answers 402 and leaves the intent behind. Emits payment_intent.created first. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  requireConfirmFor(params);
  const customer = params.customer ? await tx.require('customer', params.customer, { param: 'customer' }) : null;
  const automatic = params.automatic_payment_methods;
  const intent = await createPaymentIntent(tx, {
    amount: params.amount,
    currency: params.currency,
    customer,
    paymentMethod: params.payment_method || null,
    captureMethod: params.capture_method ?? 'automatic_async',
    setupFutureUsage: params.setup_future_usage || null,
    automaticPaymentMethods: automatic === undefined ? AUTOMATIC : { allow_redirects: 'always', ...automatic },
    description: params.description || null,
    metadata: mergeMetadata(null, params.metadata),
    receiptEmail: params.receipt_email || null,
    fields: { ...storedFields(params), payment_method_options: optionsWith(CARD_OPTIONS, params) },
  });
  if (params.confirm !== true) return intent;
  requireReturnUrl(intent, params);
  const { error } = await confirmPaymentIntent(tx, {
    intent,
    offSession: Boolean(params.off_session),
    returnUrl: params.return_url || null,
    errorOnRequiresAction: params.error_on_requires_action === true,
    acceptance: params.mandate_data ? params.mandate_data.customer_acceptance : null,
  });
  if (error !== undefined) throw error;
  return intent;
}
