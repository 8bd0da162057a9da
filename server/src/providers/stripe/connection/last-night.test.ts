import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastNight } from './last-night.ts';

const at = (text: string) => Temporal.Instant.from(text);
const nightOf = (now: string, timeZone: string) =>
  lastNight({ now: at(now), timeZone, spreadBy: '' })
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString();

test('three in the morning where the business is: today’s once it has come, else yesterday’s', () => {
  expect(nightOf('2026-07-10T12:00:00Z', 'UTC')).toBe('2026-07-10T03:00:00');
  expect(nightOf('2026-07-10T02:59:59Z', 'UTC')).toBe('2026-07-09T03:00:00');
  expect(nightOf('2026-07-10T03:00:00Z', 'UTC')).toBe('2026-07-10T03:00:00');
  expect(nightOf('2026-07-10T07:30:00Z', 'America/New_York')).toBe('2026-07-10T03:00:00');
  expect(nightOf('2026-07-10T06:30:00Z', 'America/New_York')).toBe('2026-07-09T03:00:00');
});

test('an hour that the clocks skip, and one that they repeat, have one night each', () => {
  // Tallinn skips 3 to 4 on 29 March 2026 and has 3 to 4 twice on 25 October.
  expect(nightOf('2026-03-29T12:00:00Z', 'Europe/Tallinn')).toBe('2026-03-29T04:00:00');
  expect(lastNight({ now: at('2026-10-25T12:00:00Z'), timeZone: 'Europe/Tallinn', spreadBy: '' })).toEqual(at('2026-10-25T00:00:00Z'));
});

test('whatever the zone and the connection: never in the future, never more than 25 hours ago, and the same until the next', () => {
  const zones = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham', 'Europe/Tallinn', 'America/Santiago');
  const seconds = fc.integer({ min: Date.parse('2026-01-01') / 1000, max: Date.parse('2028-01-01') / 1000 });
  fc.assert(
    fc.property(zones, seconds, fc.string(), (timeZone, second, spreadBy) => {
      const now = Temporal.Instant.fromEpochMilliseconds(second * 1000);
      const night = lastNight({ now, timeZone, spreadBy });
      const age = now.since(night).total('hours');
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThanOrEqual(25);
      expect(lastNight({ now: night, timeZone, spreadBy })).toEqual(night);
    }),
  );
});
