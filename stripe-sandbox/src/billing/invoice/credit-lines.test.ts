import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doc, Params } from '../../kernel/types.ts';
import { type CreditLine, creditLines, creditTotals } from './credit-lines.ts';

const tax = (amount: number, taxable: number, more: Params = {}) => ({
  amount,
  tax_behavior: 'exclusive' as const,
  tax_rate_details: { tax_rate: 'txr_1' },
  taxability_reason: 'not_available',
  taxable_amount: taxable,
  type: 'tax_rate_details' as const,
  ...more,
});

function invoiceWith(lines: Params[], automatic = false): Doc {
  const data = lines.map((line, index) => ({
    id: `il_${index}`,
    quantity: 1,
    description: null,
    discount_amounts: [],
    pretax_credit_amounts: [],
    taxes: [],
    ...line,
  }));
  return { id: 'in_1', object: 'invoice', created: 0, automatic_tax: { enabled: automatic }, lines: { data } };
}

const of = (invoice: Doc, params: Params, earlier: Params[] = []) => creditLines({ invoice, params, earlier, rates: new Map() });
const line = (more: Params = {}, index = 0) => ({ type: 'invoice_line_item', invoice_line_item: `il_${index}`, ...more });

/** A credited line as the credit note stores it. */
const stored = (credit: CreditLine): Params => ({
  invoice_line_item: credit.invoiceLine,
  amount: credit.amount,
  discount_amounts: credit.discounts,
  pretax_credit_amounts: credit.credits.map((share) => ({ ...share, type: 'credit_balance_transaction' })),
  taxes: credit.taxes,
});

test('a whole line takes its discounts and taxes along', () => {
  const invoice = invoiceWith([{ amount: 1000, discount_amounts: [{ discount: 'di_1', amount: 100 }], taxes: [tax(171, 900)] }]);
  const totals = creditTotals(of(invoice, { lines: [line()] }));
  expect(totals).toMatchObject({ subtotal: 1000, discount: 100, total: 1071, totalExcludingTax: 900, subtotalExcludingTax: 1000 });
  expect(totals.discounts).toEqual([{ discount: 'di_1', amount: 100 }]);
});

test('what billing credits paid of a line is not given back; cents are not lost between parts', () => {
  const share = (transaction: string, amount: number) => ({
    type: 'credit_balance_transaction',
    credit_balance_transaction: transaction,
    amount,
  });
  const invoice = invoiceWith([
    {
      amount: 1000,
      discount_amounts: [{ discount: 'di_1', amount: 100 }],
      pretax_credit_amounts: [{ type: 'discount', discount: 'di_1', amount: 100 }, share('cbtxn_1', 500), share('cbtxn_2', 300)],
      taxes: [tax(20, 100)],
    },
  ]);
  expect(creditTotals(of(invoice, { lines: [line()] }))).toMatchObject({
    subtotal: 1000,
    discount: 100,
    credits: [
      { credit_balance_transaction: 'cbtxn_1', amount: 500 },
      { credit_balance_transaction: 'cbtxn_2', amount: 300 },
    ],
    total: 120,
    totalExcludingTax: 100,
  });
  // A third, a third, the rest: 333, 333, 334.
  const notes: CreditLine[] = [];
  for (const amount of [333, 333, 334]) notes.push(...of(invoice, { lines: [line({ amount })] }, notes.map(stored)));
  expect(notes.map((note) => note.credits.map((part) => part.amount))).toEqual([
    [167, 100],
    [167, 100],
    [166, 100],
  ]);
  expect(notes.map((note) => creditTotals([note]).total)).toEqual([333 - 33 - 267 + 7, 333 - 33 - 267 + 7, 334 - 34 - 266 + 6]);
  expect(creditTotals(notes)).toMatchObject({ total: 120 });
});

test('a part takes its share; by amount the quantity is unknown, by quantity the amount follows', () => {
  const invoice = invoiceWith([{ amount: 900, quantity: 3, taxes: [tax(90, 900)] }]);
  const [byAmount] = of(invoice, { lines: [line({ amount: 450 })] });
  expect(byAmount).toMatchObject({ amount: 450, quantity: null, taxes: [{ amount: 45, taxable_amount: 450 }] });
  const [byQuantity] = of(invoice, { lines: [line({ quantity: 2 })] });
  expect(byQuantity).toMatchObject({ amount: 600, quantity: 2, taxes: [{ amount: 60, taxable_amount: 600 }] });
});

