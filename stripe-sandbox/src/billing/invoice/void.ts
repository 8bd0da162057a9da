import { unexpectedState } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { reinstateCredits } from '../credits/index.ts';
import { cancelPaymentIntent } from '../payments/index.ts';
import { onInvoiceUncollectible, onInvoiceVoided } from '../subscription/on-invoice.ts';
import { moveBalance } from './balance.ts';
import { attachedPayments, cancelOpenPayment, cancelPayment } from './paid.ts';

/** Open or uncollectible → void: the payment is called off, an applied balance goes back to the customer. Emits invoice.voided; the subscription follows [S 3.1 Voiding]. */
export async function voidInvoice(tx: Tx, input: { invoice: Doc; followSubscription?: boolean }): Promise<Doc> {
  const { invoice } = input;
  close(invoice, ['open', 'uncollectible'], 'void');
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  const customer = await tx.get(invoice.customer, { object: 'customer' });
  if (customer !== undefined)
    moveBalance(tx, { customer, amount: -applied, currency: invoice.currency, type: 'unapplied_from_invoice', invoice });
  await reinstateCredits(tx, invoice);
  invoice.status = 'void';
  invoice.status_transitions = { ...invoice.status_transitions, voided_at: tx.now(invoice) };
  await stopCollection(tx, invoice);
  tx.put(invoice);
  tx.emit('invoice.voided', invoice);
  if (input.followSubscription !== false) await onInvoiceVoided(tx, invoice);
  return invoice;
}

/** Open → uncollectible: collection ends, the invoice may still be paid. Emits invoice.marked_uncollectible. */
export async function markUncollectible(tx: Tx, input: { invoice: Doc }): Promise<Doc> {
  const { invoice } = input;
  close(invoice, ['open'], 'uncollectible');
  invoice.status = 'uncollectible';
  invoice.status_transitions = { ...invoice.status_transitions, marked_uncollectible_at: tx.now(invoice) };
  tx.cancelTimers(invoice.id);
  tx.put(invoice);
  tx.emit('invoice.marked_uncollectible', invoice);
  await onInvoiceUncollectible(tx, invoice);
  return invoice;
}

/** No further attempt is made on an invoice; it stays what it is [S 3.1: canceled subscriptions]. */
export function stopAdvancing(tx: Tx, invoice: Doc): void {
  if (invoice.auto_advance === false) return;
  invoice.auto_advance = false;
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = null;
  tx.cancelTimers(invoice.id);
  tx.put(invoice);
}

/** A customer is gone: nothing of theirs is collected any more. */
export async function stopAllOf(tx: Tx, customer: string): Promise<void> {
  for (const invoice of await tx.query({ object: 'invoice', where: { customer, status: ['draft', 'open'] } })) stopAdvancing(tx, invoice);
}

/**
 * Money that came in part, or is on its way, holds an invoice where it is (docs.stripe.com/invoicing/partial-payments). For those who ask; an
 * invoice that ends with its subscription lets go of its payments.
 */
export async function refuseWithPayments(tx: Tx, invoice: Doc, to: 'void' | 'uncollectible'): Promise<void> {
  const status: ('open' | 'paid')[] = to === 'void' ? ['open', 'paid'] : ['open'];
  if ((await attachedPayments(tx, invoice, status)).length === 0) return;
  throw unexpectedState('status_transition_invalid', `An invoice with ${status.join(' or ')} payments attached to it cannot become ${to}.`);
}

async function stopCollection(tx: Tx, invoice: Doc): Promise<void> {
  tx.cancelTimers(invoice.id);
  await cancelPaymentOf(tx, invoice);
  for (const payment of await attachedPayments(tx, invoice, ['open'])) cancelPayment(tx, payment);
}

/** Calls off the payment that was to collect an invoice, and its PaymentIntent. */
export async function cancelPaymentOf(tx: Tx, invoice: Doc): Promise<void> {
  const intentId = await cancelOpenPayment(tx, invoice);
  const intent = intentId === null ? undefined : await tx.get(intentId, { object: 'payment_intent' });
  if (intent === undefined || intent.status === 'canceled' || intent.status === 'succeeded') return;
  await cancelPaymentIntent(tx, { intent, reason: 'void_invoice' });
}

function close(invoice: Doc, from: string[], to: string): void {
  if (!from.includes(invoice.status)) {
    throw unexpectedState(
      'status_transition_invalid',
      `You can only pass in ${from.join(' or ')} invoices. This invoice is ${invoice.status} and cannot become ${to}.`,
    );
  }
  invoice.auto_advance = false;
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = null;
}
