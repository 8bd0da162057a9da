/**
 * A second opinion on prorations, from the rules' text alone [S 3.3, 3.4] and with exact rational numbers: it imports nothing of the engine, has its
 * own calendar, its own fractions and its own rounding. Test support.
 */

/** An exact number. */
export type Rational = { n: bigint; d: bigint };
const rational = (n: bigint, d = 1n): Rational => (d < 0n ? { n: -n, d: -d } : { n, d });
const times = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
const minus = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d);
const integer = (value: number): Rational => rational(BigInt(value));

/** To the nearest whole unit; a tie goes to the side away from zero. */
export function nearest(value: Rational): number {
  const size = value.n < 0n ? -value.n : value.n;
  const floor = size / value.d;
  const twiceRest = 2n * (size - floor * value.d);
  const up = twiceRest >= value.d ? floor + 1n : floor;
  const signed = value.n < 0n ? -up : up;
  return Number(signed) + 0;
}

/** Days since 1970-01-01 of a day of the Gregorian calendar (month 1–12), by counting eras of 400 years. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The day of the calendar that many days after 1970-01-01. */
export function calendarDay(days: number): { year: number; month: number; day: number } {
  let year = 1970 + Math.floor(days / 366);
  while (dayNumber(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && dayNumber(year, month + 1, 1) <= days) month += 1;
  return { year, month, day: days - dayNumber(year, month, 1) + 1 };
}

const DAY = 86_400;
type Every = { interval: 'day' | 'week' | 'month' | 'year'; count: number };

/** The n-th boundary counted from the anchor, the day of the month cut to what the month has. */
export function nthBoundary(anchor: number, every: Every, n: number, wantedDay?: number): number {
  const steps = n * every.count;
  if (every.interval === 'day') return anchor + steps * DAY;
  if (every.interval === 'week') return anchor + steps * 7 * DAY;
  const days = Math.floor(anchor / DAY);
  const { year, month, day } = calendarDay(days);
  const months = year * 12 + (month - 1) + steps * (every.interval === 'year' ? 12 : 1);
  const [y, m] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  const length = (m === 12 ? dayNumber(y + 1, 1, 1) : dayNumber(y, m + 1, 1)) - dayNumber(y, m, 1);
  return dayNumber(y, m, Math.min(wantedDay ?? day, length)) * DAY + (anchor - days * DAY);
}

export type OracleChange = { at: number; amount: number; quantity: number; behavior: 'create_prorations' | 'none' };
export type OracleStart = {
  start: number;
  anchor: number;
  every: Every;
  amount: number;
  quantity: number;
  /** Percent off everything, for ever; 0 = none. In hundredths, so that 33.33 % is exact. */
  percentHundredths: number;
};
type Billed = { net: number; from: number; to: number };

/** What is billed first, and every proration of the changes in the first period, in order: for each change its credits, then its debit. */
export function prorations(input: OracleStart, changes: OracleChange[]): { first: number; items: number[] } {
  const [from, to] = firstPeriod(input);
  const whole = wholeLength(input, from, to);
  const off = (gross: number) => nearest(times(integer(gross), rational(BigInt(input.percentHundredths), 10_000n)));
  const firstGross = nearest(part(input.amount * input.quantity, to - from, whole));
  const first = firstGross - off(firstGross);
  let billed: Billed[] = [{ net: first, from, to }];
  const items: number[] = [];
  for (const change of changes) {
    if (change.behavior === 'none') continue;
    for (const debit of billed) {
      const credit = nearest(minus(integer(0), part(debit.net, to - Math.max(change.at, debit.from), debit.to - debit.from)));
      if (credit !== 0) items.push(credit);
    }
    const gross = change.amount * change.quantity;
    const net = nearest(part(gross - off(gross), to - change.at, whole));
    items.push(net);
    billed = [{ net, from: change.at, to }];
  }
  return { first, items };
}

/** `amount × seconds / all seconds`, exactly. */
export function part(amount: number, seconds: number, all: number): Rational {
  return times(integer(amount), rational(BigInt(seconds), BigInt(all)));
}

function firstPeriod({ start, anchor, every }: OracleStart): [number, number] {
  return [start, anchor > start ? anchor : nthBoundary(anchor, every, 1)];
}

/** The length of the full period that ends where the first one does; an anchor exactly one period away makes the first one full. */
function wholeLength({ start, anchor, every }: OracleStart, from: number, to: number): number {
  if (anchor <= start || nthBoundary(start, every, 1) === anchor) return to - from;
  return to - nthBoundary(anchor, every, -1);
}
