import type { Subscription } from './subscription.ts';

/**
 * Whether the customer may use what the subscription sells (EN-6): in a trial or active, not paused, and not given up as unpaid.
 * A failed renewal keeps access while it is retried; what we do not know never takes access away.
 */
export function hasAccess(subscription: Pick<Subscription, 'status' | 'paymentState' | 'pausedAt'>): boolean {
  const { status, paymentState, pausedAt } = subscription;
  return (status === 'in_trial' || status === 'active') && pausedAt === null && paymentState !== 'unpaid';
}
