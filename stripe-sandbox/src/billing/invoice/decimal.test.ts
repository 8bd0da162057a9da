import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate, divideRounded, formatDecimal, ONE, parseDecimal, percentOf, share, toMinorUnits } from './decimal.ts';
import { formatAmount, formatMoney } from './money.ts';

test('[S 3.4] rounding is to the nearest unit on both signs, exact halves away from zero', () => {
  // Recorded from Stripe: −2,499.996 → −2500 and 24,999.997 → 25000.
  expect(toMinorUnits(parseDecimal('-2499.996'))).toBe(-2500);
  expect(toMinorUnits(parseDecimal('24999.997'))).toBe(25_000);
  expect([1.5, 2.5, -1.5, -2.5].map((value) => toMinorUnits(parseDecimal(value)))).toEqual([2, 3, -2, -3]);
});

test('[S 3.4] the documented example: 0.05 × 30 is 1.5, billed as 2', () => {
  expect(toMinorUnits(parseDecimal('0.05') * 30n)).toBe(2);
});

test('a quotient is never more than half a unit off', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (n, d) => {
      const error = divideRounded(n, d) * d - n;
      expect((error < 0n ? -error : error) * 2n).toBeLessThanOrEqual(d);
      expect(divideRounded(-n, d)).toBe(-divideRounded(n, d));
    }),
  );
});

test('decimals keep twelve places and print without padding', () => {
  expect(formatDecimal(parseDecimal('0.000000000001'))).toBe('0.000000000001');
  expect(formatDecimal(parseDecimal('1000.50'))).toBe('1000.5');
  expect(formatDecimal(parseDecimal(-8.25))).toBe('-8.25');
  expect(() => parseDecimal('0.0000000000001')).toThrow('12 decimal places');
  fc.assert(
    fc.property(fc.bigInt({ min: -(ONE ** 2n), max: ONE ** 2n }), (scaled) => {
      expect(parseDecimal(formatDecimal(scaled))).toBe(scaled);
    }),
  );
});

test('a split gives everything away and nobody more than a unit too much', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 8 }),
      fc.array(fc.integer({ min: 0, max: 10 ** 7 }), { minLength: 1, maxLength: 12 }),
      (total, weights) => {
        const parts = allocate(total, weights);
        const sum = weights.reduce((a, b) => a + b, 0);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(sum === 0 ? 0 : total);
        for (const [index, part] of parts.entries())
          expect(Math.abs(part - (sum === 0 ? 0 : (total * weights[index]!) / sum))).toBeLessThan(1.001);
      },
    ),
  );
});

test('[golden] 16 of 31 days of 50.00 and 100.00 are 25.81 and 51.61', () => {
  expect([share(5000, 16, 31), share(10_000, 16, 31)]).toEqual([2581, 5161]);
  expect(percentOf(1999, 12.5)).toBe(250);
});

test('money is written the way Stripe’s lines write it', () => {
  expect(formatAmount(1_234_550, 'usd')).toBe('$12,345.50');
  expect(formatMoney(parseDecimal('0.000381'), 'usd')).toBe('$0.00000381');
  expect(formatAmount(500, 'jpy')).toBe('¥500');
  expect(formatAmount(-2000, 'eur')).toBe('-€20.00');
});
