/** Confirming a PaymentIntent. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { attemptDebit } from './attempt-debit.ts';
import { attemptPayment } from './attempt-payment.ts';
import { createPaymentIntent, usableMethod } from './create-payment-intent.ts';
import { refusedInState, wrongStatus } from './errors.ts';
import { requireAllowedType } from './method-types.ts';
import type { ChargePaymentMethodInput, ConfirmPaymentIntentInput, PaymentResult } from './types.ts';

export const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const;

const MISSING_METHOD =
  "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";

/**
 * Tries to pay the intent: it ends in succeeded, requires_capture, processing, requires_action, or back in requires_payment_method with `error` set.
 * Throws (nothing changed) when its status forbids confirmation or no method is known.
 */
export async function confirmPaymentIntent(tx: Tx, input: ConfirmPaymentIntentInput): Promise<PaymentResult> {
  const { intent } = input;
  requireConfirmable(intent);
  const customer = intent.customer === null ? null : ((await tx.get(intent.customer, { object: 'customer' })) ?? null);
  const paymentMethod = await usableMethod(tx, input.paymentMethod ?? intent.payment_method, customer);
  if (paymentMethod === null) throw refusedInState(intent, MISSING_METHOD);
  requireAllowedType(intent, paymentMethod);
  const attempt = {
    intent,
    paymentMethod,
    offSession: input.offSession ?? false,
    authenticated: takeProof(intent, paymentMethod),
    errorOnRequiresAction: input.errorOnRequiresAction ?? false,
    returnUrl: input.returnUrl ?? null,
  };
  return paymentMethod.type === 'card'
    ? attemptPayment(tx, attempt)
    : attemptDebit(tx, { ...attempt, acceptance: input.acceptance ?? null });
}

/** Creates an intent and confirms it with `paymentMethod` in one go. */
export async function chargePaymentMethod(tx: Tx, input: ChargePaymentMethodInput): Promise<PaymentResult> {
  const intent = await createPaymentIntent(tx, input);
  return confirmPaymentIntent(tx, { ...input, intent, paymentMethod: intent.payment_method });
}

/** Whether the cardholder already proved this method on a manually confirmed intent; the proof counts once. */
function takeProof(intent: Doc, paymentMethod: Doc): boolean {
  const proven: string | undefined = intent._authenticated;
  delete intent._authenticated;
  return proven === paymentMethod.id;
}

function requireConfirmable(intent: Doc): void {
  if ((CONFIRMABLE as readonly string[]).includes(intent.status)) return;
  if (intent.status === 'succeeded' || intent.status === 'requires_capture') {
    throw refusedInState(
      intent,
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
    );
  }
  throw wrongStatus(intent, 'confirm', 'confirmed', CONFIRMABLE);
}
