import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, invoiceReport, issued, lineReport, paid } from '../../test/scenarios/reports.ts';
import { sameValue } from '../customers/index.ts';
import { decideInvoice, decidesSomething } from './decide-invoice.ts';
import type { InvoiceInput, InvoiceLine, InvoiceWithLines } from './invoice.ts';
import { isSettled, paymentStatusOf } from './status.ts';

const report = (over: Partial<InvoiceInput> = {}) => invoiceReport('customer_1', over);

/** What the verb does with a decision, without a database: the row after it, and what was announced. */
function apply(before: InvoiceWithLines | null, input: InvoiceInput) {
  const decision = decideInvoice(before, input);
  if (before && !decidesSomething(decision)) return { row: before, told: [] };
  const { remove, change, add } = decision.lines;
  const kept = (before?.lines ?? []).filter((line) => !remove.includes(line));
  const lines = [
    ...kept.map((line) => ({ ...line, ...change.find(({ id }) => id === line.id)?.facts })),
    ...add.map((facts): InvoiceLine => ({ ...facts, id: facts.stripeLineId ?? '', subscriptionItemId: null })),
  ].map(({ ...line }) => {
    delete (line as { stripeItemId?: unknown }).stripeItemId;
    return line;
  });
  lines.sort((a, b) => a.position - b.position);
  const row = {
    id: 'invoice_1',
    returnedAmount: 0n,
    ...before,
    ...decision.patch,
    rev: (before?.rev ?? 0n) + 1n,
    lines,
  } as InvoiceWithLines;
  return { row, told: decision.announcements };
}

function tell(before: Partial<InvoiceInput> | null, after: Partial<InvoiceInput>): string[] {
  const row = before && apply(null, report(before)).row;
  return apply(row, report(after)).told.map(({ type }) => type.replace('invoice.', ''));
}

const voided: Partial<InvoiceInput> = issued({ stripeStatus: 'void', status: 'voided' });
const uncollectible = issued({ stripeStatus: 'uncollectible', uncollectibleAt: at('2026-03-01') });
const CASES: [string, Partial<InvoiceInput> | null, Partial<InvoiceInput>, string[]][] = [
  ['first seen as a draft', null, {}, ['created']],
  ['first seen when issued', null, issued(), ['created', 'finalized']],
  ['first seen when voided', null, voided, ['created', 'voided']],
  ['issued', {}, issued(), ['finalized']],
  ['issued with nothing due', { totalAmount: 0n, remainingAmount: 0n }, paid({ totalAmount: 0n, paidAmount: 0n }), ['finalized']],
  ['a draft gets another line', {}, { lines: [lineReport(), lineReport({ stripeLineId: 'il_2' })] }, ['updated']],
  ['paid (the payments room tells)', issued(), paid(), ['updated']],
  ['voided', issued(), voided, ['voided']],
  ['given up', issued(), uncollectible, ['marked_uncollectible']],
  ['given up, then paid after all', uncollectible, paid(), ['updated']],
  ['nothing changes', issued(), issued(), []],
];

test.each(CASES)('%s', (_title, before, after, expected) => {
  expect(tell(before, after)).toEqual(expected);
});

test('[I3] nothing due on an issued invoice is paid at once, whoever settled it; a draft of zero is not', () => {
  expect(apply(null, report(paid({ paidAmount: 0n, totalAmount: 0n }))).row).toMatchObject({
    paymentStatus: 'succeeded',
    creditedAmount: 0n,
  });
  expect(apply(null, report(paid({ paidAmount: 1000n }))).row).toMatchObject({ paymentStatus: 'succeeded', creditedAmount: 2000n });
  expect(apply(null, report({ totalAmount: 0n, remainingAmount: 0n })).row).toMatchObject({ status: 'draft', paymentStatus: 'pending' });
});

test('model.md 9: credit notes and balance are what neither money paid nor is still due', () => {
  expect(apply(null, report(issued({ paidAmount: 500n, remainingAmount: 1500n }))).row.creditedAmount).toBe(1000n);
  expect(apply(null, report(paid({ totalAmount: -2000n, paidAmount: 0n }))).row).toMatchObject({
    creditedAmount: -2000n,
    paymentStatus: 'succeeded',
  });
});

test('the coarse payment status has three words', () => {
  const words = (['pending', 'processing', 'requires_action', 'partially_paid', 'unknown', 'succeeded', 'failed'] as const).map(
    paymentStatusOf,
  );
  expect(words).toEqual(['pending', 'pending', 'pending', 'pending', 'pending', 'succeeded', 'failed']);
});

const DRAFT: Partial<InvoiceInput> = {};
const LIVES: Partial<InvoiceInput>[][] = [
  [DRAFT, issued(), paid()],
  [
    DRAFT,
    { lines: [lineReport({ amount: 2500n }), lineReport({ stripeLineId: 'il_2', amount: 500n })] },
    issued(),
    issued({ attemptCount: 1 }),
    paid({ attemptCount: 2 }),
  ],
  [DRAFT, issued(), voided],
  [DRAFT, issued(), issued({ attemptCount: 4 }), uncollectible, paid()],
  [DRAFT, issued({ paidAmount: 1000n, remainingAmount: 2000n }), paid()],
  [DRAFT, { status: 'voided', stripeStatus: 'deleted' }],
];
const sample = fc.constantFrom(...LIVES).chain((life) =>
  fc.array(fc.nat({ max: 2 }), { minLength: life.length - 1, maxLength: life.length - 1 }).map((times) => ({
    life: life.map(report),
    seen: [...life.slice(0, -1).flatMap((state, index) => Array.from({ length: times[index] ?? 0 }, () => state)), life.at(-1) ?? {}].map(
      report,
    ),
  })),
);

function play(states: readonly InvoiceInput[]) {
  const told: string[] = [];
  let row: InvoiceWithLines | null = null;
  for (const state of states) {
    const result: ReturnType<typeof apply> = apply(row, state);
    row = result.row;
    told.push(...result.told.map(({ type, key }) => `${type}:${key}`));
  }
  return { row: row as InvoiceWithLines, told };
}

test('T1 T15 whichever states were seen on the way, and however often, the row ends as the last one and no announcement repeats', () => {
  fc.assert(
    fc.property(sample, ({ life, seen }) => {
      const [whole, part] = [play(life), play(seen)];
      const facts = ({ rev: _, ...row }: InvoiceWithLines) => row;
      expect(new Set(part.told).size).toBe(part.told.length);
      return sameValue(facts(whole.row), facts(part.row));
    }),
  );
});

test('[I3] after every report: paid exactly when issued and nothing is due, and the sums add up', () => {
  fc.assert(
    fc.property(sample, ({ seen }) => {
      const { row } = play(seen);
      expect(row.paymentStatus === 'succeeded').toBe(isSettled(row));
      expect(row.paidAmount + row.creditedAmount + row.remainingAmount).toBe(row.totalAmount);
    }),
  );
});

test('[I18] a voided invoice absorbs', () => {
  const { row } = apply(null, report(voided));
  for (const late of [DRAFT, issued(), paid(), uncollectible]) expect(apply(row, report(late))).toEqual({ row, told: [] });
});
