import { z } from 'zod';
import type {
  CancelReason,
  PaymentState,
  SubscriptionInput,
  SubscriptionItemInput,
  SubscriptionStatus,
} from '../../../subscriptions/index.ts';
import { currency, decimalOrNull, embedded, flag, instant, instantOrNull, metadata, reference, referenceOrNull, text } from './fields.ts';
import { ofPrice, priceSchema } from './price.ts';
import { read, requireDistinct } from './unreadable.ts';

const item = z.object({
  id: z.string(),
  quantity: decimalOrNull,
  price: priceSchema,
  current_period_start: instant,
  current_period_end: instant,
});

const schema = z.object({
  id: z.string(),
  customer: reference,
  created: instant,
  status: z.enum(['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']),
  collection_method: z.enum(['charge_automatically', 'send_invoice']),
  currency,
  billing_cycle_anchor: instantOrNull,
  start_date: instant,
  trial_start: instantOrNull,
  trial_end: instantOrNull,
  trial_settings: z.object({ end_behavior: z.object({ missing_payment_method: text }) }).nullish(),
  cancel_at: instantOrNull,
  cancel_at_period_end: flag,
  cancellation_details: z.object({ reason: text }).nullish(),
  canceled_at: instantOrNull,
  ended_at: instantOrNull,
  pause_collection: z.object({ behavior: text, resumes_at: instantOrNull }).nullish(),
  status_details: z
    .object({ paused: z.object({ subscription: z.object({ transitioned_at: instantOrNull }).nullish() }).nullish() })
    .nullish(),
  default_payment_method: referenceOrNull,
  metadata,
  test_clock: referenceOrNull,
  items: embedded(item),
});
type Body = z.output<typeof schema>;
type Item = z.output<typeof item>;

type Known = 'cause' | 'witnessAt' | 'silent' | 'connectionId' | 'customerId';
export type SubscriptionFacts = Omit<SubscriptionInput, Known> & { stripeCustomerId: string };

/**
 * A Stripe subscription in our words (status mapping: sync.md 7). Stripe does not say since when collection is paused:
 * `pausedSince` is what we noted when we first saw it.
 */
export function toSubscription(body: unknown, a: { pausedSince: Temporal.Instant }): SubscriptionFacts {
  const subscription = read('subscription', schema, body);
  requireDistinct('subscription.items', subscription.items.data);
  const leading = earliestEnding(subscription.items.data);
  const price = leading ? ofPrice(leading.price) : null;
  const [status, paymentState] = STATUS[subscription.status];
  return {
    stripeId: subscription.id,
    stripeCustomerId: subscription.customer,
    stripeStatus: subscription.status,
    status,
    statusReason: null,
    paymentState,
    collectionMethod: subscription.collection_method,
    currency: subscription.currency,
    interval: price?.interval ?? null,
    intervalCount: price?.intervalCount ?? null,
    anchorAt: subscription.billing_cycle_anchor,
    periodStart: leading?.current_period_start ?? null,
    periodEnd: leading?.current_period_end ?? null,
    startAt: subscription.start_date,
    trialStart: subscription.trial_start,
    trialEnd: subscription.trial_end,
    missingPaymentMethod: MISSING_METHOD[subscription.trial_settings?.end_behavior.missing_payment_method ?? ''] ?? null,
    cancelAt: subscription.cancel_at ?? (subscription.cancel_at_period_end ? (leading?.current_period_end ?? null) : null),
    cancelReason: CANCEL_REASON[subscription.cancellation_details?.reason ?? ''] ?? null,
    canceledAt: subscription.canceled_at,
    endedAt: subscription.ended_at,
    ...pause(subscription, a.pausedSince),
    paymentMethodId: subscription.default_payment_method,
    metadata: subscription.metadata,
    testClockId: subscription.test_clock,
    createdAt: subscription.created,
    items: subscription.items.data.map(toItem),
  };
}

const STATUS: Record<Body['status'], [SubscriptionStatus, PaymentState]> = {
  incomplete: ['payment_pending', 'ok'],
  incomplete_expired: ['expired', 'ok'],
  trialing: ['in_trial', 'ok'],
  active: ['active', 'ok'],
  past_due: ['active', 'past_due'],
  unpaid: ['active', 'unpaid'],
  paused: ['active', 'ok'],
  canceled: ['canceled', 'ok'],
};

const CANCEL_REASON: Record<string, CancelReason> = {
  cancellation_requested: 'requested',
  payment_failed: 'payment_failed',
  payment_disputed: 'disputed',
};

const MISSING_METHOD: Record<string, string> = { create_invoice: 'invoice', cancel: 'cancel', pause: 'pause' };

/** Periods live on the items; the one that ends first is the subscription's. */
function earliestEnding(items: Item[]): Item | null {
  return items.reduce<Item | null>(
    (first, next) => (first === null || Temporal.Instant.compare(next.current_period_end, first.current_period_end) < 0 ? next : first),
    null,
  );
}

function pause(subscription: Body, since: Temporal.Instant): Pick<SubscriptionFacts, 'pausedAt' | 'pauseBehavior' | 'resumesAt'> {
  if (subscription.status === 'paused') {
    return { pausedAt: subscription.status_details?.paused?.subscription?.transitioned_at ?? since, pauseBehavior: null, resumesAt: null };
  }
  const collection = subscription.pause_collection;
  if (!collection) return { pausedAt: null, pauseBehavior: null, resumesAt: null };
  return { pausedAt: since, pauseBehavior: collection.behavior, resumesAt: collection.resumes_at };
}

function toItem(body: Item): SubscriptionItemInput {
  const price = ofPrice(body.price);
  return {
    itemKey: body.id,
    stripePriceId: price.stripeId,
    stripeProductId: price.stripeProductId,
    quantity: body.quantity ?? '1',
    unitAmountDecimal: price.unitAmountDecimal,
    interval: price.interval,
    intervalCount: price.intervalCount,
    metered: price.metered,
  };
}
