/**
 * What a credit note takes back, line by line. Pure; minor units. Discounts, billing credits and taxes of an invoice line go back in proportion to
 * its amount; the last credit of a line takes exactly what earlier ones left, so that nothing is lost to rounding.
 */
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';
import { applyTaxes, type RateRule } from '../tax/index.ts';
import { parseDecimal, share, toMinorUnits } from './decimal.ts';

export type CreditTax = {
  amount: number;
  tax_behavior: 'inclusive' | 'exclusive';
  tax_rate_details: { tax_rate: string } | null;
  taxability_reason: string;
  taxable_amount: number | null;
  type: 'tax_rate_details';
};
export type CreditShare = { credit_balance_transaction: string; amount: number };
export type CreditLine = {
  type: 'invoice_line_item' | 'custom_line_item';
  invoiceLine: string | null;
  description: string | null;
  quantity: number | null;
  unitAmountDecimal: string | null;
  /** Before discount, billing credits and exclusive tax. */
  amount: number;
  discounts: { discount: string; amount: number }[];
  /** What billing credits had paid of it: nobody's money to give back. */
  credits: CreditShare[];
  taxes: CreditTax[];
  metadata: Params;
};
export type CreditTotals = {
  subtotal: number;
  subtotalExcludingTax: number;
  discount: number;
  discounts: { discount: string; amount: number }[];
  credits: CreditShare[];
  taxes: CreditTax[];
  total: number;
  totalExcludingTax: number;
};
export type CreditInput = {
  invoice: Doc;
  params: Params;
  /** Lines of earlier credit notes of the invoice that still stand. */
  earlier: Params[];
  /** The tax rates named in `lines[].tax_rates` and `lines[].tax_amounts`, by id. */
  rates: Map<string, RateRule>;
};

/** The lines asked for; with `amount` alone one line of that total. Refuses more of a line than is left of it. */
export function creditLines(input: CreditInput): CreditLine[] {
  const { params } = input;
  const given = (params.lines as Params[] | undefined) ?? [];
  if (given.length > 0) {
    const twice = given.find((line, index) => given.findIndex((other) => other.invoice_line_item === line.invoice_line_item) !== index);
    if (twice?.invoice_line_item !== undefined)
      throw invalidRequest(`The invoice line item ${twice.invoice_line_item} is given twice.`, { param: 'lines' });
    return given.map((line, index) =>
      line.type === 'custom_line_item' ? custom(input, line, `lines[${index}]`) : ofInvoice(input, line, `lines[${index}]`),
    );
  }
  if (params.amount === undefined) throw parameterMissing('amount');
  return [{ ...blank(), quantity: 1, unitAmountDecimal: String(params.amount), amount: params.amount, description: params.memo ?? null }];
}

/** Σ amounts − discounts − billing credits + exclusive taxes. */
export function creditTotals(lines: CreditLine[]): CreditTotals {
  const subtotal = sum(lines.map((line) => line.amount));
  const discounts = merged(
    lines.flatMap((line) => line.discounts),
    (part) => part.discount,
  );
  const credits = merged(
    lines.flatMap((line) => line.credits),
    (part) => part.credit_balance_transaction,
  );
  const taxes = merged(
    lines.flatMap((line) => line.taxes),
    (tax) => `${tax.tax_rate_details?.tax_rate} ${tax.taxability_reason}`,
  );
  const of = (behavior: string) => sum(taxes.filter((tax) => tax.tax_behavior === behavior).map((tax) => tax.amount));
  const discount = sum(discounts.map((part) => part.amount));
  const off = discount + sum(credits.map((part) => part.amount));
  return {
    subtotal,
    subtotalExcludingTax: subtotal - of('inclusive'),
    discount,
    discounts,
    credits,
    taxes,
    total: subtotal - off + of('exclusive'),
    totalExcludingTax: subtotal - off - of('inclusive'),
  };
}

function ofInvoice(input: CreditInput, given: Params, param: string): CreditLine {
  const line = input.invoice.lines.data.find((candidate: Doc) => candidate.id === given.invoice_line_item);
  if (line === undefined) {
    throw invalidRequest(`No such invoice line item: '${given.invoice_line_item}'`, {
      code: 'resource_missing',
      param: `${param}[invoice_line_item]`,
    });
  }
  if (given.tax_rates) throw invalidRequest('`tax_rates` are only valid on custom line items.', { param: `${param}[tax_rates]` });
  const before = input.earlier.filter((note) => note.invoice_line_item === line.id);
  const whole = line.quantity ?? 1;
  const amount = given.amount ?? share(line.amount, given.quantity ?? whole, whole);
  const left = line.amount - sum(before.map((credit) => credit.amount));
  if (Math.abs(amount) > Math.abs(left) || amount * line.amount < 0)
    throw invalidRequest(`The amount to credit (${amount}) is more than is left of the line item (${left}).`, {
      param: given.amount === undefined ? `${param}[quantity]` : `${param}[amount]`,
    });
  const last = amount === left;
  // The last credit takes what is left, the others their share.
  const part = (value: number, taken: number) => (last ? value - taken : line.amount === 0 ? 0 : share(value, amount, line.amount));
  return {
    ...blank(),
    type: 'invoice_line_item',
    invoiceLine: line.id,
    description: given.description ?? line.description,
    quantity: given.quantity ?? (given.amount === undefined ? whole : null),
    amount,
    discounts: line.discount_amounts.map((discount: Params) => ({
      discount: discount.discount,
      amount: part(discount.amount, takenOff(before, discount.discount)),
    })),
    credits: creditShares(line).map((share) => ({ ...share, amount: part(share.amount, taken(before, share.credit_balance_transaction)) })),
    taxes: given.tax_amounts ? givenTaxes(input, given.tax_amounts, param) : line.taxes.map((tax: CreditTax) => taxPart(tax, before, part)),
    metadata: given.metadata ?? {},
  };
}

