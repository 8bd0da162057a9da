/** Which kinds of payment methods an intent takes. */
import { invalidRequest, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';

const DEBIT = 'sepa_debit';
const DEBIT_CURRENCY = 'eur';

/** What the request allows; without a wish, what the account offers in the currency. Refuses bank debits in anything but euros. */
export function methodTypesFor(currency: string, fields: Params = {}): string[] {
  const allowed: string[] | null = fields.allowed_payment_method_types ?? null;
  if (allowed?.includes(DEBIT) && currency !== DEBIT_CURRENCY) throw wrongCurrency(currency);
  const excluded: string[] = fields.excluded_payment_method_types ?? [];
  const offered = allowed ?? (currency === DEBIT_CURRENCY ? ['card', DEBIT] : ['card']);
  return offered.filter((type) => !excluded.includes(type));
}

/** Refuses a payment method of a kind the intent does not take. */
export function requireAllowedType(intent: Doc, paymentMethod: Doc): void {
  const types: string[] = intent.payment_method_types;
  if (types.includes(paymentMethod.type) || (intent.object === 'setup_intent' && takesAny(intent))) return;
  if (intent.object === 'payment_intent' && paymentMethod.type === DEBIT && intent.currency !== DEBIT_CURRENCY)
    throw wrongCurrency(intent.currency);
  const name = intent.object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent';
  throw new StripeError(400, {
    type: 'invalid_request_error',
    code: `${intent.object}_incompatible_payment_method`,
    param: 'payment_method',
    message: `The PaymentMethod provided (${paymentMethod.type}) is not allowed for this ${name}. Please attach a PaymentMethod of one of the following types: ${types.join(', ')}.`,
  });
}

/** A setup has no currency to decide by: without a list it takes what the Sandbox knows. */
function takesAny(intent: Doc): boolean {
  return intent.allowed_payment_method_types == null && (intent.excluded_payment_method_types ?? []).length === 0;
}

function wrongCurrency(currency: string): StripeError {
  return invalidRequest(
    `The currency provided (${currency}) is invalid for one or more payment method types on this PaymentIntent. The payment method type ${DEBIT} only supports the following currencies: ${DEBIT_CURRENCY}. Either correct the provided currency, or use a different PaymentIntent to accept this payment method type.`,
    { param: 'currency' },
  );
}
