/** How the part of a credit note that was already paid reaches the customer: refunded, credited to the balance, or settled elsewhere. */
import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { formatAmount } from './money.ts';

/** Minor units. `refunds` are refunds made before, tied to the note. */
export type Settlement = { refund: number; credit: number; outOfBand: number; refunds: { refund: string; amount: number }[] };

/** The parts, which must add up to `post`. Refunds must be of the invoice's own payments and not be tied to other notes. */
export async function settlementOf(tx: Tx, input: { invoice: Doc; params: Params; post: number }): Promise<Settlement> {
  const { invoice, params, post } = input;
  const settlement = {
    refund: params.refund_amount ?? 0,
    credit: params.credit_amount ?? 0,
    outOfBand: params.out_of_band_amount ?? 0,
    refunds: await linkedRefunds(tx, invoice, (params.refunds as Params[] | undefined) ?? []),
  };
  for (const name of ['refund_amount', 'credit_amount', 'out_of_band_amount'])
    if (params[name] < 0) throw invalidRequest('Invalid non-negative integer', { code: 'parameter_invalid_integer', param: name });
  const linked = settlement.refunds.reduce((sum, entry) => sum + entry.amount, 0);
  const sum = settlement.refund + settlement.credit + settlement.outOfBand + linked;
  if (sum !== post) {
    const [given, wanted] = [formatAmount(sum, invoice.currency), formatAmount(post, invoice.currency)];
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${given}) must equal the credit note amount (${wanted}).`,
    );
  }
  return settlement;
}

async function linkedRefunds(tx: Tx, invoice: Doc, given: Params[]): Promise<Settlement['refunds']> {
  const linked: Settlement['refunds'] = [];
  for (const [index, entry] of given.entries()) {
    const param = `refunds[${index}]`;
    if (entry.payment_record_refund !== undefined) throw notEmulated('A refund of a payment record', `${param}[payment_record_refund]`);
    if (entry.refund === undefined) throw parameterMissing(`${param}[refund]`);
    const refund = await tx.require('refund', entry.refund, { param: `${param}[refund]` });
    const [payment] = await tx.query({
      object: 'invoice_payment',
      where: { payment_intent: refund.payment_intent ?? '', invoice: invoice.id },
    });
    if (payment === undefined) throw invalidRequest('The refund is not of a payment of this invoice.', { param: `${param}[refund]` });
    const free = refund.amount - (await tiedAmount(tx, invoice, refund.id)) - tiedHere(linked, refund.id);
    const amount = entry.amount_refunded ?? free;
    if (amount < 1 || amount > free) {
      throw invalidRequest(`Only ${formatAmount(free, invoice.currency)} of this refund can be tied to a credit note.`, {
        param: `${param}[amount_refunded]`,
      });
    }
    linked.push({ refund: refund.id, amount });
  }
  return linked;
}

/** What earlier credit notes took of a refund. */
async function tiedAmount(tx: Tx, invoice: Doc, refund: string): Promise<number> {
  const notes = await tx.query({ object: 'credit_note', where: { invoice: invoice.id } });
  return notes
    .flatMap((note) => note.refunds as Params[])
    .filter((entry) => entry.refund === refund)
    .reduce((sum, entry) => sum + entry.amount_refunded, 0);
}

function tiedHere(linked: Settlement['refunds'], refund: string): number {
  return linked.filter((entry) => entry.refund === refund).reduce((sum, entry) => sum + entry.amount, 0);
}
