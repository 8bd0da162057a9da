import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import type { RateRule } from '../tax/index.ts';
import { type CreditLine, type CreditTotals, creditLines, creditTotals } from './credit-lines.ts';
import { type Settlement, settlementOf } from './credit-settlement.ts';
import { rulesOf } from './line-rates.ts';
import { formatAmount } from './money.ts';

const TOKEN_LENGTH = 48;

/**
 * A credit note for an open or paid invoice; not stored, nothing moved. It first lowers what remains of the invoice, the rest goes back to the
 * customer [DTS pre_payment_amount, post_payment_amount]. Refuses more than can be credited.
 */
export async function buildCreditNote(tx: Tx, input: { invoice: Doc; params: Params }): Promise<{ note: Doc; settlement: Settlement }> {
  const { invoice, params } = input;
  if (invoice.status !== 'open' && invoice.status !== 'paid') {
    throw invalidRequest(`You can only create a credit note for an open or paid invoice; this one is ${invoice.status}.`, {
      param: 'invoice',
    });
  }
  const notes = await tx.query({ object: 'credit_note', where: { invoice: invoice.id } });
  const earlier = notes.filter((note) => note.status === 'issued').flatMap((note) => note.lines.data as Params[]);
  const lines = creditLines({ invoice, params, earlier, rates: await ratesNamed(tx, params) });
  const totals = creditTotals(lines);
  checkTotal(invoice, totals.total, params);
  const pre = Math.min(totals.total, invoice.amount_remaining);
  const post = totals.total - pre;
  const settlement = await settlementOf(tx, { invoice, params, post });
  const number = `${invoice.number}-CN-${String(notes.length + 1).padStart(2, '0')}`;
  return { note: noteDoc(tx, { invoice, params, lines, totals, pre, settlement, number }), settlement };
}

type NoteParts = {
  invoice: Doc;
  params: Params;
  lines: CreditLine[];
  totals: CreditTotals;
  pre: number;
  settlement: Settlement;
  number: string;
};

function noteDoc(tx: Tx, parts: NoteParts): Doc {
  const { invoice, params, lines, totals, pre, settlement } = parts;
  const post = totals.total - pre;
  const link = `test_${tx.secret(TOKEN_LENGTH)}`;
  const note = tx.make(
    'credit_note',
    'cn',
    {
      amount: totals.total,
      amount_shipping: 0,
      currency: invoice.currency,
      customer: invoice.customer,
      discount_amount: totals.discount,
      discount_amounts: totals.discounts,
      effective_at: params.effective_at ?? tx.now(invoice),
      invoice: invoice.id,
      memo: params.memo ?? null,
      metadata: mergeMetadata({}, params.metadata),
      number: parts.number,
      out_of_band_amount: settlement.outOfBand === 0 ? null : settlement.outOfBand,
      pdf: `${tx.publicUrl}/credit_notes/${link}/pdf`,
      post_payment_amount: post,
      pre_payment_amount: pre,
      pretax_credit_amounts: pretaxShapes(totals),
      reason: params.reason ?? null,
      refunds: [],
      status: 'issued',
      subtotal: totals.subtotal,
      subtotal_excluding_tax: totals.subtotalExcludingTax,
      total: totals.total,
      total_excluding_tax: totals.totalExcludingTax,
      total_taxes: totals.taxes,
      type: post === 0 ? 'pre_payment' : pre === 0 ? 'post_payment' : 'mixed',
      _link: link,
    },
    invoice,
  );
  note.lines = { object: 'list', data: lines.map((line) => lineDoc(tx, line)), has_more: false, url: `/v1/credit_notes/${note.id}/lines` };
  return note;
}

/** At least something, at most what was invoiced and not credited yet; `amount` beside `lines` must be their sum. */
function checkTotal(invoice: Doc, total: number, params: Params): void {
  const limit = invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount;
  if (total <= 0) throw invalidRequest('The credit note amount must be greater than 0.', { param: 'amount' });
  if (total > limit) {
    throw invalidRequest(`The maximum amount creditable on this invoice is ${formatAmount(limit, invoice.currency)}.`, { param: 'amount' });
  }
  if (params.lines?.length > 0 && params.amount !== undefined && params.amount !== total) {
    const [given, wanted] = [params.amount, total].map((amount) => formatAmount(amount, invoice.currency));
    throw invalidRequest(`The amount (${given}) must equal the sum of the lines (${wanted}).`, { param: 'amount' });
  }
}

async function ratesNamed(tx: Tx, params: Params): Promise<Map<string, RateRule>> {
  const rates = new Map<string, RateRule>();
  for (const [index, line] of ((params.lines as Params[] | undefined) ?? []).entries()) {
    const ids: string[] = [...(line.tax_rates || []), ...(line.tax_amounts || []).map((tax: Params) => tax.tax_rate)];
    for (const id of ids) {
      const [rule] = await rulesOf(tx, [id]);
      if (rule === undefined)
        throw resourceMissing('tax_rate', id, { param: `lines[${index}][${line.tax_rates ? 'tax_rates' : 'tax_amounts'}]` });
      rates.set(id, rule);
    }
  }
  return rates;
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
    metadata: line.metadata,
    pretax_credit_amounts: pretaxShapes(line),
    quantity: line.quantity,
    tax_rates: [],
    taxes: line.taxes,
    type: line.type,
    unit_amount: integer,
    unit_amount_decimal: line.unitAmountDecimal,
  };
}

function pretaxShapes({ discounts, credits }: Pick<CreditLine, 'discounts' | 'credits'>): Params[] {
  return [
    ...discounts.map((part) => ({ ...part, type: 'discount' })),
    ...credits.map((part) => ({ ...part, type: 'credit_balance_transaction' })),
  ];
}
