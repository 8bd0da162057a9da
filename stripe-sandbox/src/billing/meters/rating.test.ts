import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doc } from '../../kernel/types.ts';
import { priceLines, transformed } from '../invoice/line-amounts.ts';

/** Fractions of whole numbers: the oracle knows no decimals and no scale. */
type Fraction = { n: bigint; d: bigint };
const fraction = (text: string): Fraction => {
  const [whole = '0', digits = ''] = text.split('.');
  return { n: BigInt(whole + digits), d: 10n ** BigInt(digits.length) };
};
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
const less = (a: Fraction, b: Fraction) => a.n * b.d < b.n * a.d;
/** Half a minor unit and more goes up: every amount here is at least 0. */
const round = (a: Fraction) => Number((a.n * 2n + a.d) / (a.d * 2n));

const STEP: Fraction = { n: 1n, d: 4n };
type Tier = { upTo: number | null; unit: string; flat: string };

/** Walks the usage a quarter of a unit at a time and asks each quarter which tier it lies in; the first `before` quarters are billed already. */
function walk(tiers: Tier[], quarters: number, before = 0): number[] {
  const sums = tiers.map(() => ({ n: 0n, d: 1n }) as Fraction);
  const entered = new Set(before > 0 ? [] : [0]);
  const touched = new Set(entered);
  let last = 0;
  for (let step = 1; step <= before + quarters; step += 1) {
    const position: Fraction = { n: BigInt(step), d: 4n };
    const at = tiers.findIndex((tier) => tier.upTo === null || !less({ n: BigInt(tier.upTo), d: 1n }, position));
    const isNew = at !== last;
    last = at;
    if (step <= before) continue;
    if (isNew) entered.add(at);
    touched.add(at);
    sums[at] = shortened(plus(sums[at]!, times(STEP, fraction(tiers[at]!.unit))));
  }
  return [...touched].sort((a, b) => a - b).flatMap((at) => [round(sums[at]!), ...(entered.has(at) ? flatOf(tiers[at]!) : [])]);
}

/** Keeps the numbers short. */
function shortened(value: Fraction): Fraction {
  const g = gcd(value.n, value.d);
  return { n: value.n / g, d: value.d / g };
}

function flatOf(tier: Tier): number[] {
  const flat = fraction(tier.flat);
  return flat.n === 0n ? [] : [round(flat)];
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a === 0n ? 1n : a) : gcd(b, a % b);
}

const money = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 9999 })).map(([whole, part]) => `${whole}.${part}`);
const tiersOf = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(money, money), { minLength: 5, maxLength: 5 }),
  )
  .map(([bounds, prices]): Tier[] => {
    const sorted: (number | null)[] = [...bounds.sort((a, b) => a - b), null];
    return sorted.map((upTo, index) => ({ upTo, unit: prices[index]![0], flat: index % 2 === 0 ? prices[index]![1] : '0' }));
  });

function tieredPrice(tiers_mode: 'graduated' | 'volume', tiers: Tier[]): Doc {
  return {
    billing_scheme: 'tiered',
    tiers_mode,
    tiers: tiers.map((tier) => ({ up_to: tier.upTo, unit_amount_decimal: tier.unit, flat_amount_decimal: tier.flat })),
  } as unknown as Doc;
}

test('graduated tiers cost what a walk through the usage adds up, line for line', () => {
  fc.assert(
    fc.property(tiersOf, fc.integer({ min: 0, max: 320 }), (tiers, quarters) => {
      const lines = priceLines(tieredPrice('graduated', tiers), String(quarters / 4));
      expect(lines.map((line) => line.amount)).toEqual(walk(tiers, quarters));
      expect(lines.reduce((sum, line) => sum + Number(line.quantityDecimal), 0)).toBe(quarters / 4);
    }),
    { numRuns: 150 },
  );
});

test('a period billed in two parts goes through its tiers once', () => {
  fc.assert(
    fc.property(tiersOf, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 }), (tiers, before, quarters) => {
      const price = tieredPrice('graduated', tiers);
      const lines = priceLines(price, String(quarters / 4), String(before / 4));
      expect(lines.map((line) => line.amount)).toEqual(walk(tiers, quarters, before));
      const units = (some: typeof lines) => some.reduce((sum, line) => sum + Number(line.quantityDecimal), 0);
      const flats = (some: typeof lines) => some.filter((line) => line.flat).length;
      const first = priceLines(price, String(before / 4));
      const whole = priceLines(price, String((before + quarters) / 4));
      expect(units(first) + units(lines)).toBe(units(whole));
      expect(flats(first) + flats(lines)).toBe(flats(whole));
    }),
    { numRuns: 150 },
  );
});

test('volume tiers cost the whole usage at the price of its last part', () => {
  fc.assert(
    fc.property(tiersOf, fc.integer({ min: 0, max: 320 }), (tiers, quarters) => {
      const used: Fraction = { n: BigInt(quarters), d: 4n };
      const tier = tiers.find((one) => one.upTo === null || !less({ n: BigInt(one.upTo), d: 1n }, used))!;
      const lines = priceLines(tieredPrice('volume', tiers), String(quarters / 4));
      expect(lines.map((line) => line.amount)).toEqual([round(times(used, fraction(tier.unit))), ...flatOf(tier)]);
    }),
    { numRuns: 200 },
  );
});

test('packages are counted in fractions: rounded up or down, then priced', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, fc.constantFrom('up', 'down'), money, fc.integer({ min: 0, max: 400 }), (divide_by, rounding, unit, quarters) => {
      const price = { billing_scheme: 'per_unit', unit_amount_decimal: unit, transform_quantity: { divide_by, round: rounding } };
      const packages = Math[rounding === 'up' ? 'ceil' : 'floor'](quarters / (4 * divide_by));
      const [line] = priceLines(price as unknown as Doc, String(quarters / 4));
      expect(line!.amount).toBe(round(times({ n: BigInt(packages), d: 1n }, fraction(unit))));
      expect(line!.quantityDecimal).toBe(String(quarters / 4));
      if (quarters % 4 === 0) expect(transformed(quarters / 4, price.transform_quantity as unknown as Doc)).toBe(packages);
    }),
    { numRuns: 200 },
  );
});

test('fifteen digits at twelve decimal places lose nothing', () => {
  const price = { billing_scheme: 'per_unit', unit_amount_decimal: '0.000000000001' } as unknown as Doc;
  expect(priceLines(price, '999999999999999')[0]).toMatchObject({ amount: 1000, quantityDecimal: '999999999999999' });
  expect(priceLines(price, '499999999999')[0]).toMatchObject({ amount: 0 });
  expect(priceLines(price, '500000000000')[0]).toMatchObject({ amount: 1 });
});
