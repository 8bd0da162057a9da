/** When accounts are swept: at three in the morning where the business is, a few minutes apart so that they do not all come at once. */
const HOUR = 3;
const SPREAD_MINUTES = 45;

/** The last instant at or before `now` at which a sweep was due. Pure. */
export function lastNight(a: { now: Temporal.Instant; timeZone: string; spreadBy: string }): Temporal.Instant {
  const minute = [...a.spreadBy].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % SPREAD_MINUTES, 0);
  const here = a.now.toZonedDateTimeISO(a.timeZone);
  const at = { hour: HOUR, minute };
  // A time that the day skips becomes the next one there is; one that it has twice is the first.
  const today = here
    .toPlainDate()
    .toZonedDateTime({ timeZone: a.timeZone, plainTime: Temporal.PlainTime.from(at) })
    .toInstant();
  if (Temporal.Instant.compare(today, a.now) <= 0) return today;
  return here
    .toPlainDate()
    .subtract({ days: 1 })
    .toZonedDateTime({ timeZone: a.timeZone, plainTime: Temporal.PlainTime.from(at) })
    .toInstant();
}
