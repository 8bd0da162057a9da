import { parseDecimal, roundHalfAwayFromZero } from './decimal.ts';

/** Integer minor units by Stripe's table, with a lower-case ISO currency. */
export type Money = { amount: bigint; currency: string };

/** https://docs.stripe.com/currencies#zero-decimal; ISK, UGX, HUF and TWD have two decimals at Stripe. */
const NO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
/** https://docs.stripe.com/currencies#three-decimal: the last digit must be 0. */
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '));
const CURRENCY = /^[a-z]{3}$/;

/** How many digits of the amount stand behind the decimal point, by Stripe's table (it differs from ISO 4217). */
export function minorUnitDigits(currency: string): 0 | 2 | 3 {
  if (NO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** Money from an integer; throws a RangeError for an unsafe number or something that is no currency. */
export function money(amount: bigint | number, currency: string): Money {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) throw new RangeError(`Not a whole amount: ${amount}`);
  const code = currency.toLowerCase();
  if (!CURRENCY.test(code)) throw new RangeError(`Not a currency: "${currency}"`);
  return { amount: BigInt(amount), currency: code };
}

/** From a decimal number of minor units (Stripe's `unit_amount_decimal`), rounded once, half away from zero. */
export function fromDecimal(minorUnits: string, currency: string): Money {
  return money(roundHalfAwayFromZero(parseDecimal(minorUnits)), currency);
}

/** The sum; refuses mixed currencies. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: a.amount + b.amount, currency: a.currency };
}

/** The difference; refuses mixed currencies. */
export function sub(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: a.amount - b.amount, currency: a.currency };
}

/** -1, 0 or 1; refuses mixed currencies. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0;
}

/** Splits by weights without losing a unit: largest remainders first, the earlier share on a tie (billing.md MO-4). Weights must not be negative and not all zero. */
export function allocate(total: Money, weights: readonly bigint[]): Money[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('Weights must not be negative and not all zero');
  const sign = total.amount < 0n ? -1n : 1n;
  const size = total.amount * sign;
  const shares = weights.map((weight, index) => ({ index, units: (size * weight) / sum, rest: (size * weight) % sum }));
  let left = size - shares.reduce((a, share) => a + share.units, 0n);
  for (const share of shares.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    share.units += 1n;
    left -= 1n;
  }
  return shares.map((share) => ({ amount: share.units * sign, currency: total.currency }));
}

/** The amount in major units as an exact decimal text: 1999 usd → `19.99`. */
export function majorUnits(value: Money): string {
  const digits = minorUnitDigits(value.currency);
  const text = (value.amount < 0n ? -value.amount : value.amount).toString().padStart(digits + 1, '0');
  const sign = value.amount < 0n ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** For readers, in their language: `19,99 €`. Digits come from Stripe's table; no floating point is involved. */
export function formatMoney(value: Money, locale: string): string {
  return formatOf(value.currency, locale).format(majorUnits(value) as `${number}`);
}

/** Making a format costs ten times as much as using it. */
const formats = new Map<string, Intl.NumberFormat>();
const FORMATS_MAX = 500;

function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${currency} ${locale}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = minorUnitDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(key, format);
  return format;
}

/** An amount on the wire: a JSON integer while it is safe, a string beyond (model.md 0). */
export function wireAmount(amount: bigint): number | string {
  const number = Number(amount);
  return Number.isSafeInteger(number) ? number : amount.toString();
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`Cannot combine ${a.currency} and ${b.currency}`);
}
