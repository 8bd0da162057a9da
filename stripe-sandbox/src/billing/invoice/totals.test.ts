import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DiscountRule } from '../discounts/apply.ts';
import { applyBalance, type LineInput, totalOf } from './totals.ts';

const line = (amount: number, more: Partial<LineInput> = {}): LineInput => ({
  amount,
  discountable: true,
  product: 'prod_1',
  discounts: [],
  rates: [],
  ...more,
});
const percent = (percentOff: number, products: string[] | null = null): DiscountRule => ({
  discount: 'di_p',
  percentOff,
  amountOff: null,
  products,
});
const amount = (amountOff: number): DiscountRule => ({ discount: 'di_a', percentOff: null, amountOff, products: null });
const base = { discounts: [] as DiscountRule[], rounding: 'line' as const, exempt: false };

test('20 % off two lines, spread so that no cent is lost', () => {
  const totals = totalOf({ ...base, lines: [line(999), line(1)], discounts: [percent(20)] });
  expect(totals).toMatchObject({ subtotal: 1000, total: 800, discountAmounts: [{ discount: 'di_p', amount: 200 }] });
});

test('5.00 off an invoice of 3.00 takes 3.00', () => {
  expect(totalOf({ ...base, lines: [line(300)], discounts: [amount(500)] }).total).toBe(0);
});

test('discounts come one after the other; prorations and other products are left alone', () => {
  const lines = [line(1000), line(-250, { discountable: false }), line(400, { product: 'prod_2' })];
  const totals = totalOf({ ...base, lines, discounts: [percent(50, ['prod_1']), amount(100)] });
  expect(totals.lines[0]?.discountAmounts[0]).toEqual({ discount: 'di_p', amount: 500 });
  expect(totals.total).toBe(1000 - 500 - 250 + 400 - 100);
});

test('19 % exclusive tax is added, inclusive tax is shown', () => {
  const exclusive = totalOf({ ...base, lines: [line(1000, { rates: [{ id: 'txr_1', percentage: 19, inclusive: false }] })] });
  expect(exclusive).toMatchObject({
    subtotal: 1000,
    total: 1190,
    totalExcludingTax: 1000,
    taxes: [{ rate: 'txr_1', amount: 190, taxable: 1000 }],
  });
  const inclusive = totalOf({ ...base, lines: [line(1190, { rates: [{ id: 'txr_1', percentage: 19, inclusive: true }] })] });
  expect(inclusive).toMatchObject({
    subtotal: 1190,
    subtotalExcludingTax: 1000,
    total: 1190,
    totalExcludingTax: 1000,
    taxes: [{ amount: 190, taxable: 1000 }],
  });
});

test('three lines of 0.33 at 8.25 %: rounding per line gives 9, after the subtotal 8', () => {
  const lines = [1, 2, 3].map(() => line(33, { rates: [{ id: 'txr_1', percentage: 8.25, inclusive: false }] }));
  expect(totalOf({ ...base, lines }).total - 99).toBe(9);
  expect(totalOf({ ...base, lines, rounding: 'subtotal' }).total - 99).toBe(8);
});

test('Σ lines − discounts + exclusive taxes = total, and no line pays below zero', () => {
  const lines = fc.array(fc.integer({ min: -5000, max: 100_000 }), { minLength: 1, maxLength: 8 });
  const rules = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 100 }).map((p) => percent(p)),
      fc.integer({ min: 1, max: 90_000 }).map(amount),
    ),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(lines, rules, fc.constantFrom('line' as const, 'subtotal' as const), (amounts, discounts, rounding) => {
      const inputs = amounts.map((value) => line(value, { rates: [{ id: 'txr_1', percentage: 7.7, inclusive: false }] }));
      const totals = totalOf({ ...base, lines: inputs, discounts, rounding });
      const off = totals.lines.map((result) => result.discountAmounts.reduce((sum, part) => sum + part.amount, 0));
      for (const [index, value] of amounts.entries()) expect(value - off[index]!).toBeGreaterThanOrEqual(Math.min(0, value));
      const tax = totals.taxes.reduce((sum, part) => sum + part.amount, 0);
      expect(totals.total).toBe(totals.subtotal - off.reduce((a, b) => a + b, 0) + tax);
    }),
  );
});

test('[S 3.5] a credit lowers what is due, a debit raises it, a negative total becomes credit', () => {
  expect(applyBalance(2000, -500)).toEqual({ amountDue: 1500, endingBalance: 0, applied: 500 });
  expect(applyBalance(2000, -5000)).toEqual({ amountDue: 0, endingBalance: -3000, applied: 2000 });
  expect(applyBalance(2000, 30)).toEqual({ amountDue: 2030, endingBalance: 0, applied: -30 });
  expect(applyBalance(-700, 0)).toEqual({ amountDue: 0, endingBalance: -700, applied: -700 });
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: -10_000, max: 10_000 }), (total, balance) => {
      const result = applyBalance(total, balance);
      expect(result.amountDue).toBeGreaterThanOrEqual(0);
      expect(balance + result.applied).toBe(result.endingBalance);
      expect(result.amountDue + result.endingBalance).toBe(total + balance);
    }),
  );
});

test('delivery is beside the subtotal and in the total, its tax in both of the tax sums', () => {
  const vat = { id: 'txr_1', percentage: 19, inclusive: false };
  const inside = { id: 'txr_2', percentage: 19, inclusive: true };
  const on = totalOf({ ...base, lines: [line(1000, { rates: [vat] })], shipping: { amount: 500, rates: [vat] } });
  expect(on).toMatchObject({ subtotal: 1000, total: 1785, totalExcludingTax: 1500, shippingTaxes: [{ amount: 95, taxable: 500 }] });
  expect(on.taxes).toMatchObject([{ amount: 285, taxable: 1500 }]);
  const within = totalOf({ ...base, lines: [line(1190, { rates: [inside] })], shipping: { amount: 595, rates: [inside] } });
  expect(within).toMatchObject({ subtotal: 1190, subtotalExcludingTax: 1000, total: 1785, totalExcludingTax: 1500 });
  const free = totalOf({ ...base, lines: [line(1000)], shipping: { amount: 0, rates: [vat] }, exempt: true });
  expect(free).toMatchObject({ total: 1000, taxes: [], shippingTaxes: [] });
});

test('rates of nothing are told apart by their reason', () => {
  const zero = (reason: string) => ({ id: 'txr_0', percentage: 0, inclusive: false, reason, untaxed: true });
  const totals = totalOf({
    ...base,
    lines: [line(1000, { rates: [zero('reverse_charge')] }), line(500, { rates: [zero('product_exempt')] })],
  });
  expect(totals.taxes.map((tax) => [tax.reason, tax.amount, tax.taxable])).toEqual([
    ['reverse_charge', 0, 0],
    ['product_exempt', 0, 0],
  ]);
});
