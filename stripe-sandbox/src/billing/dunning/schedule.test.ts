import { expect, test } from 'vitest';
import { isHardDecline, nextAttempt } from './schedule.ts';

const DAY = 86_400;

test('[S 3.7] eight retries in two weeks, counted from the first failure', () => {
  const retryDays = [1, 3, 5, 7, 9, 11, 13, 14];
  const at = (attempts: number) => nextAttempt({ firstFailedAt: 0, attempts, retryDays, now: 0 });
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => at(attempts)! / DAY)).toEqual(retryDays);
  expect(at(9)).toBeNull();
});

test('a retry never lies in the past', () => {
  expect(nextAttempt({ firstFailedAt: 0, attempts: 1, retryDays: [1], now: 5 * DAY })).toBe(5 * DAY + 1);
});

test('[S 3.7] a stolen card is not charged again, insufficient funds are', () => {
  expect([isHardDecline('stolen_card'), isHardDecline('insufficient_funds'), isHardDecline(null)]).toEqual([true, false, false]);
});
