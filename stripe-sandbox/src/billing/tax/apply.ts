/** Manual tax rates over net line amounts. Pure; amounts in minor units. */
import { divideRounded, ONE, parseDecimal } from '../invoice/decimal.ts';

export type RateRule = { id: string; percentage: number; inclusive: boolean };
export type TaxAmount = { rate: string; inclusive: boolean; amount: number; taxable: number };
export type TaxableLine = { net: number; rates: RateRule[] };

/** Taxes of each line. `rounding`: 'line' rounds each line's tax, 'subtotal' rounds once per rate over all lines and spreads the result [S 3.4]. */
export function applyTaxes(lines: TaxableLine[], rounding: 'line' | 'subtotal'): TaxAmount[][] {
  const exact = lines.map((line) => line.rates.map((rate) => exactTax(line, rate)));
  if (rounding === 'line') return exact.map((taxes) => taxes.map((tax) => finish(tax, divideRounded(tax.numerator, tax.denominator))));
  return spreadPerRate(exact);
}

type ExactTax = { rate: RateRule; taxable: number; numerator: bigint; denominator: bigint };

/** Exclusive: net × percentage. Inclusive: the part of the net amount that is tax, shared by all inclusive rates of the line. */
function exactTax(line: TaxableLine, rate: RateRule): ExactTax {
  const percentage = parseDecimal(rate.percentage);
  const hundred = 100n * ONE;
  if (!rate.inclusive) return { rate, taxable: line.net, numerator: BigInt(line.net) * percentage, denominator: hundred };
  const inclusiveSum = line.rates.filter((other) => other.inclusive).reduce((sum, other) => sum + parseDecimal(other.percentage), 0n);
  return { rate, taxable: line.net, numerator: BigInt(line.net) * percentage, denominator: hundred + inclusiveSum };
}

/** Rounds the running sum of each rate, so that the lines' taxes add up to the rounded total. */
function spreadPerRate(exact: ExactTax[][]): TaxAmount[][] {
  const running = new Map<string, { sum: bigint; given: bigint }>();
  return exact.map((taxes) =>
    taxes.map((tax) => {
      const state = running.get(tax.rate.id) ?? { sum: 0n, given: 0n };
      // One scale for sums over lines with different denominators.
      state.sum += divideRounded(tax.numerator * ONE, tax.denominator);
      const amount = divideRounded(state.sum, ONE) - state.given;
      state.given += amount;
      running.set(tax.rate.id, state);
      return finish(tax, amount);
    }),
  );
}

function finish(tax: ExactTax, amount: bigint): TaxAmount {
  const value = Number(amount);
  return {
    rate: tax.rate.id,
    inclusive: tax.rate.inclusive,
    amount: value,
    taxable: tax.rate.inclusive ? tax.taxable - value : tax.taxable,
  };
}
