import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf, unusedCredit } from './prorate.ts';

const seconds = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;
const remainingDebit = (amount: number, period: { start: number; end: number }, at: number) =>
  shareOf(amount, { start: at, end: period.end }, period);
const january = { start: seconds('2026-01-01'), end: seconds('2026-02-01') };
const debit = (amount: number) => ({ ...january, amount, invoice: 'in_1', lines: ['il_1'], invoiceItem: null });

test('[golden] 50.00 → 100.00 on 16 January: −25.81 and +51.61, so that February bills 125.80', () => {
  const credit = unusedCredit(debit(5000), seconds('2026-01-16'));
  const rest = remainingDebit(10_000, january, seconds('2026-01-16'));
  expect([credit, rest, 10_000 + credit + rest]).toEqual([-2581, 5161, 12_580]);
});

test('[S 3.4] recorded: seconds after the start, month 25.00 → year 250.00', () => {
  const month = { start: 1_762_799_407, end: 1_765_391_407, amount: 2500, invoice: null, lines: [], invoiceItem: null };
  expect(unusedCredit(month, 1_762_799_411)).toBe(-2500);
  expect(remainingDebit(25_000, { start: 1_762_799_407, end: 1_794_335_407 }, 1_762_799_411)).toBe(25_000);
});

test('at the start everything is given back, at the end nothing', () => {
  expect(unusedCredit(debit(5000), january.start)).toBe(-5000);
  expect(unusedCredit(debit(5000), january.end)).toBe(0);
});

test('a change and its reverse at the same instant cancel out to a unit, and more time left never costs less', () => {
  const instant = fc.integer({ min: january.start, max: january.end - 1 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 7 }), instant, instant, (amount, a, b) => {
      const [early, late] = a < b ? [a, b] : [b, a];
      expect(Math.abs(remainingDebit(amount, january, early) + unusedCredit(debit(amount), early))).toBe(0);
      expect(remainingDebit(amount, january, early)).toBeGreaterThanOrEqual(remainingDebit(amount, january, late));
    }),
  );
});
