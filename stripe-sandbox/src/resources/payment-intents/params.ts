/** What create, update and confirm of a PaymentIntent share. */
import { mergeOptions, methodTypesFor, PAYMENT_OPTIONS, shippingOf } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';

/** Connect, wallets, tokens of Stripe.js, and payment methods other than saved or test cards. */
export const UNSUPPORTED = [
  'application_fee_amount',
  'confirmation_token',
  'customer_account',
  'hooks',
  'mandate',
  'on_behalf_of',
  'payment_method_configuration',
  'payment_method_data',
  'radar_options',
  'transfer_data',
];

/** Stored and shown as sent; '' unsets. */
export const STORED = [
  'allowed_payment_method_types',
  'amount_details',
  'confirmation_method',
  'excluded_payment_method_types',
  'payment_details',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
];

const ONLY_WITH_CONFIRM = ['off_session', 'error_on_requires_action', 'return_url', 'use_stripe_sdk', 'mandate_data'];

/** The stored fields among the parameters. */
export function storedFields(params: Params): Params {
  const stored = STORED.filter((name) => params[name] !== undefined).map((name) => [name, params[name] === '' ? null : params[name]]);
  return { ...Object.fromEntries(stored), ...(params.shipping === undefined ? {} : { shipping: shippingOf(params.shipping) }) };
}

/** Takes over the stored fields; the kinds of methods the intent accepts follow from them and its currency. */
export function takeOver(intent: Doc, params: Params): void {
  Object.assign(intent, storedFields(params));
  if (['allowed_payment_method_types', 'excluded_payment_method_types', 'currency'].every((name) => params[name] === undefined)) return;
  intent.payment_method_types = methodTypesFor(intent.currency, intent);
}

/** The intent's options with those that were sent. */
export function optionsWith(current: Params, params: Params): Params {
  return mergeOptions(current, params.payment_method_options || {}, PAYMENT_OPTIONS);
}

/** Some parameters describe a confirmation and mean nothing without one. */
export function requireConfirmFor(params: Params): void {
  if (params.confirm === true) return;
  const early = ONLY_WITH_CONFIRM.find((name) => params[name] !== undefined);
  if (early !== undefined) {
    throw invalidRequest(`The parameter \`${early}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`, {
      param: early,
    });
  }
}

/** An intent with automatic payment methods may redirect, so it needs a return_url; off-session there is nobody to redirect [S 3.12]. */
export function requireReturnUrl(intent: Doc, params: Params): void {
  const automatic = intent.automatic_payment_methods;
  if (automatic?.enabled !== true || automatic.allow_redirects === 'never' || params.return_url || params.off_session) return;
  throw invalidRequest(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
  );
}
