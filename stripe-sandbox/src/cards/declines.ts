/** The ways a bank refuses a card, in Stripe's words [S 3.9, 3.12]. */

export type Decline = {
  code: string;
  decline_code: string | null;
  message: string;
  /** Which field of the card is wrong, for the codes that name one. */
  param?: string;
  /** Stripe's advice on trying again. */
  advice_code: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data' | null;
  /** Refused by Stripe itself, the bank was never asked. */
  blocked?: boolean;
};

const TRY_LATER = 'try_again_later';
const NEVER_AGAIN = 'do_not_try_again';
const CONFIRM_DATA = 'confirm_card_data';

const DECLINED = 'Your card was declined.';

export const DECLINES = {
  generic_decline: { code: 'card_declined', decline_code: 'generic_decline', message: DECLINED, advice_code: TRY_LATER },
  insufficient_funds: {
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
    advice_code: TRY_LATER,
  },
  lost_card: { code: 'card_declined', decline_code: 'lost_card', message: DECLINED, advice_code: NEVER_AGAIN },
  stolen_card: { code: 'card_declined', decline_code: 'stolen_card', message: DECLINED, advice_code: NEVER_AGAIN },
  fraudulent: { code: 'card_declined', decline_code: 'fraudulent', message: DECLINED, advice_code: NEVER_AGAIN, blocked: true },
  card_velocity_exceeded: {
    code: 'card_declined',
    decline_code: 'card_velocity_exceeded',
    message: 'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    advice_code: TRY_LATER,
  },
  expired_card: {
    code: 'expired_card',
    decline_code: null,
    message: 'Your card has expired.',
    param: 'exp_month',
    advice_code: NEVER_AGAIN,
  },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    decline_code: null,
    message: "Your card's security code is incorrect.",
    param: 'cvc',
    advice_code: CONFIRM_DATA,
  },
  incorrect_zip: {
    code: 'incorrect_zip',
    decline_code: null,
    message: "Your card's postal code is incorrect.",
    param: 'address_zip',
    advice_code: CONFIRM_DATA,
  },
  processing_error: {
    code: 'processing_error',
    decline_code: null,
    message: 'An error occurred while processing your card. Try again in a little bit.',
    advice_code: TRY_LATER,
  },
  incorrect_number: {
    code: 'incorrect_number',
    decline_code: null,
    message: 'Your card number is incorrect.',
    param: 'number',
    advice_code: CONFIRM_DATA,
  },
  authentication_required: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
    advice_code: null,
  },
  test_mode_live_card: {
    code: 'card_declined',
    decline_code: 'test_mode_live_card',
    message:
      'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    advice_code: NEVER_AGAIN,
  },
} as const satisfies Record<string, Decline>;

/** No retry can mend these [S 3.7; docs.stripe.com/declines/codes]. */
const HOPELESS = new Set([
  'do_not_try_again',
  'invalid_account',
  'merchant_blacklist',
  'no_action_taken',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stop_payment_order',
]);
const NOT_SUPPORTED = new Set(['card_not_supported', 'currency_not_supported', 'service_not_allowed', 'transaction_not_allowed']);
const UNSUPPORTED_PURCHASE = 'Your card does not support this type of purchase.';

export type DeclineName = keyof typeof DECLINES;

/** A decline by code and decline_code, as the control API asks for one; unknown combinations are passed on with Stripe's general wording. */
export function declineFor(wanted: { code: string; decline_code?: string | null; message?: string }): Decline {
  const known: Record<string, Decline> = DECLINES;
  const name = wanted.decline_code ?? (wanted.code === 'card_declined' ? 'generic_decline' : wanted.code);
  const found = known[name] ?? known[wanted.code];
  // A decline code in the place of the code ("insufficient_funds") is a decline of the card all the same.
  if (found !== undefined && (found.code === wanted.code || found.decline_code === wanted.code)) {
    return { ...found, ...(wanted.message === undefined ? {} : { message: wanted.message }) };
  }
  const decline_code = wanted.decline_code ?? null;
  const message = wanted.message ?? (NOT_SUPPORTED.has(name) ? UNSUPPORTED_PURCHASE : DECLINED);
  return { code: wanted.code, decline_code, message, advice_code: HOPELESS.has(name) ? NEVER_AGAIN : TRY_LATER };
}
