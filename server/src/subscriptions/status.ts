import type { Transitions } from '../customers/index.ts';
import type { SubscriptionStatus } from './subscription.ts';

/** The life of a subscription (model.md section 5); equals the rows of `status_transitions`. */
export const SUBSCRIPTION_TRANSITIONS: Transitions<SubscriptionStatus> = {
  not_started: ['payment_pending', 'in_trial', 'active', 'canceled'],
  payment_pending: ['active', 'in_trial', 'expired', 'canceled'],
  in_trial: ['active', 'payment_pending', 'expired', 'canceled'],
  // A trial granted to a running subscription leads back: Stripe allows it, so a mirror must follow.
  active: ['in_trial', 'expired', 'canceled'],
  canceled: [],
  expired: [],
};
