import { StripeError } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { isHardDecline } from '../dunning/schedule.ts';
import { type ConfirmPaymentIntentInput, confirmPaymentIntent, defaultPaymentMethod, type PaymentResult } from '../payments/index.ts';
import { recordFailure } from './failed.ts';
import { openPayment } from './paid.ts';

export type CollectInput = {
  invoice: Doc;
  /** `automatic`: the renewal's own attempt or a retry, counted and followed by retries. `manual`: somebody asked for it. */
  attempt: 'automatic' | 'manual';
  offSession: boolean;
  paymentMethod?: string | null;
  returnUrl?: string | null;
};
/** `none`: there was no payment method to try. */
export type CollectResult = { outcome: 'paid' | 'failed' | 'requires_action' | 'processing' | 'none'; error?: StripeError };

/**
 * Tries to pay an open invoice with its payment method. The invoice and its subscription follow through `payment_intent.settled`; a decline is a
 * value. Without a payment method an automatic attempt fails without a charge [S 3.1].
 */
export async function collectInvoice(tx: Tx, input: CollectInput): Promise<CollectResult> {
  const { invoice } = input;
  const method = input.paymentMethod ?? (await paymentMethodFor(tx, invoice));
  const payment = await openPayment(tx, invoice);
  if (payment === undefined) return { outcome: 'none' };
  invoice._attempt = { kind: input.attempt, method };
  tx.put(invoice);
  if (method === null) return collectWithoutMethod(tx, input);
  if (input.attempt === 'automatic' && invoice._hard_declined === method) {
    await recordFailure(tx, { invoice, requiresAction: false });
    return { outcome: 'failed' };
  }
  const intent = await tx.require('payment_intent', payment.payment.payment_intent);
  if (intent.status === 'processing') return { outcome: 'processing' };
  const { offSession, returnUrl = null } = input;
  return answerOf(
    await confirm(tx, { invoice, attempt: input.attempt, confirm: { intent, paymentMethod: method, offSession, returnUrl } }),
  );
}

type Confirmation = { invoice: Doc; attempt: CollectInput['attempt']; confirm: ConfirmPaymentIntentInput };

/** What cannot even be tried (a card that is gone) is refused to a caller, but only a failed attempt when nobody is there to be told. */
async function confirm(tx: Tx, input: Confirmation): Promise<Pick<PaymentResult, 'outcome' | 'error'>> {
  if (input.attempt === 'manual') return confirmPaymentIntent(tx, input.confirm);
  try {
    return await tx.attempt(() => confirmPaymentIntent(tx, input.confirm));
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    await recordFailure(tx, { invoice: await tx.require('invoice', input.invoice.id), requiresAction: false });
    return { outcome: 'failed', error };
  }
}

function answerOf(result: Pick<PaymentResult, 'outcome' | 'error'>): CollectResult {
  switch (result.outcome) {
    case 'succeeded':
      return { outcome: 'paid' };
    case 'requires_action':
    case 'processing':
      return { outcome: result.outcome };
    default:
      return { outcome: 'failed', ...(result.error === undefined ? {} : { error: result.error }) };
  }
}

/** Whose card pays: the invoice's own, the subscription's, the customer's [S 3.7]. */
export async function paymentMethodFor(tx: Tx, invoice: Doc): Promise<string | null> {
  if (invoice.default_payment_method !== null) return invoice.default_payment_method;
  const id = invoice.parent?.subscription_details?.subscription;
  const subscription = id === undefined ? undefined : await tx.get(id);
  if (subscription?.default_payment_method != null) return subscription.default_payment_method;
  const customer = await tx.get(invoice.customer, { object: 'customer' });
  return customer === undefined ? null : defaultPaymentMethod(customer);
}

/** Remembers a card that must not be charged again. */
export function noteDecline(invoice: Doc, method: string | null, code: string | null): void {
  if (isHardDecline(code)) invoice._hard_declined = method;
}

async function collectWithoutMethod(tx: Tx, input: CollectInput): Promise<CollectResult> {
  if (input.attempt === 'automatic') await recordFailure(tx, { invoice: input.invoice, requiresAction: false });
  return { outcome: 'none' };
}
