/** Tax rates, set by hand or worked out, over net line amounts. Pure; amounts in minor units. */
import { divideRounded, ONE, parseDecimal } from '../invoice/decimal.ts';

export type RateRule = {
  id: string;
  percentage: number;
  inclusive: boolean;
  /** Stripe's `taxability_reason`; rates set by hand have none. */
  reason?: string;
  /** Nothing of the line counts as taxable (reverse charge, exempt …). */
  untaxed?: boolean;
};
export type TaxAmount = { rate: string; inclusive: boolean; amount: number; taxable: number; reason: string };
export type TaxableLine = { net: number; rates: RateRule[] };

/** Taxes of each line. `rounding`: 'line' rounds each line's tax, 'subtotal' rounds once per rate over all lines and spreads the result [S 3.4]. */
export function applyTaxes(lines: TaxableLine[], rounding: 'line' | 'subtotal'): TaxAmount[][] {
  const exact = lines.map((line) => line.rates.map((rate) => exactTax(line, rate)));
  const amounts = rounding === 'line' ? exact.map((taxes) => taxes.map(rounded)) : spreadPerRate(exact);
  return exact.map((taxes, index) => finish(lines[index]!, taxes, amounts[index]!));
}

type ExactTax = { rate: RateRule; numerator: bigint; denominator: bigint };

/** Exclusive: net × percentage. Inclusive: the part of the net amount that is tax, shared by all inclusive rates of the line. */
function exactTax(line: TaxableLine, rate: RateRule): ExactTax {
  const percentage = parseDecimal(rate.percentage);
  const hundred = 100n * ONE;
  const numerator = BigInt(line.net) * percentage;
  if (!rate.inclusive) return { rate, numerator, denominator: hundred };
  const inclusiveSum = line.rates.filter((other) => other.inclusive).reduce((sum, other) => sum + parseDecimal(other.percentage), 0n);
  return { rate, numerator, denominator: hundred + inclusiveSum };
}

function rounded(tax: ExactTax): bigint {
  return divideRounded(tax.numerator, tax.denominator);
}

/** Rounds the running sum of each rate, so that the lines' taxes add up to the rounded total. */
function spreadPerRate(exact: ExactTax[][]): bigint[][] {
  const running = new Map<string, { sum: bigint; given: bigint }>();
  return exact.map((taxes) =>
    taxes.map((tax) => {
      const state = running.get(tax.rate.id) ?? { sum: 0n, given: 0n };
      // One scale for sums over lines with different denominators.
      state.sum += divideRounded(tax.numerator * ONE, tax.denominator);
      const amount = divideRounded(state.sum, ONE) - state.given;
      state.given += amount;
      running.set(tax.rate.id, state);
      return amount;
    }),
  );
}

/** The taxable amount of inclusive rates is what the line is worth without any tax inside it. */
function finish(line: TaxableLine, taxes: ExactTax[], amounts: bigint[]): TaxAmount[] {
  const inside = amounts.reduce((sum, amount, index) => (taxes[index]!.rate.inclusive ? sum + Number(amount) : sum), 0);
  return taxes.map(({ rate }, index) => ({
    rate: rate.id,
    inclusive: rate.inclusive,
    amount: Number(amounts[index]!),
    taxable: rate.untaxed === true ? 0 : rate.inclusive ? line.net - inside : line.net,
    reason: rate.reason ?? 'not_available',
  }));
}
