import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { difference } from '../../billing/entitlements/entitled.ts';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;
const UPDATED = 'entitlements.active_entitlement_summary.updated';

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-01T00:00:00Z');
});
afterEach(() => world.close());

/** A monthly price of 10.00 on a product with these features. */
async function plan(name: string, features: string[]): Promise<{ product: string; price: string }> {
  const { stripe } = world;
  const product = await stripe.products.create({ name });
  for (const feature of features) await stripe.products.createFeature(product.id, { entitlement_feature: feature });
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
    product: product.id,
  });
  return { product: product.id, price: price.id };
}

const feature = (key: string) => world.stripe.entitlements.features.create({ name: key, lookup_key: key });

async function keysOf(customer: string): Promise<string[]> {
  const list = await world.stripe.entitlements.activeEntitlements.list({ customer });
  return list.data.map((one) => one.lookup_key).sort();
}

async function summaries(): Promise<Stripe.Event[]> {
  return (await world.stripe.events.list({ type: UPDATED })).data.reverse();
}

test('features: unique lookup keys, rename, archive, list', async () => {
  const { stripe } = world;
  const made = await stripe.entitlements.features.create({ name: 'Reports', lookup_key: 'reports', metadata: { team: 'a' } });
  expect(made).toMatchObject({ object: 'entitlements.feature', active: true, lookup_key: 'reports', livemode: false });
  expect(made.id).toMatch(/^feat_test_[A-Za-z0-9]{24}$/);
  const twice = await refusal(stripe.entitlements.features.create({ name: 'Other', lookup_key: 'reports' }));
  expect([twice.statusCode, twice.code, twice.param]).toEqual([400, 'resource_already_exists', 'lookup_key']);
  const long = await refusal(stripe.entitlements.features.create({ name: 'x'.repeat(81), lookup_key: 'long' }));
  expect(long.param).toBe('name');
  const renamed = await stripe.entitlements.features.update(made.id, { name: 'Advanced reports', metadata: { team: '' } });
  expect([renamed.name, renamed.metadata]).toEqual(['Advanced reports', {}]);
  await stripe.entitlements.features.update(made.id, { active: false });
  expect((await stripe.entitlements.features.list()).data).toEqual([]);
  expect((await stripe.entitlements.features.list({ archived: true })).data.map((one) => one.id)).toEqual([made.id]);
  const { product } = await plan('Team', []);
  const archived = await refusal(stripe.products.createFeature(product, { entitlement_feature: made.id }));
  expect(archived.param).toBe('entitlement_feature');
});

test('a product’s features: attached once, listed, detached; another product’s is not found', async () => {
  const { stripe } = world;
  const api = await feature('api');
  const { product } = await plan('Team', [api.id]);
  const [attached] = (await stripe.products.listFeatures(product)).data;
  expect(attached).toMatchObject({ object: 'product_feature', entitlement_feature: { id: api.id, lookup_key: 'api' } });
  expect((await refusal(stripe.products.createFeature(product, { entitlement_feature: api.id }))).statusCode).toBe(400);
  expect((await refusal(stripe.products.createFeature(product, { entitlement_feature: 'feat_none' }))).code).toBe('resource_missing');
  const other = await plan('Other', []);
  expect((await refusal(stripe.products.retrieveFeature(other.product, attached!.id))).statusCode).toBe(404);
  expect((await stripe.products.retrieveFeature(product, attached!.id)).id).toBe(attached!.id);
  expect(await stripe.products.deleteFeature(product, attached!.id)).toMatchObject({ id: attached!.id, deleted: true });
  expect((await stripe.products.listFeatures(product)).data).toEqual([]);
});

