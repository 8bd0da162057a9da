import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDecimal,
  compareDecimal,
  divideHalfAwayFromZero,
  formatDecimal,
  mulDecimal,
  parseDecimal,
  roundHalfAwayFromZero,
} from './decimal.ts';
import { add, allocate, formatMoney, fromDecimal, majorUnits, minorUnitDigits, money, wireAmount } from './money.ts';
import { type Cadence, nthBoundary, periodAt } from './period.ts';
import { formatDate } from './time.ts';

const decimalText = fc
  .tuple(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.integer({ min: 0, max: 6 }))
  .map(([digits, scale]) => formatDecimal({ digits, scale }));
/** The oracle: fractions of big integers, with a common denominator. */
const millionths = (text: string) => {
  const { digits, scale } = parseDecimal(text);
  return digits * 10n ** BigInt(6 - scale);
};

test('[MO-3] decimals: product, sum, order and rounding agree with exact fractions', () => {
  fc.assert(
    fc.property(decimalText, decimalText, (a, b) => {
      const product = mulDecimal(a, b);
      expect(product.digits * 10n ** BigInt(12 - product.scale)).toBe(millionths(a) * millionths(b));
      const sum = addDecimal(a, b);
      expect(sum.digits * 10n ** BigInt(6 - sum.scale)).toBe(millionths(a) + millionths(b));
      expect(compareDecimal(a, b)).toBe(millionths(a) < millionths(b) ? -1 : millionths(a) > millionths(b) ? 1 : 0);
      const rounded = roundHalfAwayFromZero(parseDecimal(a)) * 1_000_000n;
      const distance = rounded > millionths(a) ? rounded - millionths(a) : millionths(a) - rounded;
      expect(distance <= 500_000n).toBe(true);
    }),
  );
  expect(['0.5', '-0.5', '1.5', '2.4999', '-2.5'].map((text) => roundHalfAwayFromZero(parseDecimal(text)))).toEqual([1n, -1n, 2n, 2n, -3n]);
  expect(divideHalfAwayFromZero(-7n, 2n)).toBe(-4n);
  for (const bad of ['1e3', '', '.5', '1.', 'NaN', '0x1', '1.1234567890123', ' 1']) expect(() => parseDecimal(bad)).toThrow(RangeError);
});

test('[MO-4] splitting an amount never loses or invents a unit, and no share is off by more than one', () => {
  const weights = fc.array(fc.bigInt(0n, 1_000_000n), { minLength: 1, maxLength: 20 }).filter((list) => list.some((weight) => weight > 0n));
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), weights, (amount, list) => {
      const shares = allocate(money(amount, 'usd'), list);
      expect(shares.reduce((total, share) => add(total, share), money(0, 'usd')).amount).toBe(amount);
      const sum = list.reduce((a, b) => a + b, 0n);
      shares.forEach((share, index) => {
        const off = share.amount * sum - amount * (list[index] ?? 0n);
        expect((off < 0n ? -off : off) < sum).toBe(true);
      });
    }),
  );
});

test('money: digits come from Stripe, mixed currencies and fractions are refused, large amounts stay exact', () => {
  expect(['jpy', 'isk', 'ugx', 'huf', 'twd', 'kwd', 'eur'].map(minorUnitDigits)).toEqual([0, 2, 2, 2, 2, 3, 2]);
  expect(majorUnits(money(-5n, 'eur'))).toBe('-0.05');
  expect(majorUnits(money(12_340n, 'kwd'))).toBe('12.340');
  expect(formatMoney(money(123_456, 'EUR'), 'de')).toBe('1.234,56\u00a0€');
  expect(formatMoney(money(5_000, 'jpy'), 'en')).toBe('¥5,000');
  expect(formatMoney(money(9_007_199_254_740_993n, 'usd'), 'en')).toBe('$90,071,992,547,409.93');
  expect(() => add(money(1, 'usd'), money(1, 'eur'))).toThrow('Cannot combine');
  expect(() => money(1.5, 'usd')).toThrow(RangeError);
  expect(fromDecimal('12.5', 'usd').amount).toBe(13n);
  expect([wireAmount(5n), wireAmount(9_007_199_254_740_993n)]).toEqual([5, '9007199254740993']);
});

const monthly = (anchor: string, timeZone = 'UTC'): Cadence => ({
  anchor: Temporal.Instant.from(anchor),
  timeZone,
  interval: 'month',
  count: 1,
});

test('a month counted from 31 January ends on 28 February and on 31 March, because it is counted from the anchor', () => {
  const dates = [1, 2, 3].map((n) => nthBoundary(monthly('2026-01-31T09:00:00Z'), n).toString());
  expect(dates).toEqual(['2026-02-28T09:00:00Z', '2026-03-31T09:00:00Z', '2026-04-30T09:00:00Z']);
});

test('every instant lies in exactly one period, and periods meet without gap', () => {
  const cadence = fc.record({
    anchor: fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }).map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000)),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'),
    interval: fc.constantFrom('day', 'week', 'month', 'year'),
    count: fc.integer({ min: 1, max: 12 }),
  }) as fc.Arbitrary<Cadence>;
  fc.assert(
    fc.property(cadence, fc.integer({ min: 1_500_000_000, max: 2_200_000_000 }), (given, seconds) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
      const period = periodAt(given, instant);
      expect(Temporal.Instant.compare(period.start, instant)).toBeLessThanOrEqual(0);
      expect(Temporal.Instant.compare(instant, period.end)).toBe(-1);
      expect(periodAt(given, period.end).start.equals(period.end)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('dates are written in the reader’s language and time zone', () => {
  const instant = Temporal.Instant.from('2026-01-31T23:30:00Z');
  expect(formatDate(instant, { locale: 'en', timeZone: 'UTC' })).toBe('January 31, 2026');
  expect(formatDate(instant, { locale: 'de', timeZone: 'Europe/Berlin' })).toBe('1. Februar 2026');
  expect(formatDate(instant, { locale: 'en', timeZone: 'America/New_York', zone: true })).toContain('EST');
});
