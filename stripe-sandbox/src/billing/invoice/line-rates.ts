/** Which tax rates apply to the lines of a draft: those set by hand, or those of automatic tax. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { type AutomaticTaxLine, automaticTax, automaticTaxShape, type RateRule } from '../tax/index.ts';

/** The rates of each line, in order, and with automatic tax those of the shipping cost after them. With automatic tax the invoice in hand notes how the calculation ended. */
export async function lineRates(tx: Tx, invoice: Doc, customer: Doc): Promise<RateRule[][]> {
  const lines: Params[] = invoice.lines.data;
  // A purchase that was paid already has its tax, wherever the customer is by now.
  if (invoice._paid_rates !== undefined) return lines.map((line) => invoice._paid_rates[line.id] ?? []);
  if (!invoice.automatic_tax.enabled) return manualRates(tx, invoice, lines);
  const asked: AutomaticTaxLine[] = [];
  for (const line of lines) asked.push(await taxLine(tx, line));
  if (invoice._shipping != null) asked.push({ behavior: invoice._shipping.tax_behavior, taxCode: invoice._shipping.tax_code });
  const at = Math.max(invoice.created, tx.now(invoice));
  const answer = await automaticTax(tx, { customer, currency: invoice.currency, at, lines: asked });
  invoice.automatic_tax = { ...automaticTaxShape(true, answer.status), liability: invoice.automatic_tax.liability ?? { type: 'self' } };
  // A pending item may have brought rates of its own along: they stay.
  for (const [index, line] of lines.entries())
    if (invoice._line_taxes?.[line.id] !== undefined) answer.lines[index] = await rulesOf(tx, invoice._line_taxes[line.id]);
  return answer.lines;
}

/** Rates set by hand; none for customers who are exempt. */
async function manualRates(tx: Tx, invoice: Doc, lines: Params[]): Promise<RateRule[][]> {
  const rates: RateRule[][] = [];
  for (const line of lines) {
    const ids: string[] = invoice._line_taxes?.[line.id] ?? invoice.default_tax_rates.map((rate: Doc) => rate.id);
    rates.push(await rulesOf(tx, ids));
  }
  return rates;
}

/** Stored tax rates as rules. */
export async function rulesOf(tx: Tx, ids: string[]): Promise<RateRule[]> {
  const rules: RateRule[] = [];
  for (const id of ids) {
    const rate = await tx.get(id, { object: 'tax_rate' });
    if (rate !== undefined) rules.push({ id: rate.id, percentage: rate.percentage, inclusive: rate.inclusive });
  }
  return rules;
}

/** What a line says of its own tax: the item's parameters, else its price and product. */
async function taxLine(tx: Tx, line: Params): Promise<AutomaticTaxLine> {
  const details = line.pricing?.price_details;
  const price = details === undefined ? undefined : await tx.get(details.price, { object: 'price', deleted: true });
  const product = details === undefined ? undefined : await tx.get(details.product, { object: 'product', deleted: true });
  return { behavior: line._tax_behavior ?? price?.tax_behavior ?? null, taxCode: line._tax_code ?? product?.tax_code ?? null };
}
