/** Money and dates as pages write them. */
import { decimalsOf } from '../billing/payments/index.ts';

const MS = 1000;

/** `$1,250.00`; minor units in. */
export function money(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(amount / 10 ** decimals);
}

/** `1 March 2026`, UTC; epoch seconds in. */
export function day(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(seconds * MS);
}

/** `1 Mar 2026, 09:30:00 UTC`. */
export function instant(seconds: number): string {
  return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(seconds * MS)} UTC`;
}

/** `month`, `3 months`. */
export function cadence(recurring: { interval: string; interval_count: number }): string {
  return recurring.interval_count === 1 ? recurring.interval : `${recurring.interval_count} ${recurring.interval}s`;
}
