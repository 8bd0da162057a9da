import type { MachineClock } from '../../kit/machine-clock.ts';
import { RATE_PENALTY_MS } from './limits.ts';

/** Lets so many calls a second through; callers wait their turn. */
export type RateLimiter = {
  take(): Promise<void>;
  /** Stripe said "too many": half the rate for a minute, and nothing at all for as long as Stripe asks. */
  penalize(retryAfterSeconds: number | null): void;
};

/** No limit: the Stripe Sandbox. */
export const unlimited: RateLimiter = { take: () => Promise.resolve(), penalize: () => {} };

/** An even stream of at most `perSecond` calls, with up to one second's worth saved up for bursts. */
export function rateLimiter(a: { perSecond: number; machineClock: MachineClock }): RateLimiter {
  let tokens = a.perSecond;
  let refilledMs = a.machineClock.monotonicMs();
  let slowUntilMs = 0;
  let closedUntilMs = 0;
  let queue: Promise<void> = Promise.resolve();

  const waitMs = (): number => {
    const nowMs = a.machineClock.monotonicMs();
    if (nowMs < closedUntilMs) return closedUntilMs - nowMs;
    const rate = nowMs < slowUntilMs ? a.perSecond / 2 : a.perSecond;
    tokens = Math.min(rate, tokens + ((nowMs - refilledMs) / 1000) * rate);
    refilledMs = nowMs;
    if (tokens < 1) return ((1 - tokens) / rate) * 1000;
    tokens -= 1;
    return 0;
  };
  const turn = async (): Promise<void> => {
    for (let ms = waitMs(); ms > 0; ms = waitMs()) await a.machineClock.sleep(Math.ceil(ms));
  };
  return {
    take: () => {
      queue = queue.then(turn);
      return queue;
    },
    penalize: (retryAfterSeconds) => {
      const nowMs = a.machineClock.monotonicMs();
      slowUntilMs = nowMs + RATE_PENALTY_MS;
      if (retryAfterSeconds !== null) closedUntilMs = nowMs + retryAfterSeconds * 1000;
    },
  };
}
