import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

test('[sandbox.md tier 2] a plan is a view of a price: made, changed, used, deleted, each told twice', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const plan = await stripe.plans.create({
    currency: 'usd',
    interval: 'month',
    amount: 2000,
    product: { name: 'Gold' },
    nickname: 'Gold monthly',
    trial_period_days: 7,
    metadata: { tier: '1' },
  });
  expect(plan).toMatchObject({
    id: expect.stringMatching(/^plan_/),
    amount: 2000,
    interval_count: 1,
    usage_type: 'licensed',
    trial_period_days: 7,
  });
  expect(await world.fresh()).toEqual(['product.created', 'price.created', 'plan.created']);
  expect(await stripe.prices.retrieve(plan.id)).toMatchObject({
    unit_amount: 2000,
    type: 'recurring',
    nickname: 'Gold monthly',
    product: plan.product,
  });

  const changed = await stripe.plans.update(plan.id, { nickname: 'Gold', metadata: { tier: '' } });
  expect([changed.nickname, changed.metadata]).toEqual(['Gold', {}]);
  expect(await world.fresh()).toEqual(['price.updated', 'plan.updated']);
  const told = (await world.events()).at(-1) as unknown as Stripe.Event;
  expect(told.data.previous_attributes).toEqual({ nickname: 'Gold monthly', metadata: { tier: '1' } });

  const customer = await world.customer();
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ plan: plan.id }], trial_from_plan: true });
  expect([subscription.status, subscription.trial_end, subscription.items.data[0]?.plan.id]).toEqual([
    'trialing',
    at('2026-01-08'),
    plan.id,
  ]);

  await world.fresh();
  expect(await stripe.plans.del(plan.id)).toMatchObject({ id: plan.id, deleted: true });
  expect(await world.fresh()).toEqual(['price.deleted', 'plan.deleted']);
  expect(await refusal(stripe.plans.retrieve(plan.id))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  expect(await refusal(stripe.subscriptions.create({ customer: customer.id, items: [{ plan: plan.id }] }))).toMatchObject({
    statusCode: 400,
  });
  await world.to('2026-01-08T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]).toMatchObject({ status: 'paid', total: 2000 });
});

test('plans list every recurring price, tiers on demand, and refuse what a price refuses', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const monthly = await world.price(1000);
  await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Once' } });
  const tiered = await stripe.plans.create({
    id: 'gold',
    currency: 'eur',
    interval: 'year',
    product: monthly.product as string,
    billing_scheme: 'tiered',
    tiers_mode: 'volume',
    tiers: [
      { up_to: 10, unit_amount: 100 },
      { up_to: 'inf', unit_amount: 50 },
    ],
    expand: ['tiers'],
  });
  expect(tiered.tiers?.map((tier) => tier.up_to)).toEqual([10, null]);
  expect((await stripe.plans.list()).data.map((plan) => plan.id)).toEqual(['gold', monthly.id]);
  expect((await stripe.plans.list({ product: monthly.product as string, active: true })).data).toHaveLength(2);
  const create = (more: object) =>
    refusal(stripe.plans.create({ currency: 'usd', interval: 'month', amount: 1, product: { name: 'x' }, ...more }));
  expect(await create({ id: 'gold' })).toMatchObject({ code: 'resource_already_exists', param: 'id' });
  expect(await create({ amount: undefined })).toMatchObject({ code: 'parameter_missing', param: 'amount' });
  expect(await create({ product: 'prod_none' })).toMatchObject({ code: 'resource_missing', param: 'product' });
  expect(await create({ product: undefined })).toMatchObject({ code: 'parameter_missing', param: 'product' });
});
