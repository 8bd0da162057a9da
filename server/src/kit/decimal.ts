/** Exact decimals as strings (unit rates, percentages, quantities): scale at most 12, no floating point on any path. */
export const SCALE_MAX = 12;

/** An exact value: digits / 10^scale. */
export type Decimal = { digits: bigint; scale: number };

const PATTERN = /^(-?)(\d{1,40})(?:\.(\d{1,12}))?$/;

/** Reads `-12.50`; throws a RangeError for anything else, exponents included. */
export function parseDecimal(text: string): Decimal {
  const match = PATTERN.exec(text);
  if (!match) throw new RangeError(`Not a decimal with at most ${SCALE_MAX} places: "${text}"`);
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}`);
  return { digits: match[1] === '-' ? -digits : digits, scale: fraction.length };
}

/** True where `parseDecimal` would read the text. */
export function isDecimal(text: string): boolean {
  return PATTERN.test(text);
}

/** The shortest text of the value: no trailing zeros, no "-0". */
export function formatDecimal(value: Decimal): string {
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = text.slice(0, text.length - value.scale);
  const fraction = value.scale === 0 ? '' : text.slice(-value.scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** The product, exact. */
export function mulDecimal(a: string, b: string): Decimal {
  const left = parseDecimal(a);
  const right = parseDecimal(b);
  return { digits: left.digits * right.digits, scale: left.scale + right.scale };
}

/** The sum, exact. */
export function addDecimal(a: string, b: string): Decimal {
  const left = parseDecimal(a);
  const right = parseDecimal(b);
  const scale = Math.max(left.scale, right.scale);
  return { digits: rescale(left, scale) + rescale(right, scale), scale };
}

/** -1, 0 or 1. */
export function compareDecimal(a: string, b: string): -1 | 0 | 1 {
  const { digits } = addDecimal(a, b.startsWith('-') ? b.slice(1) : `-${b}`);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** The nearest whole number; a half goes away from zero (the one rounding rule, billing.md MO-3). */
export function roundHalfAwayFromZero(value: Decimal): bigint {
  return divideHalfAwayFromZero(value.digits, 10n ** BigInt(value.scale));
}

/** a / b rounded to the nearest whole number; a half goes away from zero. b must not be 0. */
export function divideHalfAwayFromZero(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new RangeError('Division by zero');
  const negative = a < 0n !== b < 0n;
  const numerator = a < 0n ? -a : a;
  const denominator = b < 0n ? -b : b;
  const rounded = (2n * numerator + denominator) / (2n * denominator);
  return negative ? -rounded : rounded;
}

function rescale(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}
