import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalDecimal, columnsOf, differences, previousValues, sameValue, snakeCase, wireAmount, wireValue } from './mirror.ts';

const noon = Temporal.Instant.from('2026-03-01T12:00:00Z');

test('two values are the same when they say the same: instants by time, objects whatever the order of their keys', () => {
  expect(sameValue(noon, Temporal.Instant.from('2026-03-01T13:00:00+01:00'))).toBe(true);
  expect(sameValue(noon, noon.add({ seconds: 1 }))).toBe(false);
  expect(sameValue({ a: 1, b: [noon] }, { b: [noon], a: 1 })).toBe(true);
  expect(sameValue({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
  expect(sameValue(null, {})).toBe(false);
  expect(sameValue(5n, 5n)).toBe(true);
});

test('only what differs is to be written', () => {
  const before = { name: 'Ada', balance: 0n, at: noon as Temporal.Instant | null, tags: { vip: 'yes' } };
  expect(differences(before, { name: 'Ada', balance: 5n, at: null, tags: { vip: 'yes' } })).toEqual({ balance: 5n, at: null });
  expect(previousValues(before, { balance: 5n, at: null })).toEqual({ balance: 0, at: '2026-03-01T12:00:00Z' });
});

test('a value compared with a copy of itself never differs', () => {
  fc.assert(fc.property(fc.object({ maxDepth: 3 }), (value) => sameValue(value, structuredClone(value))));
  expect(sameValue({ rate: [Number.NaN] }, { rate: [Number.NaN] })).toBe(true);
});

test('a decimal has one spelling', () => {
  expect(['1.50', '1', '0.0', '-2.500', '1000'].map(canonicalDecimal)).toEqual(['1.5', '1', '0', '-2.5', '1000']);
  expect(canonicalDecimal(null)).toBeNull();
});

test('amounts beyond exact numbers travel as text', () => {
  expect(wireAmount(3000n)).toBe(3000);
  expect(wireAmount(9_007_199_254_740_993n)).toBe('9007199254740993');
  expect([wireValue(undefined), wireValue('x'), wireValue(noon)]).toEqual([null, 'x', '2026-03-01T12:00:00Z']);
});

test('fields and columns differ only in spelling', () => {
  expect(['id', 'periodStart', 'last4', 'deletedInStripeAt'].map(snakeCase)).toEqual([
    'id',
    'period_start',
    'last4',
    'deleted_in_stripe_at',
  ]);
  expect(columnsOf({ paidAmount: 5n, dueAt: null })).toEqual({ paid_amount: 5n, due_at: null });
});
