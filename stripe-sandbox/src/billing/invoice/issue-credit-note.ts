import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { refundCharge } from '../payments/index.ts';
import { moveBalance } from './balance.ts';
import { buildCreditNote } from './credit-note.ts';
import type { Settlement } from './credit-settlement.ts';
import { markPaid, syncPayment } from './paid.ts';
import { cancelPaymentOf } from './void.ts';

/**
 * Issues a credit note. It lowers what remains of an open invoice, down to paid; what was paid already is refunded, credited to the balance or
 * recorded as settled elsewhere. Emits refund.created and charge.refunded for a refund, then credit_note.created and invoice.updated [S 3.6 (8)].
 */
export async function issueCreditNote(tx: Tx, params: Params): Promise<Doc> {
  const invoice = await tx.require('invoice', params.invoice, { param: 'invoice' });
  const { note, settlement } = await buildCreditNote(tx, { invoice, params });
  await settle(tx, { invoice, note, settlement });
  const wasOpen = invoice.status === 'open';
  invoice.pre_payment_credit_notes_amount += note.pre_payment_amount;
  invoice.post_payment_credit_notes_amount += note.post_payment_amount;
  await changeDue(tx, invoice, -note.pre_payment_amount);
  publish(tx, note);
  tx.put(note);
  tx.put(invoice);
  tx.emit('credit_note.created', note);
  if (!wasOpen || invoice.amount_remaining > 0) {
    tx.emit('invoice.updated', invoice);
    return note;
  }
  await cancelPaymentOf(tx, invoice);
  await markPaid(tx, { invoice, how: 'out_of_band' });
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
  await changeDue(tx, invoice, note.pre_payment_amount);
  invoice.pre_payment_credit_notes_amount -= note.pre_payment_amount;
  tx.put(note);
  tx.put(invoice);
  tx.emit('credit_note.voided', note);
  tx.emit('invoice.updated', invoice);
  return note;
}

/** The PDF is found by a token that cannot be guessed. */
function publish(tx: Tx, note: Doc): void {
  const link = tx.make('sandbox.link', 'test', { ref: note.id }, note);
  link.id = note._link;
  tx.put(link);
}

async function changeDue(tx: Tx, invoice: Doc, by: number): Promise<void> {
  if (by === 0) return;
  invoice.amount_due += by;
  invoice.amount_remaining += by;
  await syncPayment(tx, invoice);
}

async function settle(tx: Tx, input: { invoice: Doc; note: Doc; settlement: Settlement }): Promise<void> {
  const { invoice, note, settlement } = input;
  if (settlement.refund > 0) {
    const charge = await chargeWith(tx, invoice, settlement.refund);
    const refund = await refundCharge(tx, { charge, amount: settlement.refund });
    note.refunds.push({ amount_refunded: settlement.refund, payment_record_refund: null, refund: refund.id, type: 'refund' });
  }
  for (const linked of settlement.refunds)
    note.refunds.push({ amount_refunded: linked.amount, payment_record_refund: null, refund: linked.refund, type: 'refund' });
  if (settlement.credit === 0) return;
  const customer = await tx.require('customer', invoice.customer);
  const moved = moveBalance(tx, {
    customer,
    amount: -settlement.credit,
    currency: invoice.currency,
    type: 'credit_note',
    invoice,
    creditNote: note.id,
  });
  note.customer_balance_transaction = moved?.id ?? null;
}

/** A charge that paid the invoice and has this much left to give back; else the one with the most, whose refund then refuses. */
async function chargeWith(tx: Tx, invoice: Doc, amount: number): Promise<Doc> {
  const charges: Doc[] = [];
  for (const payment of await tx.query({ object: 'invoice_payment', where: { invoice: invoice.id, status: 'paid' }, order: 'oldest' })) {
    const intent = await tx.get(payment.payment.payment_intent, { object: 'payment_intent' });
    if (intent?.latest_charge != null) charges.push(await tx.require('charge', intent.latest_charge));
  }
  const left = (charge: Doc): number => charge.amount - charge.amount_refunded;
  const found = charges.find((charge) => left(charge) >= amount) ?? charges.sort((a, b) => left(b) - left(a))[0];
  if (found === undefined) throw invalidRequest('There is no payment on this invoice to refund.', { param: 'refund_amount' });
  return found;
}
