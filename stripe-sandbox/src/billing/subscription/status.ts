/** The life of a subscription as data [S 3.1]: which status may follow which. */
import type { Doc } from '../../kernel/types.ts';

export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'unpaid'
  | 'canceled'
  | 'paused';

export const TRANSITIONS: Record<SubscriptionStatus, readonly SubscriptionStatus[]> = {
  incomplete: ['active', 'trialing', 'incomplete_expired', 'canceled'],
  incomplete_expired: [],
  trialing: ['active', 'past_due', 'paused', 'canceled', 'unpaid'],
  active: ['trialing', 'past_due', 'unpaid', 'paused', 'canceled'],
  past_due: ['active', 'trialing', 'unpaid', 'canceled', 'paused'],
  unpaid: ['active', 'trialing', 'past_due', 'canceled', 'paused'],
  paused: ['active', 'trialing', 'past_due', 'canceled'],
  canceled: [],
};

/** Moves a subscription on. A move that Stripe does not know is a fault of ours and throws. */
export function moveTo(subscription: Doc, status: SubscriptionStatus): void {
  const from = subscription.status as SubscriptionStatus;
  if (from === status) return;
  if (!TRANSITIONS[from].includes(status)) throw new Error(`Subscription ${subscription.id} cannot go from ${from} to ${status}.`);
  subscription.status = status;
}

/** True while the subscription goes on billing: it has periods and invoices. */
export function isLive(subscription: Doc): boolean {
  return ['trialing', 'active', 'past_due', 'unpaid'].includes(subscription.status);
}

/** True when nothing happens to the subscription any more. */
export function isOver(subscription: Doc): boolean {
  return subscription.status === 'canceled' || subscription.status === 'incomplete_expired';
}
