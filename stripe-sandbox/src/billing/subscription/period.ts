/** Billing periods, always computed from the anchor and never chained, in UTC [S 3.3]: Jan 31 → Feb 28/29 → Mar 31 → Apr 30. Pure. */

export type Interval = 'day' | 'week' | 'month' | 'year';
export type Cadence = { interval: Interval; count: number };
export type Period = { start: number; end: number };
/**
 * Where periods are counted from. `day` is the day of the month that was asked for, where the anchor's own month was too short for it:
 * `billing_cycle_anchor_config` 31 in February bills on 28 February, 31 March, 30 April.
 */
export type Anchor = number | { at: number; day: number | null };
export type AnchorConfig = { day_of_month: number; month?: number; hour?: number; minute?: number; second?: number };

const MS = 1000;
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
const AVERAGE_MONTH = 30.436875 * DAY;
const SECONDS: Record<Interval, number> = { day: DAY, week: 7 * DAY, month: AVERAGE_MONTH, year: 12 * AVERAGE_MONTH };

/** The `index`-th boundary counted from the anchor (0 = the anchor itself, negative = before it). Epoch seconds. */
export function boundary(from: Anchor, cadence: Cadence, index: number): number {
  const steps = index * cadence.count;
  const { at: anchor, day } = typeof from === 'number' ? { at: from, day: null } : from;
  switch (cadence.interval) {
    case 'day':
      return anchor + steps * DAY;
    case 'week':
      return anchor + steps * 7 * DAY;
    case 'month':
      return addMonths(anchor, steps, day);
    case 'year':
      return addMonths(anchor, steps * 12, day);
  }
}

/** The period that contains the instant: start <= at < end. */
export function periodAt(anchor: Anchor, cadence: Cadence, at: number): Period {
  let index = Math.floor((at - (typeof anchor === 'number' ? anchor : anchor.at)) / (SECONDS[cadence.interval] * cadence.count));
  while (boundary(anchor, cadence, index) > at) index -= 1;
  while (boundary(anchor, cadence, index + 1) <= at) index += 1;
  return { start: boundary(anchor, cadence, index), end: boundary(anchor, cadence, index + 1) };
}

/**
 * The full period that ends where a stretch ends: what a part of it is a part of. The stretch itself where it is a full period already, month
 * ends included (30 January → 28 February is a month) [S 3.3].
 */
export function wholePeriod(anchor: Anchor, cadence: Cadence, stretch: Period): Period {
  const { start, end } = periodAt(anchor, cadence, stretch.end - 1);
  if (stretch.start <= start || boundary(stretch.start, cadence, 1) === stretch.end) return stretch;
  return { start, end };
}

/** The last instant at which a first period that starts at `from` may end: one full period later. */
export function onePeriodAfter(from: number, cadence: Cadence): number {
  return boundary(from, cadence, 1);
}

/** Calendar months added in UTC, the day (its own, or `wanted`) clipped to the month's length, the time of day kept. */
export function addMonths(instant: number, months: number, wanted: number | null = null): number {
  const date = new Date(instant * MS);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth();
  const day = Math.min(wanted ?? date.getUTCDate(), daysInMonth(year, month));
  return Math.floor(Date.UTC(year, month, day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()) / MS);
}

/** The anchor that `billing_cycle_anchor_config` means for a subscription created at `created`: the first such instant after it [S 3.3]. */
export function anchorFromConfig(config: AnchorConfig, created: number): number {
  const from = new Date(created * MS);
  const hour = config.hour ?? from.getUTCHours();
  const minute = config.minute ?? from.getUTCMinutes();
  const second = config.second ?? from.getUTCSeconds();
  const startMonth = config.month === undefined ? from.getUTCMonth() : config.month - 1;
  const step = config.month === undefined ? 1 : 12;
  for (let months = 0; ; months += step) {
    const first = new Date(Date.UTC(from.getUTCFullYear(), startMonth + months, 1));
    const day = Math.min(config.day_of_month, daysInMonth(first.getUTCFullYear(), first.getUTCMonth()));
    const candidate = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), day, hour, minute, second) / MS;
    if (candidate >= created) return candidate;
  }
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
