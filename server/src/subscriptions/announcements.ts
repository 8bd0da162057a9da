import { type Announcement, wireValue } from '../customers/index.ts';
import type { Subscription, SubscriptionStatus } from './subscription.ts';

const ENDED: readonly SubscriptionStatus[] = ['canceled', 'expired'];

/** Which of the named transitions lie between the row before and its new values. Pure; each is told once, by its key. */
export function announcementsOf(
  before: Subscription | null,
  patch: Partial<Subscription>,
  now: { status: SubscriptionStatus; itemsChanged: Record<string, unknown> | null },
): Announcement[] {
  const after = { ...before, ...patch } as Subscription;
  const step = { before, after, patch, key: String((before?.rev ?? 0n) + 1n) };
  if (before === null) return [{ type: 'subscription.created', key: '' }, ...statusStep(step)];
  if (ENDED.includes(now.status)) return statusStep(step);
  return [...statusStep(step), ...dates(step), ...pause(step), ...payment(step), ...change(step, now.itemsChanged)];
}

type Step = { before: Subscription | null; after: Subscription; patch: Partial<Subscription>; key: string };

function statusStep({ before, after, key }: Step): Announcement[] {
  const from = before?.status ?? null;
  if (from === after.status) return [];
  const data = { from };
  if (after.status === 'canceled')
    return [{ type: 'subscription.canceled', key: '', data: { ...data, variant: after.cancelReason ?? 'requested' } }];
  if (after.status === 'expired') return [{ type: 'subscription.expired', key: '', data }];
  if (after.status === 'in_trial') return [{ type: 'subscription.trial_started', key, data }];
  if (after.status === 'active' && from !== null) return [{ type: 'subscription.activated', key, data }];
  return [];
}

function dates({ before, after, patch, key }: Step): Announcement[] {
  const told: Announcement[] = [];
  if ('trialEnd' in patch) {
    told.push({ type: 'subscription.trial_end_moved', key, previous: { trial_end: wireValue(before?.trialEnd) } });
  }
  if ('periodStart' in patch || 'periodEnd' in patch) {
    const previous = { period_start: wireValue(before?.periodStart), period_end: wireValue(before?.periodEnd) };
    told.push({ type: 'subscription.period_moved', key, previous });
  }
  if ('cancelAt' in patch) {
    const type = after.cancelAt ? 'subscription.cancel_scheduled' : 'subscription.cancel_unscheduled';
    told.push({ type, key, previous: { cancel_at: wireValue(before?.cancelAt) } });
  }
  return told;
}

function pause({ before, after, patch, key }: Step): Announcement[] {
  if (!('pausedAt' in patch) || (before?.pausedAt && after.pausedAt)) return [];
  return [{ type: after.pausedAt ? 'subscription.paused' : 'subscription.resumed', key }];
}

function payment({ before, patch, key }: Step): Announcement[] {
  if (!('paymentState' in patch)) return [];
  return [{ type: 'subscription.payment_state_changed', key, data: { from_payment_state: before?.paymentState ?? null } }];
}

function change({ key }: Step, items: Record<string, unknown> | null): Announcement[] {
  return items ? [{ type: 'subscription.change_applied', key, data: items }] : [];
}
