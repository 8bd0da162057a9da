import type { Witness } from '../customers/index.ts';

export type SubscriptionStatus = 'not_started' | 'payment_pending' | 'in_trial' | 'active' | 'canceled' | 'expired';
export type PaymentState = 'ok' | 'processing' | 'action_required' | 'past_due' | 'unpaid' | 'unknown';
export type CancelReason = 'requested' | 'payment_failed' | 'disputed';
export type Interval = 'day' | 'week' | 'month' | 'year';

export type Subscription = {
  id: string;
  externalId: string | null;
  customerId: string;
  productId: string | null;
  planVersionId: string | null;
  status: SubscriptionStatus;
  statusReason: string | null;
  paymentState: PaymentState;
  biller: 'stripe' | 'billow' | 'none';
  collectionMethod: 'charge_automatically' | 'send_invoice' | 'none';
  currency: string;
  interval: Interval | null;
  intervalCount: number | null;
  anchorAt: Temporal.Instant | null;
  periodStart: Temporal.Instant | null;
  periodEnd: Temporal.Instant | null;
  startAt: Temporal.Instant;
  trialStart: Temporal.Instant | null;
  trialEnd: Temporal.Instant | null;
  missingPaymentMethod: string | null;
  endAt: Temporal.Instant | null;
  cancelAt: Temporal.Instant | null;
  cancelReason: CancelReason | null;
  canceledAt: Temporal.Instant | null;
  endedAt: Temporal.Instant | null;
  pausedAt: Temporal.Instant | null;
  pauseBehavior: string | null;
  resumesAt: Temporal.Instant | null;
  /** Stripe's id of the subscription's own payment method; null means the customer's default is used. */
  paymentMethodId: string | null;
  metadata: Record<string, string>;
  connectionId: string | null;
  stripeId: string | null;
  stripeStatus: string | null;
  testClockId: string | null;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  rev: bigint;
};

/** One open row of `subscription_items`, in the order of the subscription. */
export type SubscriptionItem = {
  id: string;
  itemKey: string;
  kind: 'base' | 'charge' | 'addon';
  stripeItemId: string | null;
  stripeProductId: string | null;
  stripePriceId: string | null;
  /** Decimal string. */
  quantity: string;
  /** Decimal string in minor units, may be fractional; null for tiered prices. */
  unitAmountDecimal: string | null;
  interval: Interval | null;
  intervalCount: number | null;
  metered: boolean;
  position: number;
  validFrom: Temporal.Instant;
};

export type SubscriptionWithItems = Subscription & { items: SubscriptionItem[] };

/** One item of a subscription as its provider reports it; the list's order is the subscription's order. */
export type SubscriptionItemInput = {
  /** Stable name of the item: Stripe's item id. */
  itemKey: string;
  stripePriceId: string;
  stripeProductId: string | null;
  /** Decimal string; '1' where the provider states none. */
  quantity: string;
  unitAmountDecimal: string | null;
  interval: Interval | null;
  intervalCount: number | null;
  metered: boolean;
};

/** A subscription as its provider reports it now, in our words (sync.md section 7, status mapping). */
export type SubscriptionInput = Witness & {
  connectionId: string;
  stripeId: string;
  customerId: string;
  stripeStatus: string;
  status: SubscriptionStatus;
  /** Only where the provider knows better than the transition itself tells; null lets the room name the reason. */
  statusReason: string | null;
  paymentState: PaymentState;
  collectionMethod: 'charge_automatically' | 'send_invoice';
  currency: string;
  interval: Interval | null;
  intervalCount: number | null;
  anchorAt: Temporal.Instant | null;
  /** Both forms of a scheduled cancellation arrive as one instant in `cancelAt`. */
  periodStart: Temporal.Instant | null;
  periodEnd: Temporal.Instant | null;
  startAt: Temporal.Instant;
  trialStart: Temporal.Instant | null;
  trialEnd: Temporal.Instant | null;
  missingPaymentMethod: string | null;
  cancelAt: Temporal.Instant | null;
  cancelReason: CancelReason | null;
  canceledAt: Temporal.Instant | null;
  endedAt: Temporal.Instant | null;
  pausedAt: Temporal.Instant | null;
  pauseBehavior: string | null;
  resumesAt: Temporal.Instant | null;
  paymentMethodId: string | null;
  metadata: Record<string, string>;
  testClockId: string | null;
  createdAt: Temporal.Instant;
  items: SubscriptionItemInput[];
};
