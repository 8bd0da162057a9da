import { z } from 'zod';
import { wireInstant } from '../customers/index.ts';
import { instantSchema } from '../kit/http.ts';
import { hasAccess } from './access.ts';
import type { SubscriptionItem, SubscriptionWithItems } from './subscription.ts';

const decimalSchema = z.string().meta({ description: 'Decimal text.' });

const itemSchema = z.object({
  id: z.string(),
  kind: z.enum(['base', 'charge', 'addon']),
  stripe_item_id: z.string().nullable(),
  stripe_product_id: z.string().nullable(),
  stripe_price_id: z.string().nullable(),
  quantity: decimalSchema,
  unit_amount_decimal: decimalSchema.nullable(),
  interval: z.string().nullable(),
  interval_count: z.number().int().nullable(),
  metered: z.boolean(),
});

export const statusSchema = z.enum(['not_started', 'payment_pending', 'in_trial', 'active', 'canceled', 'expired']);

export const subscriptionSchema = z
  .object({
    id: z.string(),
    object: z.literal('subscription'),
    external_id: z.string().nullable(),
    customer_id: z.string(),
    product_id: z.string().nullable(),
    plan_version_id: z.string().nullable().describe('Null while it is mirrored from Stripe without a plan of ours.'),
    status: statusSchema,
    status_reason: z.string().nullable(),
    payment_state: z.enum(['ok', 'processing', 'action_required', 'past_due', 'unpaid', 'unknown']),
    access: z.enum(['granted', 'revoked']),
    biller: z.enum(['stripe', 'billow', 'none']),
    collection_method: z.enum(['charge_automatically', 'send_invoice', 'none']),
    currency: z.string(),
    interval: z.string().nullable(),
    interval_count: z.number().int().nullable(),
    period_start: instantSchema.nullable(),
    period_end: instantSchema.nullable(),
    start_at: instantSchema,
    trial_start: instantSchema.nullable(),
    trial_end: instantSchema.nullable(),
    cancel_at: instantSchema.nullable(),
    cancel_reason: z.string().nullable(),
    canceled_at: instantSchema.nullable(),
    ended_at: instantSchema.nullable(),
    paused_at: instantSchema.nullable(),
    resumes_at: instantSchema.nullable(),
    metadata: z.record(z.string(), z.string()),
    items: z.array(itemSchema),
    billing_id: z.string().nullable().describe('Id of the subscription in Stripe.'),
    created_at: instantSchema,
    updated_at: instantSchema,
  })
  .meta({ id: 'Subscription' });

/** A subscription as the API answers it. */
export function wireSubscription(subscription: SubscriptionWithItems): z.input<typeof subscriptionSchema> {
  return {
    id: subscription.id,
    object: 'subscription',
    external_id: subscription.externalId,
    customer_id: subscription.customerId,
    product_id: subscription.productId,
    plan_version_id: subscription.planVersionId,
    status: subscription.status,
    status_reason: subscription.statusReason,
    payment_state: subscription.paymentState,
    access: hasAccess(subscription) ? 'granted' : 'revoked',
    biller: subscription.biller,
    collection_method: subscription.collectionMethod,
    currency: subscription.currency,
    interval: subscription.interval,
    interval_count: subscription.intervalCount,
    period_start: wireInstant(subscription.periodStart),
    period_end: wireInstant(subscription.periodEnd),
    start_at: wireInstant(subscription.startAt),
    trial_start: wireInstant(subscription.trialStart),
    trial_end: wireInstant(subscription.trialEnd),
    cancel_at: wireInstant(subscription.cancelAt),
    cancel_reason: subscription.cancelReason,
    canceled_at: wireInstant(subscription.canceledAt),
    ended_at: wireInstant(subscription.endedAt),
    paused_at: wireInstant(subscription.pausedAt),
    resumes_at: wireInstant(subscription.resumesAt),
    metadata: subscription.metadata,
    items: subscription.items.map(wireItem),
    billing_id: subscription.stripeId,
    created_at: wireInstant(subscription.createdAt),
    updated_at: wireInstant(subscription.updatedAt),
  };
}

function wireItem(item: SubscriptionItem): z.input<typeof itemSchema> {
  return {
    id: item.id,
    kind: item.kind,
    stripe_item_id: item.stripeItemId,
    stripe_product_id: item.stripeProductId,
    stripe_price_id: item.stripePriceId,
    quantity: item.quantity,
    unit_amount_decimal: item.unitAmountDecimal,
    interval: item.interval,
    interval_count: item.intervalCount,
    metered: item.metered,
  };
}
