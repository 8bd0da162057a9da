import { expect, test } from 'vitest';
import type { Doc } from '../../kernel/types.ts';
import { isLive, isOver, moveTo, type SubscriptionStatus, TRANSITIONS } from './status.ts';

const subscription = (status: string): Doc => ({ id: 'sub_1', object: 'subscription', created: 0, status });

test('[S 3.1] a subscription that is over never moves again', () => {
  for (const end of ['canceled', 'incomplete_expired'] as const) {
    expect(TRANSITIONS[end]).toEqual([]);
    expect(() => moveTo(subscription(end), 'active')).toThrow('cannot go from');
    expect(isOver(subscription(end))).toBe(true);
  }
});

test('[S 3.1] incomplete never becomes past_due', () => {
  expect(() => moveTo(subscription('incomplete'), 'past_due')).toThrow();
});

test('every status can be reached, and only live ones bill', () => {
  const reachable = new Set<string>(['incomplete', ...Object.values(TRANSITIONS).flat()]);
  expect([...reachable].sort()).toEqual(Object.keys(TRANSITIONS).sort());
  const live = (Object.keys(TRANSITIONS) as SubscriptionStatus[]).filter((status) => isLive(subscription(status)));
  expect(live.sort()).toEqual(['active', 'past_due', 'trialing', 'unpaid']);
});