test('tax inside lowers the amounts without tax, and is not added', () => {
  const invoice = invoiceWith([{ amount: 1190, taxes: [tax(190, 1000, { tax_behavior: 'inclusive' })] }]);
  expect(creditTotals(of(invoice, { lines: [line()] }))).toMatchObject({
    subtotal: 1190,
    subtotalExcludingTax: 1000,
    total: 1190,
    totalExcludingTax: 1000,
  });
});

test('taxes of one rate are one entry, other reasons another', () => {
  const reverse = tax(0, 0, { taxability_reason: 'reverse_charge' });
  const invoice = invoiceWith([
    { amount: 1000, taxes: [tax(100, 1000)] },
    { amount: 500, taxes: [tax(50, 500), reverse] },
  ]);
  const totals = creditTotals(of(invoice, { lines: [line(), line({}, 1)] }));
  expect(totals.taxes.map((entry) => [entry.taxability_reason, entry.amount, entry.taxable_amount])).toEqual([
    ['not_available', 150, 1500],
    ['reverse_charge', 0, 0],
  ]);
});

test('an amount alone is one line of one’s own', () => {
  expect(of(invoiceWith([]), { amount: 700, memo: 'Sorry' })).toMatchObject([
    { type: 'custom_line_item', amount: 700, quantity: 1, unitAmountDecimal: '700', description: 'Sorry', taxes: [] },
  ]);
  expect(() => of(invoiceWith([]), {})).toThrow('Missing required param: amount.');
});

test('fractions of a cent are rounded once per line', () => {
  const [credit] = of(invoiceWith([]), { lines: [{ type: 'custom_line_item', unit_amount_decimal: '33.335', quantity: 3 }] });
  expect(credit).toMatchObject({ amount: 100, unitAmountDecimal: '33.335' });
});

test('more than a line has left, the wrong sign, taxes of one’s own with automatic tax: refused', () => {
  const invoice = invoiceWith([{ amount: 1000 }, { amount: -300 }]);
  const [first] = of(invoice, { lines: [line({ amount: 800 })] });
  expect(() => of(invoice, { lines: [line({ amount: 201 })] }, [stored(first!)])).toThrow('more than is left');
  expect(of(invoice, { lines: [line({ amount: 200 })] }, [stored(first!)])).toMatchObject([{ amount: 200 }]);
  expect(() => of(invoice, { lines: [line({ amount: -1 })] })).toThrow('more than is left');
  expect(of(invoice, { lines: [line({ amount: -100 }, 1)] })).toMatchObject([{ amount: -100 }]);
  expect(() => of(invoice, { lines: [line({ amount: 1 }, 7)] })).toThrow('No such invoice line item');
  const own = [{ amount: 1, tax_rate: 'txr_1', taxable_amount: 1 }];
  expect(() => of(invoiceWith([{ amount: 1000 }], true), { lines: [line({ tax_amounts: own })] })).toThrow('not valid');
});

test('however a line is credited in parts, the parts are the line: amount, discount and tax, to the cent', () => {
  const whole = fc.record({
    amount: fc.integer({ min: 1, max: 100_000 }),
    off: fc.integer({ min: 0, max: 100 }),
    percent: fc.integer({ min: 0, max: 30 }),
    cuts: fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(whole, ({ amount, off, percent, cuts }) => {
      const discount = Math.round((amount * off) / 100);
      const vat = Math.round(((amount - discount) * percent) / 100);
      const invoice = invoiceWith([
        { amount, discount_amounts: [{ discount: 'di_1', amount: discount }], taxes: [tax(vat, amount - discount)] },
      ]);
      const parts: CreditLine[] = [];
      let left = amount;
      for (const cut of cuts) {
        if (cut >= left) continue;
        parts.push(...of(invoice, { lines: [line({ amount: cut })] }, parts.map(stored)));
        left -= cut;
      }
      parts.push(...of(invoice, { lines: [line({ amount: left })] }, parts.map(stored)));
      const totals = creditTotals(parts);
      expect([totals.subtotal, totals.discount, totals.total]).toEqual([amount, discount, amount - discount + vat]);
      expect(totals.taxes[0]!.taxable_amount).toBe(amount - discount);
      for (const part of parts.slice(0, -1))
        expect(Math.abs(part.discounts[0]!.amount - (discount * part.amount) / amount)).toBeLessThanOrEqual(0.5);
    }),
    { numRuns: 300, seed: 7 },
  );
});
