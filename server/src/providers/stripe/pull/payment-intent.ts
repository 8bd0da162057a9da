import { z } from 'zod';
import type { PaymentDetail } from '../../../invoices/index.ts';
import type { PaymentError, PaymentIntentInput } from '../../../payments/index.ts';
import { amount, currency, instant, referenceOrNull, text } from './fields.ts';
import { paymentMethodSchema, toPaymentMethod } from './payment-method.ts';
import { read } from './unreadable.ts';

const charge = z.object({
  id: z.string(),
  created: instant,
  receipt_url: text,
  payment_method: referenceOrNull,
  payment_method_details: paymentMethodSchema.nullish(),
});

const schema = z.object({
  id: z.string(),
  created: instant,
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'requires_capture',
    'canceled',
    'succeeded',
  ]),
  amount,
  currency,
  customer: referenceOrNull,
  description: text,
  last_payment_error: z
    .object({ code: text, decline_code: text, advice_code: text, message: text, payment_method: paymentMethodSchema.nullish() })
    .nullish(),
  latest_charge: z.union([z.string(), charge]).nullish(),
  payment_method: z.union([z.string(), paymentMethodSchema]).nullish(),
});
type Body = z.output<typeof schema>;

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId' | 'customerId';
export type PaymentIntentFacts = Omit<PaymentIntentInput, Known> & { stripeCustomerId: string | null };

/** A PaymentIntent in our words: after a decline Stripe says `requires_payment_method`, we say failed. */
export function toPaymentIntent(body: unknown): PaymentIntentFacts {
  const intent = read('payment_intent', schema, body);
  const attempt = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    stripeId: intent.id,
    stripeCustomerId: intent.customer,
    stripeStatus: intent.status,
    status: statusOf(intent),
    amount: intent.amount,
    currency: intent.currency,
    description: intent.description,
    automatic: false,
    latestChargeId: attempt?.id ?? (typeof intent.latest_charge === 'string' ? intent.latest_charge : null),
    error: errorOf(intent),
    paymentMethod: methodOf(intent),
    receiptUrl: attempt?.receipt_url ?? null,
    succeededAt: intent.status === 'succeeded' ? (attempt?.created ?? intent.created) : null,
    createdAt: intent.created,
  };
}

function statusOf(intent: Body): PaymentDetail | 'canceled' {
  switch (intent.status) {
    case 'succeeded':
    case 'canceled':
    case 'processing':
    case 'requires_action':
      return intent.status;
    case 'requires_payment_method':
      return intent.last_payment_error ? 'failed' : 'pending';
    case 'requires_confirmation':
    case 'requires_capture':
      return 'pending';
  }
}

function errorOf(intent: Body): PaymentError | null {
  const error = intent.last_payment_error;
  if (!error || intent.status === 'succeeded') return null;
  return { code: error.code, declineCode: error.decline_code, adviceCode: error.advice_code, message: error.message };
}

/** The method of the newest attempt: after a decline Stripe takes it off the PaymentIntent and leaves it in the error. */
function methodOf(intent: Body) {
  const attempt = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  if (intent.payment_method && typeof intent.payment_method === 'object') return toPaymentMethod(intent.payment_method);
  return (
    toPaymentMethod(attempt?.payment_method_details, attempt?.payment_method) ?? toPaymentMethod(intent.last_payment_error?.payment_method)
  );
}
