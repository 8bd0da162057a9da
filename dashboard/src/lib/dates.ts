const DAY_MS = 86_400_000;

type Shown = 'date' | 'time' | 'datetime' | 'clock';

/** An RFC 3339 instant as people of a time zone read it; the year is left out in the current one. */
export function formatInstant(
  iso: string,
  a: { timeZone: string; now?: string | undefined; show?: Shown; locale?: string | undefined },
): string {
  const show = a.show ?? 'datetime';
  const year = show === 'clock' || a.now === undefined || iso.slice(0, 4) !== a.now.slice(0, 4);
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...(year && { year: 'numeric' }) };
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const options: Intl.DateTimeFormatOptions = {
    ...(show === 'clock' && { weekday: 'short' }),
    ...(show !== 'time' && date),
    ...(show !== 'date' && time),
    timeZone: a.timeZone,
  };
  return new Intl.DateTimeFormat(a.locale ?? 'en-GB', options).format(new Date(iso));
}

/** The whole truth for the hover: weekday, date, seconds, zone; and the same in UTC. */
export function explainInstant(iso: string, timeZone: string): string {
  const full: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' };
  const here = new Intl.DateTimeFormat('en-GB', { ...full, timeZone }).format(new Date(iso));
  return timeZone === 'UTC' ? here : `${here} (${iso})`;
}

/** `in 3 days`, `2 hours ago`: how far an instant is from another one. */
export function distance(iso: string, from: string): string {
  const seconds = Math.round((Date.parse(iso) - Date.parse(from)) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** The same time of day some days, weeks or a month later; a month keeps the day or takes the month's last (UTC). */
export function shift(iso: string, by: { days?: number; months?: number }): string {
  const from = new Date(Date.parse(iso) + (by.days ?? 0) * DAY_MS);
  if (!by.months) return wholeSeconds(from);
  const day = from.getUTCDate();
  const target = new Date(from);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + by.months);
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(day, last));
  return wholeSeconds(target);
}

/** RFC 3339 in UTC with whole seconds, as the API writes and takes it. */
export function wholeSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
