/** Coupons over invoice lines. Pure; amounts in minor units. Discounts apply one after the other, each to what the former left [S 3.3, 3.4]. */
import { allocate, percentOf } from '../invoice/decimal.ts';

export type DiscountRule = {
  /** `di_…` */
  discount: string;
  percentOff: number | null;
  amountOff: number | null;
  /** Products it is limited to; null = all. */
  products: string[] | null;
};
export type DiscountableLine = { amount: number; discountable: boolean; product: string | null; own: DiscountRule[] };
export type DiscountAmount = { discount: string; amount: number };

/** What each line gets off, in the order of the lines. Line-level discounts come before invoice-level ones; no line falls below zero. */
export function applyDiscounts(lines: DiscountableLine[], invoiceRules: DiscountRule[]): DiscountAmount[][] {
  const left = lines.map((line) => line.amount);
  const taken: DiscountAmount[][] = lines.map(() => []);
  const apply = (rule: DiscountRule, indexes: number[]) => {
    const eligible = indexes.filter((index) => isEligible(lines[index]!, rule) && left[index]! > 0);
    const parts = reductions(
      rule,
      eligible.map((index) => left[index]!),
    );
    for (const [position, index] of eligible.entries()) {
      const amount = parts[position]!;
      left[index] = left[index]! - amount;
      taken[index]!.push({ discount: rule.discount, amount });
    }
  };
  for (const [index, line] of lines.entries()) for (const rule of line.own) apply(rule, [index]);
  const all = lines.map((_, index) => index);
  for (const rule of invoiceRules) apply(rule, all);
  return taken;
}

/** The reduction of one rule over amounts: a percentage of their sum, or at most the sum, split in proportion so that no unit is lost. */
function reductions(rule: DiscountRule, amounts: number[]): number[] {
  const sum = amounts.reduce((a, b) => a + b, 0);
  const total = rule.percentOff !== null ? percentOf(sum, rule.percentOff) : Math.min(rule.amountOff ?? 0, sum);
  return allocate(total, amounts);
}

function isEligible(line: DiscountableLine, rule: DiscountRule): boolean {
  return line.discountable && (rule.products === null || (line.product !== null && rule.products.includes(line.product)));
}
