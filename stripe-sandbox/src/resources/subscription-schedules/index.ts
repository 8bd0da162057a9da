import { advanceSchedule, followSubscription, stopAllOf, warnOfExpiry } from '../../billing/schedule/index.ts';
import type { HookListeners, Route, TimerHandler } from '../../kernel/types.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { release } from './release.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

const ONE = '/v1/subscription_schedules/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/subscription_schedules', run: create, unsupported: ['customer_account'] },
  { method: 'GET', path: '/v1/subscription_schedules', run: list, unsupported: ['customer_account'] },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update },
  { method: 'POST', path: `${ONE}/cancel`, run: cancel },
  { method: 'POST', path: `${ONE}/release`, run: release },
];

/** What happens to schedules by themselves. */
export const timers: Record<string, TimerHandler> = {
  schedule_phase: (tx, timer) => advanceSchedule(tx, timer.ref),
  schedule_expiring: (tx, timer) => warnOfExpiry(tx, timer.ref),
};

export const hooks: HookListeners = {
  'subscription.updated': (tx, { subscription }) => followSubscription(tx, subscription),
  'customer.deleted': (tx, { customer }) => stopAllOf(tx, customer.id),
  'clock.deleted': (tx, { customer }) => stopAllOf(tx, customer.id),
};
