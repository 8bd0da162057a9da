/** What a credit note takes back, line by line. Pure; minor units. Discounts and taxes go back in the proportion of the line's amount. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';
import { parseDecimal, share, toMinorUnits } from './decimal.ts';

export type CreditLine = {
  type: 'invoice_line_item' | 'custom_line_item';
  invoiceLine: string | null;
  description: string | null;
  quantity: number | null;
  unitAmountDecimal: string | null;
  /** Before discount and exclusive tax. */
  amount: number;
  discounts: { discount: string; amount: number }[];
  taxes: Params[];
};
export type CreditTotals = { subtotal: number; discount: number; total: number; totalExcludingTax: number };

/** The lines asked for; with `amount` alone one line of that total. Refuses more of a line than it has. */
export function creditLines(invoice: Doc, params: Params): CreditLine[] {
  const given = params.lines as Params[] | undefined;
  if (given === undefined || given.length === 0) {
    const amount = params.amount ?? (params.refund_amount ?? 0) + (params.credit_amount ?? 0) + (params.out_of_band_amount ?? 0);
    return [custom({ quantity: 1, unit_amount: amount, description: params.memo ?? null })];
  }
  return given.map((line, index) => (line.type === 'custom_line_item' ? custom(line) : ofInvoice(invoice, line, `lines[${index}]`)));
}

/** Σ amounts − discounts + exclusive taxes. */
export function creditTotals(lines: CreditLine[]): CreditTotals {
  const sum = (values: number[]) => values.reduce((left, right) => left + right, 0);
  const subtotal = sum(lines.map((line) => line.amount));
  const discount = sum(lines.flatMap((line) => line.discounts.map((part) => part.amount)));
  const taxes = lines.flatMap((line) => line.taxes);
  const exclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'exclusive').map((tax) => tax.amount));
  const inclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'inclusive').map((tax) => tax.amount));
  return { subtotal, discount, total: subtotal - discount + exclusive, totalExcludingTax: subtotal - discount - inclusive };
}

function ofInvoice(invoice: Doc, given: Params, param: string): CreditLine {
  const line = invoice.lines.data.find((candidate: Doc) => candidate.id === given.invoice_line_item);
  if (line === undefined) {
    throw invalidRequest(`No such invoice line item: '${given.invoice_line_item}'`, {
      code: 'resource_missing',
      param: `${param}[invoice_line_item]`,
    });
  }
  const whole = line.quantity ?? 1;
  const amount = given.amount ?? share(line.amount, given.quantity ?? whole, whole);
  if (Math.abs(amount) > Math.abs(line.amount))
    throw invalidRequest('The amount to credit is more than the line item has.', { param: `${param}[amount]` });
  const part = (value: number) => (line.amount === 0 ? 0 : share(value, amount, line.amount));
  return {
    type: 'invoice_line_item',
    invoiceLine: line.id,
    description: given.description ?? line.description,
    quantity: given.quantity ?? (given.amount === undefined ? whole : null),
    unitAmountDecimal: null,
    amount,
    discounts: line.discount_amounts.map((discount: Params) => ({ discount: discount.discount, amount: part(discount.amount) })),
    taxes: line.taxes.map((tax: Params) => ({
      ...tax,
      amount: part(tax.amount),
      taxable_amount: tax.taxable_amount === null ? null : part(tax.taxable_amount),
    })),
  };
}

function custom(given: Params): CreditLine {
  const unit = String(given.unit_amount_decimal ?? given.unit_amount ?? 0);
  const quantity = given.quantity ?? 1;
  return {
    type: 'custom_line_item',
    invoiceLine: null,
    description: given.description ?? null,
    quantity,
    unitAmountDecimal: unit,
    amount: toMinorUnits(parseDecimal(unit) * BigInt(quantity)),
    discounts: [],
    taxes: [],
  };
}
