/** One attempt to debit a bank account: always `processing` first, settled by the timer `async_settle` [docs.stripe.com/payments/sepa-debit]. */
import { bankOf, debitFailure, declineFor } from '../../cards/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Outcome, Params, Tx } from '../../kernel/types.ts';
import { type AttemptInput, type Processing, startProcessing } from './attempt-payment.ts';
import { recordMandate, requireMandate } from './mandate.ts';
import { futureUsage } from './method-options.ts';
import type { PaymentResult } from './types.ts';

/** Emits charge.pending, payment_intent.processing. Refuses manual capture, and a debit without the owner's mandate. */
export async function attemptDebit(tx: Tx, input: AttemptInput & { acceptance: Params | null }): Promise<PaymentResult> {
  const { intent, paymentMethod, acceptance } = input;
  if (intent.capture_method === 'manual') {
    throw invalidRequest('The payment method type sepa_debit does not support manual capture.', { param: 'capture_method' });
  }
  requireMandate(paymentMethod, acceptance);
  const order = await tx.takeOutcome({ customer: intent.customer, paymentMethod: paymentMethod.id });
  if (acceptance !== null) {
    const singleUse = futureUsage(intent, paymentMethod) === null ? { amount: intent.amount, currency: intent.currency } : undefined;
    recordMandate(tx, { intent, paymentMethod, acceptance, ...(singleUse === undefined ? {} : { singleUse }) });
  }
  return startProcessing(tx, input, planOf(paymentMethod, order));
}

/** An order of the control API comes before the account's own behaviour; a bank never asks for authentication. */
function planOf(paymentMethod: Doc, order: Outcome | null): Processing {
  const bank = bankOf(paymentMethod);
  if (order?.kind === 'processing') return { seconds: order.seconds, ends: order.then };
  if (order?.kind === 'decline') return { seconds: bank.settlesAfter, ends: 'fail', decline: declineFor(order) };
  const failure = order?.kind === 'succeed' ? null : debitFailure(bank);
  return failure === null
    ? { seconds: bank.settlesAfter, ends: 'succeed' }
    : { seconds: bank.settlesAfter, ends: 'fail', decline: failure };
}
