import type { Doc, Hooks, Tx } from '../../kernel/types.ts';
import { keepPaymentMethod } from '../subscription/keep-payment-method.ts';
import { onFirstDebit } from '../subscription/on-invoice.ts';
import { moveBalance } from './balance.ts';
import { noteDecline } from './collect.ts';
import { recordFailure } from './failed.ts';
import { cancelPayment, markPaid, syncPayment } from './paid.ts';
import { cancelPaymentOf, voidInvoice } from './void.ts';

/**
 * A PaymentIntent came to rest: when it pays an invoice, the invoice follows. This is the only way from a payment to an invoice, whoever
 * confirmed the intent (the draft hour, a retry, `pay`, the hosted page, the client).
 */
export async function onPaymentIntentSettled(tx: Tx, payload: Hooks['payment_intent.settled']): Promise<void> {
  const { intent, outcome } = payload;
  const payment = await tx.first({ object: 'invoice_payment', where: { payment_intent: intent.id, status: 'open' } });
  if (payment === undefined) return;
  const invoice = await tx.require('invoice', payment.invoice);
  if (outcome === 'succeeded') {
    if (invoice.status !== 'void') await settlePaid(tx, { invoice, payment, intent });
  } else if (outcome === 'canceled') cancelPayment(tx, payment);
  // An attempt on a payment of the caller's own is no attempt of the invoice's schedule.
  else if (payment.is_default && invoice.status !== 'paid' && invoice.status !== 'void') await noteAttempt(tx, invoice, payload);
  // A debit under way is the same attempt until it ends.
  if (outcome !== 'processing') delete invoice._attempt;
}

async function noteAttempt(tx: Tx, invoice: Doc, payload: Hooks['payment_intent.settled']): Promise<void> {
  const { intent, outcome } = payload;
  const method = invoice._attempt?.method ?? idOf(intent.payment_method);
  if (outcome === 'requires_action') return recordFailure(tx, { invoice, requiresAction: true });
  if (outcome === 'processing' && payload.charge?.payment_method_details?.type !== 'card') {
    markAttempted(tx, invoice);
    return onFirstDebit(tx, invoice);
  }
  if (outcome !== 'failed') return markAttempted(tx, invoice);
  if (invoice._started_by_debit === true) return giveUpFirstDebit(tx, invoice);
  const code = declineOf(intent);
  noteDecline(invoice, method, code);
  await recordFailure(tx, { invoice, requiresAction: code === 'authentication_required' });
}

/**
 * Money arrived: invoice payment, invoice, subscription. A part lowers what remains; the last part makes the invoice paid and calls the default
 * payment off; what is too much becomes the customer's credit (docs.stripe.com/invoicing/partial-payments). `invoice_payment.paid` is told last
 * and without a request [S 3.6].
 */
export async function settlePaid(tx: Tx, input: { invoice: Doc; payment: Doc; intent: Doc }): Promise<void> {
  const { invoice, payment, intent } = input;
  payment.status = 'paid';
  payment.amount_paid = intent.amount_received ?? intent.amount;
  payment.status_transitions = { ...payment.status_transitions, paid_at: tx.now(invoice) };
  tx.put(payment);
  // The first attempt and automatic retries are counted, later manual ones are not [DTS attempt_count].
  if (isUncounted(invoice)) invoice.attempt_count += 1;
  if (payment.is_default) await keepPaymentMethod(tx, { invoice, method: idOf(intent.payment_method) });
  await credit(tx, invoice, payment.amount_paid);
  tx.emitLast('invoice_payment.paid', payment);
}

function isUncounted(invoice: Doc): boolean {
  return invoice._attempt?.counted !== true && (invoice.attempt_count === 0 || invoice._attempt?.kind === 'automatic');
}

async function credit(tx: Tx, invoice: Doc, amount: number): Promise<void> {
  const wasPaid = invoice.status === 'paid';
  const applied = wasPaid ? 0 : Math.min(amount, invoice.amount_remaining);
  if (amount > applied) await overpay(tx, invoice, amount - applied);
  invoice.amount_paid += applied;
  invoice.amount_remaining -= applied;
  if (!wasPaid && invoice.amount_remaining === 0) {
    await markPaid(tx, { invoice, how: 'charged' });
    await cancelPaymentOf(tx, invoice);
    return;
  }
  invoice.attempted = true;
  await syncPayment(tx, invoice);
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
}

async function overpay(tx: Tx, invoice: Doc, amount: number): Promise<void> {
  invoice.amount_overpaid += amount;
  const customer = await tx.get(invoice.customer, { object: 'customer' });
  if (customer === undefined) return;
  moveBalance(tx, { customer, amount: -amount, currency: invoice.currency, type: 'invoice_overpaid', invoice });
}

/** A payment under way (bank debit): attempted, neither paid nor failed yet. */
function markAttempted(tx: Tx, invoice: Doc): void {
  invoice.attempted = true;
  if (isUncounted(invoice)) invoice.attempt_count += 1;
  invoice._attempt = { ...invoice._attempt, counted: true };
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
}

/** The bank bounced the debit a subscription began with: the invoice is voided, the subscription stays [docs billing/subscriptions/overview]. */
async function giveUpFirstDebit(tx: Tx, invoice: Doc): Promise<void> {
  tx.put(invoice);
  tx.emit('invoice.payment_failed', invoice);
  await voidInvoice(tx, { invoice, followSubscription: false });
}

function declineOf(intent: Doc): string | null {
  const error = intent.last_payment_error;
  return error?.decline_code ?? error?.code ?? null;
}

function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return (value as { id?: string } | null)?.id ?? null;
}
