import type { Act } from './acts.ts';
import { cancelAtPeriodEnd, changePlan, refund, replaceCard, subscribe } from './acts.ts';
import { DECLINING_CARD, GOOD_CARD } from './company.ts';

/** One entry of the diary: so many months and days after the opening. */
export type Entry = { month: number; day: number; act: Act };

/**
 * Four months of Fjord Analytics. It opens on the first of a month and nobody joins after the 28th, so that every month is long
 * enough for everybody's renewal and the same story has the same numbers whenever it is played.
 */
export const STORY: readonly Entry[] = [
  { month: 0, day: 0, act: subscribe('ada', ['teamYearly']) },
  { month: 0, day: 0, act: subscribe('ben', ['starter']) },
  { month: 0, day: 0, act: subscribe('clara', ['team'], { trialDays: 14 }) },
  { month: 0, day: 3, act: subscribe('dmitri', ['starter']) },
  { month: 0, day: 6, act: subscribe('elif', ['team'], { trialDays: 14 }) },
  { month: 0, day: 9, act: subscribe('farid', ['starter']) },
  { month: 0, day: 12, act: subscribe('greta', ['starter'], { trialDays: 14 }) },
  { month: 0, day: 15, act: cancelAtPeriodEnd('greta') },
  { month: 0, day: 18, act: subscribe('hugo', ['team', 'alerts']) },
  { month: 0, day: 21, act: subscribe('ines', ['team']) },
  { month: 1, day: 5, act: subscribe('jonas', ['alerts']) },
  { month: 1, day: 8, act: subscribe('kaya', ['teamYearly']) },
  { month: 1, day: 12, act: subscribe('liam', ['starter'], { trialDays: 7 }) },
  { month: 1, day: 24, act: refund('ines', 2000) },
  // His renewal nine days into the month is declined, and the retry one day later too; then he brings another card.
  { month: 2, day: 2, act: replaceCard('farid', DECLINING_CARD) },
  { month: 2, day: 11, act: replaceCard('farid', GOOD_CARD) },
  { month: 2, day: 10, act: cancelAtPeriodEnd('dmitri') },
  { month: 3, day: 5, act: changePlan('ben', 'team') },
];

/** The evening after the fourth month: renewals of its first day are through. */
export const END = { month: 4, day: 1 };

/** The opening: nine in the morning of the first day of the next month (UTC). */
export function openingAfter(now: Temporal.Instant): Temporal.Instant {
  const month = now.toZonedDateTimeISO('UTC').toPlainDate().with({ day: 1 }).add({ months: 1 });
  return month.toZonedDateTime({ timeZone: 'UTC', plainTime: '09:00' }).toInstant();
}

/** The instant of a diary entry. */
export function instantOf(opening: Temporal.Instant, a: { month: number; day: number }): Temporal.Instant {
  return opening.toZonedDateTimeISO('UTC').add({ months: a.month }).add({ days: a.day }).toInstant();
}
