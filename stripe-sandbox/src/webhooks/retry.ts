/** Retries in test mode: three over a few hours, on the transport clock [S 3.8]. */
const RETRY_AFTER_MS = [5 * 60_000, 45 * 60_000, 3 * 3_600_000];

export const MAX_ATTEMPTS = RETRY_AFTER_MS.length + 1;

/** How long to wait after attempt number `attempts`. */
export function backoffMs(attempts: number): number {
  return RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length) - 1] ?? RETRY_AFTER_MS[0]!;
}
