import { expect, test } from 'vitest';
import { formatDecimalMoney } from './price-name.ts';

const price = (
  unitAmountDecimal: string | null,
  currency: string,
  interval: 'month' | 'year' | null = 'month',
  intervalCount: number | null = 1,
) => formatDecimalMoney({ unitAmountDecimal, currency, interval, intervalCount });

test('a price without a nickname is called by its amount, in the units of its currency', () => {
  expect(price('2900', 'usd')).toBe('29.00 USD per month');
  expect(price('900', 'jpy')).toBe('900 JPY per month');
  expect(price('1500', 'bhd')).toBe('1.500 BHD per month');
  expect(price('0.5', 'usd', null)).toBe('0.005 USD');
  expect(price('0', 'eur', 'year', 1)).toBe('0.00 EUR per year');
  expect(price('4990', 'eur', 'month', 3)).toBe('49.90 EUR per 3 months');
  expect(price(null, 'eur', 'year')).toBe('tiered per year');
});
