import { expect, test } from 'vitest';
import { decimalsOf, minimumCharge, requireChargeable, requireCurrency, spell } from './amounts.ts';

test('[K 9] decimals follow the table of Stripe, not of ICU', () => {
  expect(['usd', 'jpy', 'kwd', 'isk', 'huf', 'ugx'].map(decimalsOf)).toEqual([2, 0, 3, 2, 2, 2]);
});

test('minimum charges by currency', () => {
  expect(['usd', 'gbp', 'jpy', 'huf', 'thb', 'kwd'].map(minimumCharge)).toEqual([50, 30, 50, 17_500, 1000, 500]);
});

test('amounts are spelled as in the messages of Stripe', () => {
  expect(spell(50, 'usd')).toBe('$0.50 usd');
  expect(spell(99_999_999, 'usd')).toBe('$999,999.99 usd');
  expect(spell(1500, 'jpy')).toBe('¥1,500 jpy');
  expect(spell(1_234_500, 'kwd')).toBe('1,234.500 kwd');
});

test('[K 9] eight digits at most, and no decimals a currency does not use', () => {
  expect(() => requireChargeable(99_999_999, 'usd')).not.toThrow();
  expect(() => requireChargeable(100_000_000, 'usd')).toThrow('no more than $999,999.99 usd');
  expect(() => requireChargeable(10_001, 'isk')).toThrow('divisible by 100');
  expect(() => requireChargeable(10_001, 'kwd')).toThrow('divisible by 10');
  expect(() => requireChargeable(10.5, 'usd')).toThrow('minimum charge amount');
});

test('currencies are read in any case and must exist', () => {
  expect(requireCurrency('EUR')).toBe('eur');
  expect(() => requireCurrency('zzz')).toThrow('Invalid currency: zzz');
});
