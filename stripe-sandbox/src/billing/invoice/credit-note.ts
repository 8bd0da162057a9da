import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { type CreditLine, creditLines, creditTotals } from './credit-lines.ts';
import { formatAmount } from './money.ts';

const TOKEN_LENGTH = 48;
/** How the credit of a paid invoice reaches the customer. Minor units. */
export type Settlement = { refund: number; credit: number; outOfBand: number; refunds: { refund: string; amount: number }[] };

/** A credit note for an open or paid invoice; not stored, nothing moved. Refuses more than can be credited. */
export async function buildCreditNote(tx: Tx, input: { invoice: Doc; params: Params }): Promise<{ note: Doc; settlement: Settlement }> {
  const { invoice, params } = input;
  if (invoice.status !== 'open' && invoice.status !== 'paid') {
    throw invalidRequest(`You can only create a credit note for an open or paid invoice; this one is ${invoice.status}.`, {
      param: 'invoice',
    });
  }
  const lines = creditLines(invoice, params);
  const totals = creditTotals(lines);
  const prePayment = invoice.status === 'open';
  refuseTooMuch(invoice, totals.total);
  const settlement = prePayment ? NOTHING : settlementOf(params, totals.total, invoice);
  const number = `${invoice.number}-CN-${String((await earlier(tx, invoice)) + 1).padStart(2, '0')}`;
  const note = tx.make(
    'credit_note',
    'cn',
    {
      amount: totals.total,
      amount_shipping: 0,
      currency: invoice.currency,
      customer: invoice.customer,
      discount_amount: totals.discount,
      discount_amounts: lines.flatMap((line) => line.discounts),
      effective_at: params.effective_at ?? tx.now(invoice),
      invoice: invoice.id,
      memo: params.memo ?? null,
      metadata: mergeMetadata({}, params.metadata),
      number,
      out_of_band_amount: settlement.outOfBand === 0 ? null : settlement.outOfBand,
      pdf: `${tx.publicUrl}/credit_notes/${tx.secret(TOKEN_LENGTH)}/pdf`,
      post_payment_amount: prePayment ? 0 : totals.total,
      pre_payment_amount: prePayment ? totals.total : 0,
      pretax_credit_amounts: lines.flatMap((line) => line.discounts.map((part) => ({ ...part, type: 'discount' }))),
      reason: params.reason ?? null,
      refunds: [],
      status: 'issued',
      subtotal: totals.subtotal,
      subtotal_excluding_tax: totals.subtotal,
      total: totals.total,
      total_excluding_tax: totals.totalExcludingTax,
      total_taxes: lines.flatMap((line) => line.taxes),
      type: prePayment ? 'pre_payment' : 'post_payment',
    },
    invoice,
  );
  note.lines = { object: 'list', data: lines.map((line) => lineDoc(tx, line)), has_more: false, url: `/v1/credit_notes/${note.id}/lines` };
  return { note, settlement };
}

const NOTHING: Settlement = { refund: 0, credit: 0, outOfBand: 0, refunds: [] };

/** What may still be credited: what is unpaid of an open invoice, what was paid and not credited of a paid one. */
function refuseTooMuch(invoice: Doc, total: number): void {
  const limit =
    invoice.status === 'open'
      ? invoice.amount_remaining
      : invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount;
  if (total <= 0) throw invalidRequest('The credit note amount must be greater than 0.', { param: 'amount' });
  if (total > limit) {
    throw invalidRequest(`The maximum amount creditable on this invoice is ${formatAmount(limit, invoice.currency)}.`, { param: 'amount' });
  }
}

/** The parts of a post-payment credit must add up to its total. */
function settlementOf(params: Params, total: number, invoice: Doc): Settlement {
  const refunds = ((params.refunds as Params[] | undefined) ?? []).map((entry) => ({
    refund: String(entry.refund),
    amount: entry.amount_refunded ?? 0,
  }));
  const linked = refunds.reduce((sum, entry) => sum + entry.amount, 0);
  const settlement = {
    refund: params.refund_amount ?? 0,
    credit: params.credit_amount ?? 0,
    outOfBand: params.out_of_band_amount ?? 0,
    refunds,
  };
  const sum = settlement.refund + settlement.credit + settlement.outOfBand + linked;
  if (sum !== total) {
    const [given, wanted] = [formatAmount(sum, invoice.currency), formatAmount(total, invoice.currency)];
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${given}) must equal the credit note amount (${wanted}).`,
    );
  }
  return settlement;
}

async function earlier(tx: Tx, invoice: Doc): Promise<number> {
  return (await tx.query({ object: 'credit_note', where: { invoice: invoice.id } })).length;
}

function lineDoc(tx: Tx, line: CreditLine): Params {
  const integer = line.unitAmountDecimal !== null && /^-?\d+$/.test(line.unitAmountDecimal) ? Number(line.unitAmountDecimal) : null;
  return {
    id: tx.newId('cnli'),
    object: 'credit_note_line_item',
    amount: line.amount,
    description: line.description,
    discount_amount: line.discounts.reduce((sum, part) => sum + part.amount, 0),
    discount_amounts: line.discounts,
    ...(line.invoiceLine === null ? {} : { invoice_line_item: line.invoiceLine }),
    livemode: false,
    metadata: {},
    pretax_credit_amounts: line.discounts.map((part) => ({ ...part, type: 'discount' })),
    quantity: line.quantity,
    tax_rates: [],
    taxes: line.taxes,
    type: line.type,
    unit_amount: integer,
    unit_amount_decimal: line.unitAmountDecimal,
  };
}
