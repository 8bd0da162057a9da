/** When a failed delivery is tried again, on the transport clock [S 3.8]. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Three tries over a few hours. */
const IN_TEST_MODE = [5 * MINUTE, 45 * MINUTE, 3 * HOUR];
/** Ever longer pauses until three days are over; the single pauses are not documented. */
const IN_LIVE_MODE = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR, 10 * HOUR, 10 * HOUR, 10 * HOUR, 10 * HOUR];

/** The pauses after attempt 1, 2, …; after the last one no attempt follows. */
export function retrySchedule(mode: 'test' | 'live'): number[] {
  return mode === 'live' ? IN_LIVE_MODE : IN_TEST_MODE;
}
