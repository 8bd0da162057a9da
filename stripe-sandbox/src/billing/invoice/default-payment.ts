import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** The PaymentIntent of an invoice's default payment is the invoice's: it can be confirmed, not edited or canceled directly [DTS is_default]. */
export async function refuseDefaultPayment(tx: Tx, intent: Doc, what: 'canceled' | 'edited'): Promise<void> {
  const payment = await tx.first({ object: 'invoice_payment', where: { payment_intent: intent.id, status: 'open' } });
  if (payment === undefined || !payment.is_default) return;
  throw invalidRequest(
    `The PaymentIntent ${intent.id} was created by the invoice ${payment.invoice} and cannot be ${what} directly. ${what === 'canceled' ? 'Void the invoice instead.' : 'Change the invoice instead.'}`,
    { code: 'payment_intent_unexpected_state' },
  );
}
