/** Refusals of payments, in Stripe's words [S 3.9]. */
import type { Decline } from '../../cards/index.ts';
import { cardError, type StripeError, unexpectedState } from '../../kernel/errors.ts';
import { publicCopy } from '../../kernel/event.ts';
import type { Doc, Params } from '../../kernel/types.ts';

/** The fields of a decline as they stand in errors and in last_payment_error; absent ones are left out. */
export function declineFields(decline: Decline): {
  code: string;
  message: string;
  decline_code?: string;
  advice_code?: string;
  param?: string;
} {
  const { code, message, decline_code, advice_code, param } = decline;
  return {
    code,
    message,
    ...(decline_code === null ? {} : { decline_code }),
    ...(advice_code === null ? {} : { advice_code }),
    ...(param === undefined ? {} : { param }),
  };
}

/** 402 that commits: the charge, the intent as it is now and the refused payment method ride along. */
export function paymentDeclined(input: { decline: Decline; intent: Doc; charge: Doc | null; paymentMethod: Doc }): StripeError {
  const { decline, intent, charge, paymentMethod } = input;
  return cardError({
    ...declineFields(decline),
    ...(charge === null ? {} : { charge: charge.id }),
    payment_intent: publicCopy(intent) as Doc,
    payment_method: publicCopy(paymentMethod) as Doc,
  });
}

/** 402 of a setup. */
export function setupDeclined(input: { decline: Decline; intent: Doc; paymentMethod: Doc }): StripeError {
  const { decline, intent, paymentMethod } = input;
  return cardError({
    ...declineFields(decline),
    setup_intent: publicCopy(intent) as Doc,
    payment_method: publicCopy(paymentMethod) as Doc,
  });
}

/** `last_payment_error` and `last_setup_error`. */
export function lastError(input: { decline: Decline; charge: Doc | null; paymentMethod: Doc }): Params {
  return {
    type:
      input.decline.code === 'payment_intent_authentication_failure' || input.decline.code === 'setup_intent_authentication_failure'
        ? 'invalid_request_error'
        : 'card_error',
    ...declineFields(input.decline),
    ...(input.charge === null ? {} : { charge: input.charge.id }),
    payment_method: publicCopy(input.paymentMethod),
  };
}

const NAMES = { payment_intent: 'PaymentIntent', setup_intent: 'SetupIntent' } as const;

/** "You cannot cancel this PaymentIntent because it has a status of …". */
export function wrongStatus(intent: Doc, verb: string, participle: string, allowed: readonly string[]): StripeError {
  const name = NAMES[intent.object as keyof typeof NAMES];
  return unexpectedState(
    `${intent.object}_unexpected_state`,
    `You cannot ${verb} this ${name} because it has a status of ${intent.status}. Only a ${name} with one of the following statuses may be ${participle}: ${allowed.join(', ')}.`,
    { [intent.object]: publicCopy(intent) },
  );
}

/** A state refusal with a sentence of its own. */
export function refusedInState(intent: Doc, message: string): StripeError {
  return unexpectedState(`${intent.object}_unexpected_state`, message, { [intent.object]: publicCopy(intent) });
}
