/** Creating a PaymentIntent. */
import { isSharedToken } from '../../cards/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { requireChargeable, requireCurrency } from './amounts.ts';
import { methodTypesFor, requireAllowedType } from './method-types.ts';
import { resolvePaymentMethod } from './payment-method.ts';
import { shippingOf } from './shipping.ts';
import type { CreatePaymentIntentInput } from './types.ts';

const SECRET_LENGTH = 25;
/** What Stripe shows when no options were given. */
export const CARD_OPTIONS = {
  card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
};

/** Stores the intent in `requires_payment_method` or, with a method, `requires_confirmation`. Emits payment_intent.created. Refuses amounts that cannot be charged. */
export async function createPaymentIntent(tx: Tx, input: CreatePaymentIntentInput): Promise<Doc> {
  const currency = requireCurrency(input.currency);
  requireChargeable(input.amount, currency);
  const customer = input.customer ?? null;
  const paymentMethod = await usableMethod(tx, input.paymentMethod ?? null, customer);
  const intent = tx.make(
    'payment_intent',
    'pi',
    {
      amount: input.amount,
      amount_capturable: 0,
      amount_details: { tip: {} },
      amount_received: 0,
      automatic_payment_methods: input.automaticPaymentMethods ?? null,
      capture_method: input.captureMethod ?? 'automatic',
      confirmation_method: 'automatic',
      currency,
      customer: customer?.id ?? null,
      description: input.description ?? null,
      metadata: input.metadata ?? {},
      payment_method: paymentMethod?.id ?? null,
      payment_method_options: structuredClone(CARD_OPTIONS),
      payment_method_types: input.paymentMethodTypes ?? methodTypesFor(currency, input.fields),
      receipt_email: input.receiptEmail ?? null,
      setup_future_usage: input.setupFutureUsage ?? null,
      status: paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
      transfer_data: null,
      ...input.fields,
      ...(input.fields?.shipping === undefined ? {} : { shipping: shippingOf(input.fields.shipping) }),
    },
    customer,
  );
  if (paymentMethod !== null) requireAllowedType(intent, paymentMethod);
  intent.client_secret = `${intent.id}_secret_${tx.secret(SECRET_LENGTH)}`;
  tx.put(intent);
  tx.emit('payment_intent.created', intent);
  return intent;
}

/** The method an intent of this customer may be paid with. Refuses one that belongs to somebody else. */
export async function usableMethod(tx: Tx, id: string | null, customer: Doc | null): Promise<Doc | null> {
  if (id === null) return null;
  const paymentMethod = await resolvePaymentMethod(tx, { id, of: customer });
  const owner: string | null = paymentMethod.customer;
  if (owner === null || isSharedToken(id) || owner === customer?.id) return paymentMethod;
  if (customer === null) {
    throw invalidRequest(
      'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.',
      { code: 'payment_intent_unexpected_state', param: 'payment_method' },
    );
  }
  throw invalidRequest(
    `The provided PaymentMethod (${paymentMethod.id}) belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
    { param: 'payment_method' },
  );
}
