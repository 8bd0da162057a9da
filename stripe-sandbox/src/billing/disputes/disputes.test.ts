import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doc } from '../../kernel/types.ts';
import { blankEvidence, hasEvidence, mergeEvidence, TEXT_FIELDS, verdictIn } from './evidence.ts';
import { disputeFee } from './fees.ts';
import { dueBy } from './open.ts';
import { awaitsResponse, type DisputeStatus, isClosed, isInquiry, moveDispute } from './status.ts';

const DAY = 86_400;

test('the answer is due in the last second of the 19th day, whatever the hour', () => {
  expect(new Date(dueBy(1_672_692_608) * 1000).toISOString()).toBe('2023-01-21T23:59:59.000Z');
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), (opened) => {
      const due = new Date(dueBy(opened) * 1000);
      const wanted = new Date(opened * 1000);
      wanted.setUTCDate(wanted.getUTCDate() + 19);
      wanted.setUTCHours(23, 59, 59, 0);
      expect(due.getTime()).toBe(wanted.getTime());
      expect(dueBy(opened) - opened).toBeLessThan(20 * DAY);
    }),
  );
});

test('evidence keeps what was not sent, clears on the empty string, and is bounded', () => {
  const first = mergeEvidence(blankEvidence(), { customer_name: 'Jenny', service_date: '2026-01-01' });
  expect(mergeEvidence(first, { service_date: '' })).toMatchObject({ customer_name: 'Jenny', service_date: null });
  expect([hasEvidence(blankEvidence()), hasEvidence(first)]).toEqual([false, true]);
  const field = fc.constantFrom(...TEXT_FIELDS);
  fc.assert(
    fc.property(
      fc.dictionary(
        field,
        fc.integer({ min: 1, max: 60_000 }).map((length) => 'x'.repeat(length)),
      ),
      (given) => {
        const length = Object.values(given).join('').length;
        const merge = () => mergeEvidence(blankEvidence(), given);
        if (length > 150_000) expect(merge).toThrow("can't exceed 150000");
        else expect(merge()).toMatchObject(given);
      },
    ),
    { numRuns: 40 },
  );
});

test('only the three words of the test page decide', () => {
  const of = (uncategorized_text: string | null) => verdictIn({ uncategorized_text });
  expect(['winning_evidence', 'losing_evidence', 'escalate_inquiry_evidence', 'our receipt', null].map(of)).toEqual([
    'won',
    'lost',
    'escalated',
    null,
    null,
  ]);
});

test('a dispute that is over never moves again', () => {
  const all: DisputeStatus[] = [
    'warning_needs_response',
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'won',
    'lost',
  ];
  const dispute = (status: DisputeStatus): Doc => ({ id: 'du_1', object: 'dispute', created: 0, status });
  const over = all.filter((status) => isClosed(dispute(status)));
  expect(over).toEqual(['warning_closed', 'won', 'lost']);
  for (const from of over) for (const to of all) expect(() => moveDispute(dispute(from), to)).toThrow('does not go from');
  expect(all.filter((status) => isInquiry(dispute(status)))).toEqual(all.slice(0, 3));
  expect(all.filter((status) => awaitsResponse(dispute(status)))).toEqual(['warning_needs_response', 'needs_response']);
});

test('fees are in the smallest unit of their currency', () => {
  expect(['usd', 'eur', 'jpy', 'sek', 'krw', 'kwd'].map(disputeFee)).toEqual([1500, 2000, 1300, 1500, 15, 15_000]);
});
