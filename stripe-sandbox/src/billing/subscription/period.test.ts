import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchorFromConfig, boundary, type Cadence, periodAt } from './period.ts';

const seconds = (text: string) => Date.parse(text) / 1000;
const day = (instant: number) => new Date(instant * 1000).toISOString().slice(0, 10);

const cadences: fc.Arbitrary<Cadence> = fc.record({
  interval: fc.constantFrom('day', 'week', 'month', 'year'),
  count: fc.integer({ min: 1, max: 12 }),
});
const instants = fc.integer({ min: seconds('2000-01-01T00:00:00Z'), max: seconds('2060-01-01T00:00:00Z') });

/** The calendar of the platform as an independent judge. */
function oracle(anchor: number, cadence: Cadence, index: number): number {
  const start = Temporal.Instant.fromEpochMilliseconds(anchor * 1000).toZonedDateTimeISO('UTC');
  const steps = index * cadence.count;
  return start.add({ [`${cadence.interval}s`]: steps }, { overflow: 'constrain' }).epochMilliseconds / 1000;
}

test('[S 3.3] 31 January renews at the end of each month, counted from the anchor and never chained', () => {
  const anchor = seconds('2027-01-31T10:30:00Z');
  const ends = [1, 2, 3, 4, 12, 13].map((index) => day(boundary(anchor, { interval: 'month', count: 1 }, index)));
  expect(ends).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31', '2028-01-31', '2028-02-29']);
});

test('29 February renews yearly on the 28th until the next leap year', () => {
  const anchor = seconds('2028-02-29T00:00:00Z');
  const ends = [1, 2, 3, 4].map((index) => day(boundary(anchor, { interval: 'year', count: 1 }, index)));
  expect(ends).toEqual(['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']);
});

test('every boundary agrees with the calendar', () => {
  fc.assert(
    fc.property(instants, cadences, fc.integer({ min: -40, max: 60 }), (anchor, cadence, index) => {
      expect(boundary(anchor, cadence, index)).toBe(oracle(anchor, cadence, index));
    }),
  );
});

test('an instant lies in exactly one period, and periods follow without a gap', () => {
  fc.assert(
    fc.property(instants, cadences, instants, (anchor, cadence, at) => {
      const period = periodAt(anchor, cadence, at);
      expect(period.start).toBeLessThanOrEqual(at);
      expect(period.end).toBeGreaterThan(at);
      expect(periodAt(anchor, cadence, period.end).start).toBe(period.end);
      expect(periodAt(anchor, cadence, period.start)).toEqual(period);
    }),
  );
});

test('[S 3.3] billing_cycle_anchor_config picks the next such day; omitted times are the creation’s own', () => {
  const created = seconds('2026-03-10T15:45:30Z');
  expect(anchorFromConfig({ day_of_month: 1 }, created)).toBe(seconds('2026-04-01T15:45:30Z'));
  expect(anchorFromConfig({ day_of_month: 31, hour: 0, minute: 0, second: 0 }, seconds('2026-04-02T00:00:00Z'))).toBe(
    seconds('2026-04-30T00:00:00Z'),
  );
  expect(anchorFromConfig({ day_of_month: 1, month: 1, hour: 0, minute: 0, second: 0 }, created)).toBe(seconds('2027-01-01T00:00:00Z'));
});
