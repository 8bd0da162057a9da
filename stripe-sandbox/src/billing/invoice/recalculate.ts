import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { DiscountRule } from '../discounts/apply.ts';
import { discountRules } from '../discounts/load.ts';
import type { RateRule, TaxAmount } from '../tax/apply.ts';
import { applyBalance, totalOf } from './totals.ts';

/** Works out the sums of a draft from its lines, discounts, tax rates and the customer's balance. Changes the copy in hand, puts nothing. */
export async function recalculate(tx: Tx, invoice: Doc, customer: Doc): Promise<void> {
  const lines: Params[] = invoice.lines.data;
  const at = invoice.created;
  const rules = (ids: string[]): Promise<DiscountRule[]> => discountRules(tx, { ids, currency: invoice.currency, at });
  const inputs = [];
  for (const line of lines) {
    inputs.push({
      amount: line.amount,
      discountable: line.discountable,
      product: line.pricing?.price_details?.product ?? null,
      discounts: await rules(line.discounts),
      rates: await ratesOf(tx, invoice, line),
      ...(invoice._line_discounts?.[line.id] === undefined ? {} : { fixed: invoice._line_discounts[line.id] }),
    });
  }
  const exempt = customer.tax_exempt !== undefined && customer.tax_exempt !== 'none' && customer.tax_exempt !== null;
  const totals = totalOf({ lines: inputs, discounts: await rules(invoice.discounts), rounding: tx.account.settings.tax_rounding, exempt });
  for (const [index, line] of lines.entries()) {
    const result = totals.lines[index]!;
    line.discount_amounts = result.discountAmounts;
    line.pretax_credit_amounts = result.discountAmounts.map((part) => ({ ...part, type: 'discount' }));
    line.taxes = result.taxes.map(taxShape);
  }
  invoice.subtotal = totals.subtotal;
  invoice.subtotal_excluding_tax = totals.subtotalExcludingTax;
  invoice.total = totals.total;
  invoice.total_excluding_tax = totals.totalExcludingTax;
  invoice.total_discount_amounts = totals.discountAmounts.map(({ amount, discount }) => ({ amount, discount }));
  invoice.total_pretax_credit_amounts = totals.discountAmounts.map((part) => ({ ...part, type: 'discount' }));
  invoice.total_taxes = totals.taxes.map(taxShape);
  invoice.starting_balance = balanceIn(customer, invoice.currency);
  invoice.amount_due = applyBalance(totals.total, invoice.starting_balance).amountDue;
  invoice.amount_remaining = invoice.amount_due;
}

/** A customer's balance counts only for invoices in its own currency. */
export function balanceIn(customer: Doc, currency: string): number {
  return customer.currency == null || customer.currency === currency ? (customer.balance ?? 0) : 0;
}

async function ratesOf(tx: Tx, invoice: Doc, line: Params): Promise<RateRule[]> {
  const ids: string[] = invoice._line_taxes?.[line.id] ?? invoice.default_tax_rates.map((rate: Doc) => rate.id);
  const rates: RateRule[] = [];
  for (const id of ids) {
    const rate = await tx.get(id, { object: 'tax_rate' });
    if (rate !== undefined) rates.push({ id: rate.id, percentage: rate.percentage, inclusive: rate.inclusive });
  }
  return rates;
}

function taxShape(tax: TaxAmount) {
  return {
    amount: tax.amount,
    tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: tax.rate },
    taxability_reason: 'not_available',
    taxable_amount: tax.taxable,
    type: 'tax_rate_details',
  };
}
