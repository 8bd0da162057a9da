import { describe, expect, it } from 'vitest';
import { formatMoney, minorDigits } from './money.ts';

describe('money on the page', () => {
  it('puts the point where Stripe has it, whatever the browser thinks of the currency', () => {
    expect(formatMoney(123_45, 'usd', 'en-US')).toBe('$123.45');
    expect(formatMoney(500, 'jpy', 'en-US')).toBe('¥500');
    expect(formatMoney(12_345, 'kwd', 'en-US').replace(/\s/g, ' ')).toBe('KWD 12.345');
    expect(formatMoney(-5, 'eur', 'en-US')).toBe('-€0.05');
  });

  it('keeps every digit of an amount that no float can hold', () => {
    expect(formatMoney('900719925474099301', 'usd', 'en-US')).toBe('$9,007,199,254,740,993.01');
  });

  it('knows the currencies without and with three decimals', () => {
    expect(['jpy', 'KRW', 'usd', 'bhd'].map(minorDigits)).toEqual([0, 0, 2, 3]);
  });
});
