import { RETRY_BASE_SECONDS, RETRY_CAP_SECONDS, RETRY_FACTOR } from './limits.ts';

/** Seconds until the next try after `attempts` failed ones: exponential with up to 20 % jitter, capped (reliability.md 8). */
export function backoffSeconds(attempts: number, fraction: number): number {
  const plain = Math.min(RETRY_BASE_SECONDS * RETRY_FACTOR ** Math.max(0, attempts - 1), RETRY_CAP_SECONDS);
  return Math.round(plain * (1 + 0.2 * fraction));
}

/** The instant of the next try on the machine clock. */
export function nextAttemptAt(
  from: { machineClock: { now(): Temporal.Instant }; ids: { fraction(): number } },
  attempts: number,
): Temporal.Instant {
  return from.machineClock.now().add({ seconds: backoffSeconds(attempts, from.ids.fraction()) });
}
