import type { Doc, Tx } from '../../kernel/types.ts';
import { onInvoicePaid } from '../subscription/on-invoice.ts';

export type PaidInput = {
  invoice: Doc;
  /** `charged`: a payment succeeded. `nothing_due`: no money needed. `out_of_band`: settled outside Stripe. */
  how: 'charged' | 'nothing_due' | 'out_of_band';
  brief?: boolean;
};

/**
 * Open or uncollectible → paid. Emits invoice.updated, invoice.paid, unless paid out of band invoice.payment_succeeded, and invoice.overpaid
 * when more came in than was due; then moves its subscription [S 3.5, 3.6]. The caller deals with the payment itself.
 */
export async function markPaid(tx: Tx, input: PaidInput): Promise<void> {
  const { invoice, how } = input;
  invoice.status = 'paid';
  if (how === 'out_of_band') invoice._off_stripe = invoice.amount_due - invoice.amount_paid;
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
  if (invoice.amount_overpaid > 0) tx.emit('invoice.overpaid', invoice);
  await onInvoicePaid(tx, invoice);
  await tx.announce('invoice.paid', { invoice });
}

/** The default payment of an invoice while it is still to be made: the one Stripe makes itself [DTS is_default]. */
export async function openPayment(tx: Tx, invoice: Doc): Promise<Doc | undefined> {
  return tx.first({ object: 'invoice_payment', where: { invoice: invoice.id, status: 'open' }, filter: (payment) => payment.is_default });
}

/** Payments of the caller's own that were attached to an invoice, by status. */
export async function attachedPayments(tx: Tx, invoice: Doc, status: ('open' | 'paid')[]): Promise<Doc[]> {
  return tx.query({ object: 'invoice_payment', where: { invoice: invoice.id, status }, filter: (payment) => !payment.is_default });
}

/** The default payment asks for what is left [DTS is_default: kept in step with `amount_remaining`]. */
export async function syncPayment(tx: Tx, invoice: Doc): Promise<void> {
  const payment = await openPayment(tx, invoice);
  if (payment === undefined || invoice.amount_remaining === 0) return;
  payment.amount_requested = invoice.amount_remaining;
  tx.put(payment);
  const intent = await tx.require('payment_intent', payment.payment.payment_intent);
  intent.amount = invoice.amount_remaining;
  tx.put(intent);
}

/** Closes the default payment of an invoice that will not be collected through it; answers its PaymentIntent. */
export async function cancelOpenPayment(tx: Tx, invoice: Doc): Promise<string | null> {
  const payment = await openPayment(tx, invoice);
  if (payment === undefined) return null;
  cancelPayment(tx, payment);
  return payment.payment.payment_intent ?? null;
}

/** open → canceled. */
export function cancelPayment(tx: Tx, payment: Doc): void {
  payment.status = 'canceled';
  payment.status_transitions = { ...payment.status_transitions, canceled_at: tx.now(payment) };
  tx.put(payment);
}
