import { expect, test } from 'vitest';
import { at } from '../../test/scenarios/reports.ts';
import { hasAccess } from './access.ts';
import type { PaymentState, SubscriptionStatus } from './subscription.ts';

test('EN-6 a trial and an active subscription grant access, every other status takes it', () => {
  const statuses: SubscriptionStatus[] = ['not_started', 'payment_pending', 'in_trial', 'active', 'canceled', 'expired'];
  expect(statuses.filter((status) => hasAccess({ status, paymentState: 'ok', pausedAt: null }))).toEqual(['in_trial', 'active']);
});

test('EN-6 only a payment given up takes access away; retries and what is unknown do not', () => {
  const states: PaymentState[] = ['ok', 'processing', 'action_required', 'past_due', 'unpaid', 'unknown'];
  expect(states.filter((paymentState) => !hasAccess({ status: 'active', paymentState, pausedAt: null }))).toEqual(['unpaid']);
});

test('SU-22 paused means no access', () => {
  expect(hasAccess({ status: 'active', paymentState: 'ok', pausedAt: at('2026-01-09') })).toBe(false);
});
