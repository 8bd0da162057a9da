import type { Doc, Tx } from '../../kernel/types.ts';
import { onInvoicePaid } from '../subscription/on-invoice.ts';

export type PaidInput = {
  invoice: Doc;
  /** `charged`: a payment succeeded. `nothing_due`: no money needed. `out_of_band`: settled outside Stripe. */
  how: 'charged' | 'nothing_due' | 'out_of_band';
  brief?: boolean;
};

/**
 * Open or uncollectible → paid. Emits invoice.updated, invoice.paid and, unless paid out of band, invoice.payment_succeeded; then moves its
 * subscription [S 3.5, 3.6]. The caller deals with the payment itself.
 */
export async function markPaid(tx: Tx, input: PaidInput): Promise<void> {
  const { invoice, how } = input;
  invoice.status = 'paid';
  invoice.amount_paid = invoice.amount_due;
  invoice.amount_remaining = 0;
  invoice.auto_advance = false;
  invoice.next_payment_attempt = null;
  invoice.attempted = how === 'out_of_band' ? invoice.attempted : true;
  invoice.status_transitions = { ...invoice.status_transitions, paid_at: tx.now(invoice) };
  tx.cancelTimers(invoice.id);
  tx.put(invoice);
  if (input.brief !== true) tx.emit('invoice.updated', invoice);
  tx.emit('invoice.paid', invoice);
  if (how !== 'out_of_band') tx.emit('invoice.payment_succeeded', invoice);
  await onInvoicePaid(tx, invoice);
  await tx.announce('invoice.paid', { invoice });
}

/** The invoice payment that is still to be made, or undefined. */
export async function openPayment(tx: Tx, invoice: Doc): Promise<Doc | undefined> {
  return tx.first({ object: 'invoice_payment', where: { invoice: invoice.id, status: 'open' } });
}

/** Closes the open payment of an invoice that will not be collected through it. */
export async function cancelOpenPayment(tx: Tx, invoice: Doc): Promise<string | null> {
  const payment = await openPayment(tx, invoice);
  if (payment === undefined) return null;
  payment.status = 'canceled';
  payment.status_transitions = { ...payment.status_transitions, canceled_at: tx.now(invoice) };
  tx.put(payment);
  return payment.payment.payment_intent ?? null;
}
