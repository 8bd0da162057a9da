import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { refundCharge } from '../payments/index.ts';
import { moveBalance } from './balance.ts';
import { buildCreditNote, type Settlement } from './credit-note.ts';
import { markPaid, openPayment } from './paid.ts';
import { cancelPaymentOf } from './void.ts';

/**
 * Issues a credit note. On an open invoice it lowers what is due, down to paid; on a paid one it refunds, credits the balance or records what was
 * settled elsewhere. Emits refund.created and charge.refunded for a refund, then credit_note.created and invoice.updated [S 3.6 (8)].
 */
export async function issueCreditNote(tx: Tx, params: Params): Promise<Doc> {
  const invoice = await tx.require('invoice', params.invoice, { param: 'invoice' });
  const { note, settlement } = await buildCreditNote(tx, { invoice, params });
  if (invoice.status === 'open') return creditOpen(tx, { invoice, note });
  await settle(tx, { invoice, note, settlement, params });
  invoice.post_payment_credit_notes_amount += note.total;
  tx.put(note);
  tx.put(invoice);
  tx.emit('credit_note.created', note);
  tx.emit('invoice.updated', invoice);
  return note;
}

/** Voids a credit note of an invoice that is still open: what is due goes up again. Emits credit_note.voided. */
export async function voidCreditNote(tx: Tx, note: Doc): Promise<Doc> {
  if (note.status === 'void') throw invalidRequest('This credit note is already void.', { code: 'status_transition_invalid' });
  const invoice = await tx.require('invoice', note.invoice);
  if (note.type !== 'pre_payment' || invoice.status !== 'open') {
    throw invalidRequest('You can only void credit notes of open invoices.', { code: 'status_transition_invalid' });
  }
  note.status = 'void';
  note.voided_at = tx.now(note);
  await changeDue(tx, invoice, note.total);
  invoice.pre_payment_credit_notes_amount -= note.total;
  tx.put(note);
  tx.put(invoice);
  tx.emit('credit_note.voided', note);
  tx.emit('invoice.updated', invoice);
  return note;
}

async function creditOpen(tx: Tx, input: { invoice: Doc; note: Doc }): Promise<Doc> {
  const { invoice, note } = input;
  invoice.pre_payment_credit_notes_amount += note.total;
  await changeDue(tx, invoice, -note.total);
  tx.put(note);
  tx.put(invoice);
  tx.emit('credit_note.created', note);
  if (invoice.amount_remaining > 0) {
    tx.emit('invoice.updated', invoice);
    return note;
  }
  await cancelPaymentOf(tx, invoice);
  await markPaid(tx, { invoice, how: 'out_of_band' });
  return note;
}

/** The open payment asks for the new amount. */
async function changeDue(tx: Tx, invoice: Doc, by: number): Promise<void> {
  invoice.amount_due += by;
  invoice.amount_remaining += by;
  const payment = await openPayment(tx, invoice);
  if (payment === undefined || invoice.amount_remaining === 0) return;
  payment.amount_requested = invoice.amount_remaining;
  tx.put(payment);
  const intent = await tx.require('payment_intent', payment.payment.payment_intent);
  intent.amount = invoice.amount_remaining;
  tx.put(intent);
}

async function settle(tx: Tx, input: { invoice: Doc; note: Doc; settlement: Settlement; params: Params }): Promise<void> {
  const { invoice, note, settlement } = input;
  if (settlement.refund > 0) {
    const refund = await refundCharge(tx, { charge: await chargeOf(tx, invoice), amount: settlement.refund });
    note.refunds.push({ amount_refunded: settlement.refund, payment_record_refund: null, refund: refund.id, type: 'refund' });
  }
  for (const [index, linked] of settlement.refunds.entries()) {
    await tx.require('refund', linked.refund, { param: `refunds[${index}][refund]` });
    note.refunds.push({ amount_refunded: linked.amount, payment_record_refund: null, refund: linked.refund, type: 'refund' });
  }
  if (settlement.credit === 0) return;
  const customer = await tx.require('customer', invoice.customer);
  const moved = await moveBalance(tx, {
    customer,
    amount: -settlement.credit,
    currency: invoice.currency,
    type: 'credit_note',
    invoice,
    creditNote: note.id,
  });
  note.customer_balance_transaction = moved?.id ?? null;
}

/** The charge that paid an invoice. */
async function chargeOf(tx: Tx, invoice: Doc): Promise<Doc> {
  const [payment] = await tx.query({ object: 'invoice_payment', where: { invoice: invoice.id, status: 'paid' } });
  const intent = payment === undefined ? undefined : await tx.get(payment.payment.payment_intent, { object: 'payment_intent' });
  if (intent?.latest_charge == null) throw invalidRequest('There is no payment on this invoice to refund.', { param: 'refund_amount' });
  return tx.require('charge', intent.latest_charge);
}
