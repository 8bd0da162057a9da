/** The sums of an invoice from its lines: discounts, then taxes, then what is due after the customer's balance. Pure; minor units. */
import { applyDiscounts, type DiscountAmount, type DiscountRule } from '../discounts/apply.ts';
import { applyTaxes, type RateRule, type TaxAmount } from '../tax/apply.ts';

/** `fixed`: discounts that are settled already (itemized prorations). */
export type LineInput = {
  amount: number;
  discountable: boolean;
  product: string | null;
  discounts: DiscountRule[];
  rates: RateRule[];
  /** Paid by billing credits: after discounts, before taxes. */
  credit?: number;
  fixed?: DiscountAmount[];
};
export type TotalsInput = {
  lines: LineInput[];
  discounts: DiscountRule[];
  /** What delivery costs, and its taxes: beside the subtotal, in the total. */
  shipping?: { amount: number; rates: RateRule[] } | null;
  rounding: 'line' | 'subtotal';
  exempt: boolean;
};
export type LineTotals = { discountAmounts: DiscountAmount[]; taxes: TaxAmount[] };
export type Totals = {
  lines: LineTotals[];
  subtotal: number;
  subtotalExcludingTax: number;
  discountAmounts: DiscountAmount[];
  taxes: TaxAmount[];
  total: number;
  totalExcludingTax: number;
  shippingTaxes: TaxAmount[];
};

/** Σ lines − discounts − billing credits + exclusive taxes = total. Inclusive taxes are shown, not added. */
export function totalOf(input: TotalsInput): Totals {
  const discounts = applyDiscounts(
    input.lines.map((line) => ({ amount: line.amount, discountable: line.discountable, product: line.product, own: line.discounts })),
    input.discounts,
  ).map((parts, index) => input.lines[index]?.fixed ?? parts);
  const net = input.lines.map((line, index) => line.amount - sum(discounts[index]!.map((part) => part.amount)) - (line.credit ?? 0));
  const shipping = input.shipping ?? { amount: 0, rates: [] };
  const taxable = [
    ...input.lines.map((line, index) => ({ net: net[index]!, rates: line.rates })),
    { net: shipping.amount, rates: shipping.rates },
  ];
  const taxes = applyTaxes(input.exempt ? taxable.map((line) => ({ ...line, rates: [] })) : taxable, input.rounding);
  const shippingTaxes = taxes.pop()!;
  const shippingInside = sum(shippingTaxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
  const flat = [...taxes.flat(), ...shippingTaxes];
  const exclusive = sum(flat.filter((tax) => !tax.inclusive).map((tax) => tax.amount));
  const inclusive = sum(flat.filter((tax) => tax.inclusive).map((tax) => tax.amount));
  const subtotal = sum(input.lines.map((line) => line.amount));
  const netSum = sum(net);
  return {
    lines: input.lines.map((_, index) => ({ discountAmounts: discounts[index]!, taxes: taxes[index]! })),
    subtotal,
    subtotalExcludingTax: subtotal - (inclusive - shippingInside),
    discountAmounts: bySum(discounts.flat()),
    taxes: taxesByRate(flat),
    total: netSum + shipping.amount + exclusive,
    totalExcludingTax: netSum + shipping.amount - inclusive,
    shippingTaxes,
  };
}

export type BalanceApplication = { amountDue: number; endingBalance: number; applied: number };

/**
 * The customer's balance against a total: a credit (negative balance) lowers what is due, a debit raises it, a negative total becomes credit
 * [S 3.4, 3.5]. `applied` is the change of the balance.
 */
export function applyBalance(total: number, balance: number): BalanceApplication {
  const due = total + balance;
  if (total < 0) return { amountDue: 0, endingBalance: due, applied: total };
  if (due >= 0) return { amountDue: due, endingBalance: 0, applied: balance === 0 ? 0 : -balance };
  return { amountDue: 0, endingBalance: due, applied: total };
}

function bySum(parts: DiscountAmount[]): DiscountAmount[] {
  const sums = new Map<string, number>();
  for (const part of parts) sums.set(part.discount, (sums.get(part.discount) ?? 0) + part.amount);
  return [...sums].map(([discount, amount]) => ({ discount, amount }));
}

function taxesByRate(parts: TaxAmount[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>();
  for (const part of parts) {
    // Rates of nothing may stand for different reasons.
    const key = `${part.rate} ${part.reason}`;
    const known = sums.get(key);
    sums.set(
      key,
      known === undefined ? { ...part } : { ...known, amount: known.amount + part.amount, taxable: known.taxable + part.taxable },
    );
  }
  return [...sums.values()];
}

function sum(values: number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
