import type { Doc, Hooks, Tx } from '../../kernel/types.ts';
import { keepPaymentMethod } from '../subscription/keep-payment-method.ts';
import { onFirstDebit } from '../subscription/on-invoice.ts';
import { noteDecline } from './collect.ts';
import { recordFailure } from './failed.ts';
import { cancelOpenPayment, markPaid } from './paid.ts';
import { voidInvoice } from './void.ts';

/**
 * A PaymentIntent came to rest: when it collects an invoice, the invoice follows. This is the only way from a payment to an invoice, whoever
 * confirmed the intent (the draft hour, a retry, `pay`, the hosted page, the client).
 */
export async function onPaymentIntentSettled(tx: Tx, payload: Hooks['payment_intent.settled']): Promise<void> {
  const { intent, outcome } = payload;
  const payment = await tx.first({ object: 'invoice_payment', where: { payment_intent: intent.id } });
  if (payment === undefined) return;
  const invoice = await tx.require('invoice', payment.invoice);
  if (invoice.status === 'paid' || invoice.status === 'void') return;
  const method = invoice._attempt?.method ?? idOf(intent.payment_method);
  switch (outcome) {
    case 'succeeded':
      await settlePaid(tx, { invoice, payment, intent });
      break;
    case 'failed': {
      if (invoice._started_by_debit === true) {
        await giveUpFirstDebit(tx, invoice);
        break;
      }
      const code = declineOf(intent);
      noteDecline(invoice, method, code);
      await recordFailure(tx, { invoice, requiresAction: code === 'authentication_required' });
      break;
    }
    case 'requires_action':
      await recordFailure(tx, { invoice, requiresAction: true });
      break;
    case 'canceled':
      await cancelOpenPayment(tx, invoice);
      break;
    default:
      markAttempted(tx, invoice);
      if (outcome === 'processing' && payload.charge?.payment_method_details?.type !== 'card') await onFirstDebit(tx, invoice);
  }
  // A debit under way is the same attempt until it ends.
  if (outcome !== 'processing') delete invoice._attempt;
}

/** Money arrived: invoice payment, invoice, subscription. `invoice_payment.paid` is told last and without a request [S 3.6]. */
export async function settlePaid(tx: Tx, input: { invoice: Doc; payment: Doc; intent: Doc }): Promise<void> {
  const { invoice, payment, intent } = input;
  const now = tx.now(invoice);
  payment.status = 'paid';
  payment.amount_paid = intent.amount_received ?? intent.amount;
  payment.status_transitions = { ...payment.status_transitions, paid_at: now };
  tx.put(payment);
  // The first attempt and automatic retries are counted, later manual ones are not [DTS attempt_count].
  if (isUncounted(invoice)) invoice.attempt_count += 1;
  await keepPaymentMethod(tx, { invoice, method: idOf(intent.payment_method) });
  await markPaid(tx, { invoice, how: 'charged' });
  tx.emitLast('invoice_payment.paid', payment);
}

function isUncounted(invoice: Doc): boolean {
  return invoice._attempt?.counted !== true && (invoice.attempt_count === 0 || invoice._attempt?.kind === 'automatic');
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
