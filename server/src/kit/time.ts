import type { MachineClock } from './machine-clock.ts';

/** Business time of one environment. Whole seconds. */
export type Clock = { now(): Temporal.Instant };

/** The clock of a wall environment: the machine's, cut to whole seconds. */
export function wallClock(machineClock: MachineClock): Clock {
  return { now: () => wholeSeconds(machineClock.now()) };
}

/** A clock that stands still: a simulated environment between two steps, or a timer's own instant. */
export function standingClock(instant: Temporal.Instant): Clock {
  const at = wholeSeconds(instant);
  return { now: () => at };
}

/** Cuts off the fraction of a second. */
export function wholeSeconds(instant: Temporal.Instant): Temporal.Instant {
  return instantFromUnix(Math.floor(instant.epochMilliseconds / 1000));
}

/** From Stripe's form of an instant: seconds since 1970. */
export function instantFromUnix(seconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
}

/** Seconds since 1970, rounded down. */
export function toUnix(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}

/** Exactly n times 24 hours later: for leads and delays. Calendar days come from period.ts. */
export function plusDays(instant: Temporal.Instant, days: number): Temporal.Instant {
  return instant.add({ hours: days * 24 });
}

/** RFC 3339 in UTC with whole seconds: `2026-01-31T00:00:00Z`. */
export function isoSeconds(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}

/** The earlier of two instants, ignoring nulls. */
export function earliest(...instants: (Temporal.Instant | null)[]): Temporal.Instant | null {
  return pick(instants, -1);
}

/** The later of two instants, ignoring nulls. */
export function latest(...instants: (Temporal.Instant | null)[]): Temporal.Instant | null {
  return pick(instants, 1);
}

/** True where a is before b. `<` on Temporal objects throws. */
export function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}

/** True where a is b or earlier. */
export function isAtOrBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) <= 0;
}

/** A date for readers: "31 January 2026"; with `zone` the time zone's short name follows. */
export function formatDate(instant: Temporal.Instant, a: { locale: string; timeZone: string; zone?: boolean }): string {
  return formatOf(a).format(instant.epochMilliseconds);
}

/** Making a format costs ten times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
const FORMATS_MAX = 500;

function formatOf(a: { locale: string; timeZone: string; zone?: boolean }): Intl.DateTimeFormat {
  const key = `${a.locale} ${a.timeZone} ${a.zone === true}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(a.locale, {
    timeZone: a.timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...(a.zone ? { timeZoneName: 'short' as const } : {}),
  });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(key, format);
  return format;
}

function pick(instants: (Temporal.Instant | null)[], sign: 1 | -1): Temporal.Instant | null {
  let best: Temporal.Instant | null = null;
  for (const instant of instants) {
    if (instant !== null && (best === null || Temporal.Instant.compare(instant, best) * sign > 0)) best = instant;
  }
  return best;
}
