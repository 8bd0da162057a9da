import { z } from 'zod';
import { findCustomer } from '../customers/index.ts';
import { notFound } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../kit/http.ts';
import { getSubscriptionWithItems, listSubscriptions } from './queries.ts';
import { statusSchema, subscriptionSchema, wireSubscription } from './wire.ts';

const reference = z.string().max(255).optional();

const list = defineRoute({
  method: 'GET',
  path: '/v1/subscriptions',
  scope: 'subscriptions:read',
  summary: 'List subscriptions',
  description: 'Newest first, each with its items.',
  tags: ['Subscriptions'],
  query: listQuery.extend({
    customer: reference.describe('Only of this customer, by our id or Stripe’s.'),
    status: statusSchema.optional(),
    stripe_product: reference.describe('Only with an item of this Stripe product.'),
    stripe_price: reference.describe('Only with an item of this Stripe price.'),
    billing_id: reference.describe('Only the subscription with this Stripe id.'),
  }),
  response: listOf(subscriptionSchema),
  async handler(ctx, { query }) {
    const { limit, cursor, customer, status } = query;
    const ofCustomer = customer === undefined ? undefined : ((await findCustomer(ctx, customer))?.id ?? '');
    const filter = {
      customerId: ofCustomer,
      status,
      stripeProductId: query.stripe_product,
      stripePriceId: query.stripe_price,
      billingId: query.billing_id,
    };
    const rows = await listSubscriptions(ctx, { ...filter, limit, after: cursor ?? null });
    return page(rows, { limit, cursorOf: ({ id }) => id, toWire: wireSubscription });
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/subscriptions/{id}',
  scope: 'subscriptions:read',
  summary: 'Read a subscription',
  description: 'By our id or Stripe’s, with its items.',
  tags: ['Subscriptions'],
  params: idParams,
  response: subscriptionSchema,
  async handler(ctx, { params }) {
    return wireSubscription((await getSubscriptionWithItems(ctx, params.id)) ?? notFound('subscription', params.id));
  },
});

export const routes: readonly Route[] = [list, get];