function taxPart(tax: CreditTax, before: Params[], part: (value: number, taken: number) => number): CreditTax {
  const same = before.flatMap((credit) => (credit.taxes as CreditTax[]).filter((other) => isSame(other, tax)));
  const taken = (of: (entry: CreditTax) => number | null) => sum(same.map((entry) => of(entry) ?? 0));
  return {
    ...tax,
    amount: part(
      tax.amount,
      taken((entry) => entry.amount),
    ),
    taxable_amount:
      tax.taxable_amount === null
        ? null
        : part(
            tax.taxable_amount,
            taken((entry) => entry.taxable_amount),
          ),
  };
}

function isSame(one: CreditTax, other: CreditTax): boolean {
  return one.tax_rate_details?.tax_rate === other.tax_rate_details?.tax_rate && one.taxability_reason === other.taxability_reason;
}

function takenOff(before: Params[], discount: string): number {
  return sum(
    before.flatMap((credit) => credit.discount_amounts.filter((part: Params) => part.discount === discount)).map((part) => part.amount),
  );
}

/** The parts of an invoice line, or of a credited one, that billing credits paid. */
function creditShares(line: Params): CreditShare[] {
  return (line.pretax_credit_amounts as Params[])
    .filter((part) => part.type === 'credit_balance_transaction')
    .map((part) => ({ credit_balance_transaction: part.credit_balance_transaction, amount: part.amount }));
}

function taken(before: Params[], transaction: string): number {
  const shares = before.flatMap(creditShares).filter((share) => share.credit_balance_transaction === transaction);
  return sum(shares.map((share) => share.amount));
}

function custom(input: CreditInput, given: Params, param: string): CreditLine {
  const unit = given.unit_amount_decimal ?? given.unit_amount;
  if (unit === undefined) throw parameterMissing(`${param}[unit_amount]`);
  if (given.tax_rates && given.tax_amounts)
    throw invalidRequest('You may only specify one of these parameters: tax_rates, tax_amounts.', { code: 'parameters_exclusive', param });
  const quantity = given.quantity ?? 1;
  const amount = toMinorUnits(parseDecimal(String(unit)) * BigInt(quantity));
  const rules = ((given.tax_rates || []) as string[]).map((id) => input.rates.get(id)!);
  const [worked = []] = applyTaxes([{ net: amount, rates: rules }], 'line');
  return {
    ...blank(),
    description: given.description ?? null,
    quantity,
    unitAmountDecimal: String(unit),
    amount,
    taxes: given.tax_amounts
      ? givenTaxes(input, given.tax_amounts, param)
      : worked.map((tax) => taxOf(tax.rate, { amount: tax.amount, taxable_amount: tax.taxable, inclusive: tax.inclusive })),
    metadata: given.metadata ?? {},
  };
}

/** Taxes worked out by the caller. */
function givenTaxes(input: CreditInput, given: Params[], param: string): CreditTax[] {
  if (input.invoice.automatic_tax.enabled)
    throw invalidRequest('`tax_amounts` are not valid on an invoice with automatic tax.', { param: `${param}[tax_amounts]` });
  return given.map((tax) =>
    taxOf(tax.tax_rate, {
      amount: tax.amount,
      taxable_amount: tax.taxable_amount,
      inclusive: input.rates.get(tax.tax_rate)!.inclusive,
    }),
  );
}

function taxOf(rate: string, tax: { amount: number; taxable_amount: number; inclusive: boolean }): CreditTax {
  return {
    amount: tax.amount,
    tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate },
    taxability_reason: 'not_available',
    taxable_amount: tax.taxable_amount,
    type: 'tax_rate_details',
  };
}

function blank(): CreditLine {
  return {
    type: 'custom_line_item',
    invoiceLine: null,
    description: null,
    quantity: null,
    unitAmountDecimal: null,
    amount: 0,
    discounts: [],
    credits: [],
    taxes: [],
    metadata: {},
  };
}

/** One entry per key, amounts added up. */
function merged<T extends { amount: number; taxable_amount?: number | null }>(parts: T[], keyOf: (part: T) => string): T[] {
  const sums = new Map<string, T>();
  for (const part of parts) {
    const known = sums.get(keyOf(part));
    if (known === undefined) sums.set(keyOf(part), { ...part });
    else {
      known.amount += part.amount;
      if (known.taxable_amount != null) known.taxable_amount += part.taxable_amount ?? 0;
    }
  }
  return [...sums.values()];
}

function sum(values: number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
