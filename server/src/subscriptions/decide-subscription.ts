import { type Announcement, differences, isTerminal, previousValues, wayTo } from '../customers/index.ts';
import { announcementsOf } from './announcements.ts';
import { decideItems, type ItemDecision, itemChanges, itemsChanged } from './decide-items.ts';
import { SUBSCRIPTION_TRANSITIONS } from './status.ts';
import type { Subscription, SubscriptionInput, SubscriptionStatus, SubscriptionWithItems } from './subscription.ts';

/** What a report changes; `way` are the statuses to pass through, the new one last. */
export type SubscriptionDecision = {
  patch: Partial<Subscription>;
  way: SubscriptionStatus[];
  items: ItemDecision;
  announcements: Announcement[];
};

const NOTHING: SubscriptionDecision = { patch: {}, way: [], items: { close: [], open: [], move: [] }, announcements: [] };

/**
 * Compares a report with the subscription it is about (null: first sight). A canceled or expired subscription absorbs: a report
 * that says otherwise changes nothing, because Stripe never revives one.
 */
export function decideSubscription(before: SubscriptionWithItems | null, input: SubscriptionInput): SubscriptionDecision {
  if (before && isTerminal(SUBSCRIPTION_TRANSITIONS, before.status) && input.status !== before.status) return NOTHING;
  const way = before ? wayTo(SUBSCRIPTION_TRANSITIONS, before.status, input.status) : [];
  const status = before && way === null ? before.status : input.status;
  const facts = factsOf(before, input, status);
  const patch = before ? differences<Subscription>(before, facts) : facts;
  const items = decideItems(before?.items ?? [], input.items);
  const announcements = announcementsOf(before, patch, { status, itemsChanged: itemsChanged(items) ? itemChanges(items) : null });
  if (before && announcements.length === 0 && Object.keys(patch).length > 0) announcements.push(updated(before, patch));
  return { patch, way: way ?? [], items, announcements };
}

/** True when the decision writes anything. */
export function decidesSomething(decision: SubscriptionDecision): boolean {
  return Object.keys(decision.patch).length > 0 || itemsChanged(decision.items) || decision.items.move.length > 0;
}

function updated(before: Subscription, patch: Partial<Subscription>): Announcement {
  return { type: 'subscription.updated', key: String(before.rev + 1n), previous: previousValues(before, patch) };
}

function factsOf(before: Subscription | null, input: SubscriptionInput, status: SubscriptionStatus): Partial<Subscription> {
  return {
    connectionId: input.connectionId,
    stripeId: input.stripeId,
    customerId: input.customerId,
    stripeStatus: input.stripeStatus,
    status,
    statusReason: input.statusReason ?? reasonOf(before, status),
    paymentState: input.paymentState,
    collectionMethod: input.collectionMethod,
    currency: input.currency,
    interval: input.interval,
    intervalCount: input.intervalCount,
    anchorAt: input.anchorAt,
    periodStart: input.periodStart,
    periodEnd: input.periodEnd,
    startAt: input.startAt,
    trialStart: input.trialStart,
    trialEnd: input.trialEnd,
    missingPaymentMethod: input.missingPaymentMethod,
    cancelAt: input.cancelAt,
    cancelReason: input.cancelReason,
    canceledAt: input.canceledAt,
    endedAt: input.endedAt,
    pausedAt: input.pausedAt,
    pauseBehavior: input.pauseBehavior,
    resumesAt: input.resumesAt,
    paymentMethodId: input.paymentMethodId,
    metadata: input.metadata,
    testClockId: input.testClockId,
  };
}

/** The reason follows from the step itself, and stays while the status stays. */
function reasonOf(before: Subscription | null, status: SubscriptionStatus): string | null {
  if (before?.status === status) return before.statusReason;
  if (status === 'in_trial') return 'trial_started';
  if (status === 'canceled') return 'canceled_by_stripe';
  if (status === 'expired') return 'pending_payment_expired';
  if (status === 'active' && before?.status === 'in_trial') return 'trial_converted';
  if (status === 'active' && before?.status === 'payment_pending') return 'payment_confirmed';
  return null;
}
