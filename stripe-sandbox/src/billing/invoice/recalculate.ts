import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { LineCredit } from '../credits/apply.ts';
import type { DiscountRule } from '../discounts/apply.ts';
import { discountRules } from '../discounts/load.ts';
import type { TaxAmount } from '../tax/apply.ts';
import { balanceIn } from './balance.ts';
import { lineRates } from './line-rates.ts';
import { applyBalance, totalOf } from './totals.ts';

/** Works out the sums of a draft from its lines, discounts, tax rates and the customer's balance. Changes the copy in hand, puts nothing. */
export async function recalculate(tx: Tx, invoice: Doc, customer: Doc): Promise<void> {
  const lines: Params[] = invoice.lines.data;
  const at = invoice.created;
  const rules = (ids: string[]): Promise<DiscountRule[]> => discountRules(tx, { ids, currency: invoice.currency, at });
  const rates = await lineRates(tx, invoice, customer);
  const inputs = [];
  for (const [index, line] of lines.entries()) {
    inputs.push({
      amount: line.amount,
      discountable: line.discountable,
      product: line.pricing?.price_details?.product ?? null,
      discounts: await rules(line.discounts),
      rates: rates[index]!,
      credit: creditsOf(invoice, line).reduce((sum, credit) => sum + credit.amount, 0),
      ...(invoice._line_discounts?.[line.id] === undefined ? {} : { fixed: invoice._line_discounts[line.id] }),
    });
  }
  // Automatic tax names the exemption as its reason; rates set by hand fall away.
  const exempt = !invoice.automatic_tax.enabled && (customer.tax_exempt ?? 'none') !== 'none';
  const shipping =
    invoice.shipping_cost == null ? null : { amount: invoice.shipping_cost.amount_subtotal, rates: rates[lines.length] ?? [] };
  const discounts = await rules(invoice.discounts);
  const totals = totalOf({ lines: inputs, discounts, shipping, rounding: tx.account.settings.tax_rounding, exempt });
  if (shipping !== null) setShipping(invoice, shipping.amount, totals.shippingTaxes);
  else invoice.amount_shipping = 0;
  for (const [index, line] of lines.entries()) {
    const result = totals.lines[index]!;
    line.discount_amounts = result.discountAmounts;
    line.pretax_credit_amounts = [...result.discountAmounts.map((part) => ({ ...part, type: 'discount' })), ...creditShapes(invoice, line)];
    line.taxes = result.taxes.map(taxShape);
  }
  invoice.subtotal = totals.subtotal;
  invoice.subtotal_excluding_tax = totals.subtotalExcludingTax;
  invoice.total = totals.total;
  invoice.total_excluding_tax = totals.totalExcludingTax;
  invoice.total_discount_amounts = totals.discountAmounts.map(({ amount, discount }) => ({ amount, discount }));
  invoice.total_pretax_credit_amounts = [
    ...totals.discountAmounts.map((part) => ({ ...part, type: 'discount' })),
    ...lines.flatMap((line) => creditShapes(invoice, line)),
  ];
  invoice.total_taxes = totals.taxes.map(taxShape);
  invoice.starting_balance = balanceIn(customer, invoice.currency);
  invoice.amount_due = applyBalance(totals.total, invoice.starting_balance).amountDue;
  invoice.amount_remaining = invoice.amount_due;
}

function setShipping(invoice: Doc, amount: number, taxes: TaxAmount[]): void {
  const tax = taxes.reduce((sum, part) => sum + part.amount, 0);
  const onTop = taxes.reduce((sum, part) => sum + (part.inclusive ? 0 : part.amount), 0);
  invoice.amount_shipping = amount;
  invoice.shipping_cost = { ...invoice.shipping_cost, amount_tax: tax, amount_total: amount + onTop };
}

/** What billing credits paid of a line when the invoice was finalized. */
function creditsOf(invoice: Doc, line: Params): LineCredit[] {
  return invoice._credits?.[line.id] ?? [];
}

function creditShapes(invoice: Doc, line: Params): Params[] {
  return creditsOf(invoice, line).map(({ amount, transaction }) => ({
    amount,
    credit_balance_transaction: transaction,
    type: 'credit_balance_transaction',
  }));
}

function taxShape(tax: TaxAmount) {
  return {
    amount: tax.amount,
    tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: tax.rate },
    taxability_reason: tax.reason,
    taxable_amount: tax.taxable,
    type: 'tax_rate_details',
  };
}
