/** Exact decimals with 12 places, as Stripe's `*_decimal` fields carry them, and the one rounding function of all billing. */
import { invalidRequest } from '../../kernel/errors.ts';

const PLACES = 12;
/** 1 in the scale every decimal is held in. */
export const ONE = 10n ** BigInt(PLACES);
const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,12}))?$/;

/** A decimal string or number as an integer of 10^-12 units. Refuses more than 12 places. */
export function parseDecimal(value: string | number): bigint {
  const text = typeof value === 'number' ? plainNumber(value) : value;
  const match = DECIMAL.exec(text);
  if (match === null)
    throw invalidRequest(`Invalid decimal: ${text}; must have at most 12 decimal places.`, { code: 'parameter_invalid_decimal' });
  const [, sign, whole = '0', fraction = ''] = match;
  const scaled = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, '0'));
  return sign === '-' ? -scaled : scaled;
}

/** The shortest decimal string: `1000`, `0.5`. */
export function formatDecimal(scaled: bigint): string {
  const negative = scaled < 0n;
  const magnitude = negative ? -scaled : scaled;
  const fraction = (magnitude % ONE).toString().padStart(PLACES, '0').replace(/0+$/, '');
  const text = fraction === '' ? `${magnitude / ONE}` : `${magnitude / ONE}.${fraction}`;
  return negative && scaled !== 0n ? `-${text}` : text;
}

/** `numerator / denominator` to the nearest integer, exact halves away from zero [S 3.4: nearest is recorded, ties are inferred]. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new Error('Division by zero.');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/** An amount in minor units from a scaled decimal. */
export function toMinorUnits(scaled: bigint): number {
  return Number(divideRounded(scaled, ONE));
}

/** `amount * part / whole`, rounded to the minor unit. All integers. */
export function share(amount: number, part: number, whole: number): number {
  return Number(divideRounded(BigInt(amount) * BigInt(part), BigInt(whole)));
}

/** `amount * percent / 100`, rounded to the minor unit; the percentage may have decimals. */
export function percentOf(amount: number, percent: number | string): number {
  return Number(divideRounded(BigInt(amount) * parseDecimal(percent), 100n * ONE));
}

/**
 * Splits `total` over `weights` in proportion, to the unit: nothing is lost and nothing appears. Units left over by rounding down go to
 * the largest remainders, the earlier one first.
 */
export function allocate(total: number, weights: number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(total) * BigInt(weight));
  const floors = exact.map((value) => floorDivide(value, BigInt(sum)));
  let left = total - floors.reduce((a, b) => a + Number(b), 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - floors[index]! * BigInt(sum) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const parts = floors.map(Number);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index] = parts[index]! + 1;
    left -= 1;
  }
  return parts;
}

function floorDivide(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d !== 0n && n < 0n !== d < 0n ? quotient - 1n : quotient;
}

/** Numbers such as 8.25 or 1e-7 without exponent. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(PLACES).replace(/\.?0+$/, '') : text;
}
