import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doc } from '../../kernel/types.ts';
import { priceAmount, priceLines, transformed } from './line-amounts.ts';

const perUnit = (decimal: string, transform: { divide_by: number; round: string } | null = null): Doc =>
  ({
    id: 'price_1',
    object: 'price',
    created: 0,
    billing_scheme: 'per_unit',
    unit_amount: null,
    unit_amount_decimal: decimal,
    tiers_mode: null,
    transform_quantity: transform,
  }) as Doc;
const tiered = (mode: string, tiers: [number | null, string, number][]): Doc =>
  ({
    id: 'price_2',
    object: 'price',
    created: 0,
    billing_scheme: 'tiered',
    unit_amount: null,
    unit_amount_decimal: null,
    tiers_mode: mode,
    transform_quantity: null,
    tiers: tiers.map(([up_to, unit_amount_decimal, flat_amount]) => ({
      up_to,
      unit_amount_decimal,
      unit_amount: null,
      flat_amount,
      flat_amount_decimal: null,
    })),
  }) as Doc;

const STEPS: [number | null, string, number][] = [
  [5, '700', 0],
  [10, '650', 1000],
  [null, '600', 0],
];

test('per unit: the product is rounded once, not the unit', () => {
  expect(priceAmount(perUnit('0.05'), 30)).toBe(2);
  expect(priceAmount(perUnit('33.3333'), 3)).toBe(100);
});

test('packages are rounded up or down before they are priced', () => {
  expect(transformed(1001, { divide_by: 1000, round: 'up' } as unknown as Doc)).toBe(2);
  expect(priceAmount(perUnit('500', { divide_by: 1000, round: 'up' }), 1001)).toBe(1000);
  expect(priceAmount(perUnit('500', { divide_by: 1000, round: 'down' }), 1999)).toBe(500);
});

test('graduated: each unit in its own tier, the flat fee of each tier that is reached', () => {
  expect(priceAmount(tiered('graduated', STEPS), 5)).toBe(3500);
  expect(priceAmount(tiered('graduated', STEPS), 6)).toBe(3500 + 650 + 1000);
  expect(priceAmount(tiered('graduated', STEPS), 12)).toBe(3500 + 3250 + 1000 + 1200);
  expect(priceLines(tiered('graduated', STEPS), 12).map((line) => [line.tier, line.flat, line.quantity])).toEqual([
    [1, false, 5],
    [2, false, 5],
    [2, true, 0],
    [3, false, 2],
  ]);
});

test('volume: all units in the tier of the whole quantity', () => {
  expect(priceAmount(tiered('volume', STEPS), 5)).toBe(3500);
  expect(priceAmount(tiered('volume', STEPS), 6)).toBe(6 * 650 + 1000);
  expect(priceAmount(tiered('volume', STEPS), 100)).toBe(60_000);
});

test('graduated pricing agrees with counting unit by unit', () => {
  const boundaries = fc
    .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })
    .map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(
      boundaries,
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 0, max: 400 }),
      (ups, units, quantity) => {
        const tiers = [...ups, null].map((upTo, index): [number | null, string, number] => [upTo, String(units[index]), 0]);
        let expected = 0;
        for (let unit = 1; unit <= quantity; unit += 1)
          expected += units[ups.findIndex((up) => unit <= up) < 0 ? ups.length : ups.findIndex((up) => unit <= up)]!;
        expect(priceAmount(tiered('graduated', tiers), quantity)).toBe(expected);
      },
    ),
  );
});
