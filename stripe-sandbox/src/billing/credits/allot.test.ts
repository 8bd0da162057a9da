import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allotCredits, type CreditableLine, inOrderOfUse, type OpenGrant } from './allot.ts';

const grant = (id: string, more: Partial<OpenGrant> = {}): OpenGrant => ({
  id,
  remaining: 100,
  priority: 50,
  expiresAt: null,
  category: 'paid',
  effectiveAt: 0,
  created: 0,
  prices: null,
  ...more,
});

test('order of use: priority, soonest end, promotional first, earliest effect, earliest creation', () => {
  const grants = [
    grant('late', { created: 5 }),
    grant('early', { created: 1 }),
    grant('effective', { effectiveAt: -5 }),
    grant('gift', { category: 'promotional' }),
    grant('soon', { expiresAt: 10 }),
    grant('later', { expiresAt: 20, category: 'promotional' }),
    grant('first', { priority: 0 }),
    grant('last', { priority: 100, expiresAt: 1 }),
  ];
  const expected = ['first', 'soon', 'later', 'gift', 'effective', 'early', 'late', 'last'];
  expect(inOrderOfUse(grants).map((one) => one.id)).toEqual(expected);
  expect(inOrderOfUse(grants.reverse()).map((one) => one.id)).toEqual(expected);
});

test('a grant limited to a price leaves the other lines to the next one', () => {
  const lines = [
    { id: 'a', price: 'p1', amount: 70 },
    { id: 'b', price: 'p2', amount: 80 },
  ];
  expect(allotCredits(lines, [grant('all', { priority: 60 }), grant('two', { remaining: 50, prices: ['p2'] })])).toEqual([
    { grant: 'two', line: 'b', amount: 50 },
    { grant: 'all', line: 'a', amount: 70 },
    { grant: 'all', line: 'b', amount: 30 },
  ]);
});

/** One minor unit at a time: who is first in the order and may pay for the first line that still wants it, pays. */
function coinByCoin(lines: CreditableLine[], grants: OpenGrant[]): Map<string, number> {
  const paid = new Map<string, number>();
  const left = lines.map((line) => line.amount);
  for (const one of inOrderOfUse(grants)) {
    for (let coin = 0; coin < one.remaining; coin += 1) {
      const at = lines.findIndex((line, index) => left[index]! > 0 && (one.prices === null || one.prices.includes(line.price)));
      if (at < 0) break;
      left[at]! -= 1;
      const key = `${one.id} ${lines[at]!.id}`;
      paid.set(key, (paid.get(key) ?? 0) + 1);
    }
  }
  return paid;
}

test('spends what paying coin by coin would spend, never more than a grant has or a line costs', () => {
  const price = fc.constantFrom('p1', 'p2', 'p3');
  const lines = fc
    .array(fc.record({ price, amount: fc.integer({ min: 0, max: 60 }) }), { maxLength: 5 })
    .map((list) => list.map((line, index) => ({ ...line, id: `l${index}` })));
  const grants = fc
    .array(
      fc.record({
        remaining: fc.integer({ min: 0, max: 80 }),
        priority: fc.constantFrom(0, 50),
        expiresAt: fc.constantFrom(null, 10, 20),
        category: fc.constantFrom('paid', 'promotional'),
        prices: fc.constantFrom<string[] | null>(null, ['p1'], ['p2', 'p3']),
      }),
      { maxLength: 5 },
    )
    .map((list) => list.map((fields, index) => grant(`g${index}`, { ...fields, created: index })));
  fc.assert(
    fc.property(lines, grants, (someLines, someGrants) => {
      const applied = allotCredits(someLines, someGrants);
      expect(new Map(applied.map((one) => [`${one.grant} ${one.line}`, one.amount]))).toEqual(coinByCoin(someLines, someGrants));
      for (const line of someLines) {
        const sum = applied.filter((one) => one.line === line.id).reduce((total, one) => total + one.amount, 0);
        expect(sum).toBeLessThanOrEqual(line.amount);
      }
    }),
    { numRuns: 300 },
  );
});
