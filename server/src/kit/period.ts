/**
 * Calendar periods counted from an anchor in the billing time zone, never chained: an anchor on 31 January gives 28 February,
 * then 31 March. A local time that a change of clocks skips moves forward, as Temporal's `compatible` rule says.
 */
export type Interval = 'day' | 'week' | 'month' | 'year';
export type Cadence = { anchor: Temporal.Instant; timeZone: string; interval: Interval; count: number };
/** Half open: [start, end). `index` counts from the anchor and may be negative. */
export type Period = { index: number; start: Temporal.Instant; end: Temporal.Instant };

const UNIT = { day: 'days', week: 'weeks', month: 'months', year: 'years' } as const;

/** The n-th boundary from the anchor; the 0th is the anchor itself. */
export function nthBoundary(cadence: Cadence, n: number): Temporal.Instant {
  const anchor = cadence.anchor.toZonedDateTimeISO(cadence.timeZone);
  return anchor.add({ [UNIT[cadence.interval]]: n * cadence.count }).toInstant();
}

/** The period that contains the instant. */
export function periodAt(cadence: Cadence, instant: Temporal.Instant): Period {
  const unit = UNIT[cadence.interval];
  const anchor = cadence.anchor.toZonedDateTimeISO(cadence.timeZone);
  const at = instant.toZonedDateTimeISO(cadence.timeZone);
  // `until` may be off by one beside a clamped month end or a change of clocks: step to the right place.
  let index = Math.floor(anchor.until(at, { largestUnit: unit })[unit] / cadence.count);
  while (Temporal.Instant.compare(nthBoundary(cadence, index), instant) > 0) index -= 1;
  while (Temporal.Instant.compare(nthBoundary(cadence, index + 1), instant) <= 0) index += 1;
  return { index, start: nthBoundary(cadence, index), end: nthBoundary(cadence, index + 1) };
}
