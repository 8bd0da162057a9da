import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyTaxes } from './apply.ts';
import { automaticRates, calculateTaxes, type TaxQuestion } from './calculate.ts';
import { locate } from './location.ts';
import { EU, TAX_ROWS, type TaxRow, tableWith } from './rates.ts';

const base: Omit<TaxQuestion, 'lines'> & { rounding: 'line' | 'subtotal' } = {
  location: { country: 'DE', state: null },
  taxExempt: 'none',
  taxIds: [],
  origin: 'US',
  collects: () => true,
  table: TAX_ROWS,
  rounding: 'line',
};
const line = (net: number, behavior: 'inclusive' | 'exclusive' = 'exclusive', taxCode: string | null = null) => ({
  net,
  behavior,
  taxCode,
});

test('a German customer pays 19 %, on top or inside', () => {
  const on = calculateTaxes({ ...base, lines: [line(10_000)] });
  expect(on.taxes[0]).toMatchObject([{ amount: 1900, taxable: 10_000, reason: 'standard_rated', inclusive: false }]);
  const inside = calculateTaxes({ ...base, lines: [line(11_900, 'inclusive')] });
  expect(inside.taxes[0]).toMatchObject([{ amount: 1900, taxable: 10_000, reason: 'standard_rated', inclusive: true }]);
});

test('books are reduced in Germany, zero-rated in the United Kingdom', () => {
  const books = [line(1000, 'exclusive', 'txcd_35010000')];
  expect(calculateTaxes({ ...base, lines: books }).taxes[0]).toMatchObject([{ amount: 70, reason: 'reduced_rated' }]);
  expect(calculateTaxes({ ...base, location: { country: 'GB', state: null }, lines: books }).taxes[0]).toMatchObject([
    { amount: 0, taxable: 1000, reason: 'zero_rated' },
  ]);
});

test('software is taxed in New York and exempt in California, goods are taxed in both, Oregon has no sales tax', () => {
  const at = (state: string, taxCode: string | null) =>
    calculateTaxes({ ...base, location: { country: 'US', state }, lines: [line(10_000, 'exclusive', taxCode)] }).taxes[0]!.map((tax) => [
      tax.amount,
      tax.taxable,
      tax.reason,
    ]);
  expect(at('NY', 'txcd_10103001')).toEqual([[400, 10_000, 'standard_rated']]);
  expect(at('CA', 'txcd_10103001')).toEqual([[0, 0, 'product_exempt']]);
  expect(at('CA', null)).toEqual([[725, 10_000, 'standard_rated']]);
  expect(at('OR', null)).toEqual([[0, 0, 'not_subject_to_tax']]);
  expect(at('NY', 'txcd_00000000')).toEqual([[0, 0, 'not_subject_to_tax']]);
});

test('Quebec pays two taxes, Ontario one harmonised one; included taxes share the net amount', () => {
  const taxes = (state: string, net: number, behavior: 'inclusive' | 'exclusive') =>
    calculateTaxes({ ...base, location: { country: 'CA', state }, lines: [line(net, behavior)] }).taxes[0]!.map((tax) => [
      tax.amount,
      tax.taxable,
    ]);
  expect(taxes('QC', 10_000, 'exclusive')).toEqual([
    [500, 10_000],
    [998, 10_000],
  ]);
  // 114.98 / 1.14975 = 100.0043…; what is left after both taxes is taxable.
  expect(taxes('QC', 11_498, 'inclusive')).toEqual([
    [500, 10_000],
    [998, 10_000],
  ]);
  expect(taxes('ON', 10_000, 'exclusive')).toEqual([[1300, 10_000]]);
  expect(taxes('AB', 10_000, 'exclusive')).toEqual([[500, 10_000]]);
});

test('a business in another country accounts for the tax itself; at home it pays', () => {
  const reason = (question: Partial<typeof base>) => automaticRates({ ...base, ...question, lines: [line(1)] }).lines[0]![0]!.reason;
  expect(reason({ taxIds: ['eu_vat'] })).toBe('reverse_charge');
  expect(reason({ taxIds: ['eu_vat'], origin: 'FR' })).toBe('reverse_charge');
  expect(reason({ taxIds: ['eu_vat'], origin: 'DE' })).toBe('standard_rated');
  expect(reason({ taxIds: ['gb_vat'] })).toBe('standard_rated');
  expect(reason({ taxIds: ['gb_vat'], location: { country: 'GB', state: null } })).toBe('reverse_charge');
  expect(reason({ taxExempt: 'reverse' })).toBe('reverse_charge');
  expect(reason({ taxExempt: 'exempt' })).toBe('customer_exempt');
  expect(reason({ collects: () => false, taxIds: ['eu_vat'] })).toBe('not_collecting');
  expect(reason({ location: { country: 'BR', state: null } })).toBe('not_supported');
});