test('January: subscribing grants, an upgrade adds, a second subscription shares, canceling both takes all away', async () => {
  const { stripe } = world;
  const [api, reports] = [await feature('api'), await feature('reports')];
  const basic = await plan('Basic', [api.id]);
  const team = await plan('Team', [api.id, reports.id]);
  const customer = await world.customer('pm_card_visa');
  const first = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.price }] });
  expect(await keysOf(customer.id)).toEqual(['api']);
  const [granted] = await summaries();
  expect(granted!.request).toMatchObject({ id: expect.any(String) });
  expect(granted!.data.object).toMatchObject({
    object: 'entitlements.active_entitlement_summary',
    customer: customer.id,
    entitlements: { data: [{ feature: api.id, lookup_key: 'api' }], has_more: false, url: `/v1/customer/${customer.id}/entitlements` },
  });
  expect(granted!.data.previous_attributes).toEqual({ entitlements: { data: [] } });
  const [entitlement] = (await stripe.entitlements.activeEntitlements.list({ customer: customer.id, expand: ['data.feature'] })).data;
  expect(entitlement!.feature).toMatchObject({ id: api.id, name: 'api' });
  expect((await stripe.entitlements.activeEntitlements.retrieve(entitlement!.id)).lookup_key).toBe('api');

  await stripe.subscriptions.update(first.id, { items: [{ id: first.items.data[0]!.id, price: team.price }] });
  expect(await keysOf(customer.id)).toEqual(['api', 'reports']);
  const second = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.price }] });
  expect(await summaries()).toHaveLength(2);
  await stripe.subscriptions.cancel(first.id);
  expect(await keysOf(customer.id)).toEqual(['api']);
  expect((await stripe.entitlements.activeEntitlements.retrieve(entitlement!.id)).id).toBe(entitlement!.id);
  await stripe.subscriptions.cancel(second.id);
  expect(await keysOf(customer.id)).toEqual([]);
  const all = await summaries();
  expect(all.map((event) => (event.data.object as Stripe.Entitlements.ActiveEntitlementSummary).entitlements.data.length)).toEqual([
    1, 2, 1, 0,
  ]);
  expect((await refusal(stripe.entitlements.activeEntitlements.retrieve(entitlement!.id))).statusCode).toBe(404);
});

test('an incomplete subscription gives nothing; a trial and a past due one do; the end takes it away', async () => {
  const { stripe, sandbox, account } = world;
  await sandbox.control.updateAccount({ account, settings: { retry_days: [1], retries_exhausted: 'cancel' } });
  const { price } = await plan('Team', [(await feature('api')).id]);
  const waiting = await world.customer('pm_card_visa');
  await stripe.subscriptions.create({ customer: waiting.id, items: [{ price }], payment_behavior: 'default_incomplete' });
  expect(await keysOf(waiting.id)).toEqual([]);
  const customer = await world.customer('pm_card_chargeCustomerFail');
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price }], trial_period_days: 10 });
  expect(await keysOf(customer.id)).toEqual(['api']);
  await world.advance(10 * DAY + 7200);
  const [late] = (await stripe.subscriptions.list({ customer: customer.id })).data;
  expect([late!.status, await keysOf(customer.id)]).toEqual(['past_due', ['api']]);
  await world.advance(3 * DAY);
  expect(await keysOf(customer.id)).toEqual([]);
});

test('a feature attached later reaches the customer with the renewal', async () => {
  const { stripe } = world;
  const api = await feature('api');
  const { price, product } = await plan('Team', []);
  const customer = await world.customer('pm_card_visa');
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
  await stripe.products.createFeature(product, { entitlement_feature: api.id });
  expect(await keysOf(customer.id)).toEqual([]);
  await world.advance(31 * DAY + 7200);
  expect(await keysOf(customer.id)).toEqual(['api']);
  const [renewed] = await summaries();
  expect(renewed!.request).toEqual({ id: null, idempotency_key: null });
});

test('what comes and goes: applied to what was there it gives what should be, and nothing twice', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 });
  fc.assert(
    fc.property(names, names, (had, wanted) => {
      const held = [...new Set(had)].map((name) => ({ id: `ent_${name}`, feature: name }));
      const { granted, revoked } = difference(held, wanted);
      const after = held.filter((one) => !revoked.includes(one.id)).map((one) => one.feature);
      expect([...after, ...granted].sort()).toEqual([...new Set(wanted)].sort());
      expect(
        difference([...held.filter((one) => after.includes(one.feature)), ...granted.map((f) => ({ id: f, feature: f }))], wanted),
      ).toEqual({
        granted: [],
        revoked: [],
      });
    }),
  );
});
