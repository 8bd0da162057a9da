import { cardError, invalidRequest, type StripeError } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { cancelPaymentIntent } from '../payments/index.ts';
import { type CollectResult, collectInvoice } from './collect.ts';
import { finalizeInvoice } from './finalize.ts';
import { cancelOpenPayment, markPaid } from './paid.ts';

export type PayInput = {
  invoice: Doc;
  paymentMethod?: string | null;
  offSession?: boolean;
  paidOutOfBand?: boolean;
  returnUrl?: string | null;
};

/**
 * Pays an invoice now; a draft is finalized first. Answers what happened: a decline or a needed authentication is a value with the error an API call throws.
 * Refuses paid and void invoices.
 */
export async function payInvoice(tx: Tx, input: PayInput): Promise<CollectResult> {
  const { invoice } = input;
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid');
  if (invoice.status === 'void') throw invalidRequest('Void invoices cannot be paid.', { code: 'invoice_not_editable' });
  if (invoice.status === 'draft') await finalizeInvoice(tx, { invoice });
  if (invoice.status === 'paid') return { outcome: 'paid' };
  if (input.paidOutOfBand === true) {
    await settleOutside(tx, invoice);
    return { outcome: 'paid' };
  }
  const result = await collectInvoice(tx, {
    invoice,
    attempt: 'manual',
    offSession: input.offSession ?? false,
    paymentMethod: input.paymentMethod ?? null,
    returnUrl: input.returnUrl ?? null,
  });
  return { ...result, ...errorOf(result) };
}

/** Why a payment did not work, in Stripe's words. */
function errorOf(result: CollectResult): { error?: StripeError } {
  if (result.error !== undefined) return { error: result.error };
  if (result.outcome === 'none') {
    return {
      error: invalidRequest(
        'There is no `default_payment_method` set on this Customer or Invoice. Please set either to a payment method ID and try again.',
      ),
    };
  }
  if (result.outcome === 'requires_action') {
    return {
      error: cardError({
        code: 'invoice_payment_intent_requires_action',
        message:
          'This payment requires additional user action before it can be completed successfully. Complete it with the PaymentIntent of the invoice.',
      }),
    };
  }
  return {};
}

/** Money that came another way: paid, then the PaymentIntent is called off; no attempt is counted [S 3.6]. */
async function settleOutside(tx: Tx, invoice: Doc): Promise<void> {
  const intentId = await cancelOpenPayment(tx, invoice);
  await markPaid(tx, { invoice, how: 'out_of_band' });
  const intent = intentId === null ? undefined : await tx.get(intentId, { object: 'payment_intent' });
  if (intent !== undefined && intent.status !== 'succeeded' && intent.status !== 'canceled')
    await cancelPaymentIntent(tx, { intent, reason: 'void_invoice' });
}