test('nothing is worked out for an unknown place', () => {
  expect(calculateTaxes({ ...base, location: null, lines: [line(1000)] })).toEqual({
    status: 'requires_location_inputs',
    rates: [[]],
    taxes: [[]],
  });
});

test('an account’s own rows replace the stated ones of the same place', () => {
  const own: TaxRow = { country: 'DE', state: null, name: 'VAT', type: 'vat', percentage: 16 };
  expect(calculateTaxes({ ...base, table: tableWith([own]), lines: [line(1000)] }).taxes[0]).toMatchObject([{ amount: 160 }]);
  expect(tableWith(undefined)).toBe(TAX_ROWS);
});

test('the table: every member state once, no rate out of range, one row per place and kind', () => {
  for (const country of EU) expect(TAX_ROWS.filter((row) => row.country === country)).toHaveLength(1);
  expect(TAX_ROWS.every((row) => row.percentage > 0 && row.percentage < 30)).toBe(true);
  const keys = TAX_ROWS.map((row) => `${row.country} ${row.state} ${row.type}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(TAX_ROWS.filter((row) => row.country === 'US')).toHaveLength(46);
});

test('where a customer is: shipping before billing, ZIP codes decide the state, half an address is none', () => {
  const us = { country: 'US', postal_code: '94103' };
  expect(locate({ shipping: { country: 'DE' }, billing: us })).toEqual({
    location: { country: 'DE', state: null },
    source: 'shipping_destination',
  });
  expect(locate({ billing: us })).toEqual({ location: { country: 'US', state: 'CA' }, source: 'billing_address' });
  expect(locate({ billing: { country: 'US', state: 'OR' } })).toBeNull();
  // An address that is not precise enough is not passed over.
  expect(locate({ billing: { country: 'US' }, paymentMethod: us })).toBeNull();
  expect(locate({ paymentMethod: { country: 'CA', postal_code: 'H2X 1Y4' } })?.location).toEqual({ country: 'CA', state: 'QC' });
  expect(locate({ billing: { country: 'CA', state: 'ON' } })?.location.state).toBe('ON');
  expect(locate({ billing: { country: 'CA' } })).toBeNull();
  expect(locate({ billing: { country: 'Atlantis' } })).toBeNull();
  expect(locate({ ip: '203.0.113.7' })).toBeNull();
  expect(locate({ ip: '203.0.113.7', ips: { '203.0.113.7': { country: 'FR' } } })).toEqual({
    location: { country: 'FR', state: null },
    source: 'ip_address',
  });
  for (const [zip, state] of [
    ['10001', 'NY'],
    ['98101-1234', 'WA'],
    ['05501', 'MA'],
    ['00601', undefined],
    ['1234', undefined],
  ] as const)
    expect(locate({ billing: { country: 'US', postal_code: zip } })?.location.state).toBe(state);
});

/** Half away from zero with plain fractions: an oracle that shares nothing with the code but the rule. */
function oracle(net: number, thousandths: number, shared: number | null): number {
  const value = (net * thousandths) / (100_000 + (shared ?? 0));
  const size = Math.abs(value);
  const floor = Math.floor(size + 1e-9);
  const rounded = size - floor >= 0.5 - 1e-9 ? floor + 1 : floor;
  return Math.sign(value) * rounded + 0;
}

test('random lines: each tax is its rate of the net amount, rounding per line', () => {
  const nets = fc.array(fc.tuple(fc.integer({ min: -500_000, max: 500_000 }), fc.boolean()), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(nets, fc.constantFrom(...TAX_ROWS), (lines, row) => {
      const question = {
        ...base,
        location: { country: row.country, state: row.state },
        table: [row],
        lines: lines.map(([net, inside]) => line(net, inside ? 'inclusive' : 'exclusive')),
      };
      const { taxes } = calculateTaxes(question);
      for (const [index, [net, inside]] of lines.entries()) {
        const thousandths = Math.round(row.percentage * 1000);
        const expected = oracle(net, thousandths, inside ? thousandths : null);
        expect(taxes[index]![0]).toMatchObject({ amount: expected, taxable: inside ? net - expected : net });
      }
    }),
    { numRuns: 300, seed: 19 },
  );
});

test('random lines: rounding after the subtotal gives the rounded tax of the sum, whatever the number of lines', () => {
  const nets = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(nets, fc.integer({ min: 1, max: 27_000 }), (amounts, thousandths) => {
      const rate = { id: 'txr_1', percentage: thousandths / 1000, inclusive: false };
      const taxes = applyTaxes(
        amounts.map((net) => ({ net, rates: [rate] })),
        'subtotal',
      );
      const sum = taxes.flat().reduce((left, tax) => left + tax.amount, 0);
      expect(sum).toBe(
        oracle(
          amounts.reduce((left, net) => left + net, 0),
          thousandths,
          null,
        ),
      );
      for (const [index, net] of amounts.entries())
        expect(Math.abs(taxes[index]![0]!.amount - oracle(net, thousandths, null))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200, seed: 20 },
  );
});
