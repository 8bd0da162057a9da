import { describe, expect, it } from 'vitest';
import { distance, formatInstant, shift } from './dates.ts';

describe('dates on the page', () => {
  it('shows the day of the time zone, not of UTC', () => {
    expect(formatInstant('2026-03-01T23:30:00Z', { timeZone: 'Europe/Berlin', show: 'date', now: '2026-05-01T00:00:00Z' })).toBe('2 Mar');
    expect(formatInstant('2025-12-31T10:00:00Z', { timeZone: 'UTC', now: '2026-05-01T00:00:00Z' })).toBe('31 Dec 2025, 10:00');
  });

  it('moves the clock by a month to the same day, or to the last there is', () => {
    expect(shift('2026-01-31T09:00:00Z', { months: 1 })).toBe('2026-02-28T09:00:00Z');
    expect(shift('2026-12-15T09:00:00Z', { months: 1 })).toBe('2027-01-15T09:00:00Z');
    expect(shift('2026-02-27T09:00:00Z', { days: 7 })).toBe('2026-03-06T09:00:00Z');
  });

  it('says how far away something is from the environment’s clock', () => {
    expect(distance('2026-01-04T00:00:00Z', '2026-01-01T00:00:00Z')).toBe('in 3 days');
    expect(distance('2026-01-01T00:00:00Z', '2026-01-01T02:00:00Z')).toBe('2 hours ago');
  });
});
