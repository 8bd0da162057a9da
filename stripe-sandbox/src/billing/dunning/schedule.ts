/** When a failed renewal is tried again [S 3.7]. Pure: Stripe's times are learned from data, ours are the account's setting. */
const DAY = 86_400;

/** Codes after which a card is never charged again until another payment method appears; the schedule itself goes on [S 3.7]. */
const HARD_DECLINES = new Set([
  'incorrect_number',
  'lost_card',
  'pickup_card',
  'stolen_card',
  'revocation_of_authorization',
  'revocation_of_all_authorizations',
  'authentication_required',
  'highest_risk_level',
]);

/** The next attempt after `attempts` failed ones, in epoch seconds; null when the retries are used up. `retryDays` counts from the first failure. */
export function nextAttempt(input: { firstFailedAt: number; attempts: number; retryDays: number[]; now: number }): number | null {
  const day = input.retryDays[input.attempts - 1];
  if (day === undefined) return null;
  return Math.max(input.firstFailedAt + Math.round(day * DAY), input.now + 1);
}

/** True for refusals that no retry of the same card can mend. */
export function isHardDecline(code: string | null | undefined): boolean {
  return code != null && HARD_DECLINES.has(code);
}
