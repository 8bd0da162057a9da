import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import { amountsOf } from './amounts.ts';

let world: World;
let product: string;
beforeAll(async () => {
  world = await openWorld();
  product = (await world.stripe.products.create({ name: 'Team' })).id;
});
afterAll(() => world.close());

function create(params: Partial<Stripe.PriceCreateParams>): Promise<Stripe.Price> {
  return world.stripe.prices.create({ currency: 'usd', product, ...params });
}

test('a monthly price per unit', async () => {
  await world.fresh();
  const price = await create({ unit_amount: 4900, recurring: { interval: 'month' }, nickname: 'Monthly', lookup_key: 'team_monthly' });
  expect(price).toMatchObject({
    active: true,
    billing_scheme: 'per_unit',
    currency: 'usd',
    product,
    type: 'recurring',
    unit_amount: 4900,
    recurring: { interval: 'month', interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    lookup_key: 'team_monthly',
  });
  expect(price.unit_amount_decimal?.toString()).toBe('4900');
  expect(await world.fresh()).toEqual(['price.created']);
  expect((await world.stripe.prices.list({ lookup_keys: ['team_monthly'] })).data.map((one) => one.id)).toEqual([price.id]);
  expect((await world.stripe.prices.list({ product, type: 'recurring', recurring: { interval: 'year' } })).data).toEqual([]);
  expect((await world.stripe.prices.search({ query: "lookup_key:'team_monthly'" })).data).toHaveLength(1);
});

test('tiers and currencies are shown when expanded', async () => {
  const price = await create({
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 10, unit_amount: 500 },
      { up_to: 'inf', unit_amount: 400, flat_amount: 1000 },
    ],
    currency_options: { eur: { tiers: [{ up_to: 'inf', unit_amount: 450 }] } },
    recurring: { interval: 'month' },
  });
  expect([price.unit_amount, price.tiers]).toEqual([null, undefined]);
  const { tiers, currency_options: options } = await world.stripe.prices.retrieve(price.id, { expand: ['tiers', 'currency_options'] });
  expect(tiers?.map((tier) => [tier.up_to, tier.unit_amount, tier.flat_amount])).toEqual([
    [10, 500, null],
    [null, 400, 1000],
  ]);
  expect(Object.keys(options ?? {})).toEqual(['usd', 'eur']);
  expect(options?.eur?.tiers?.[0]?.unit_amount).toBe(450);
});

test('a lookup key moves only when its owner hands it over', async () => {
  const first = await create({ unit_amount: 1000, lookup_key: 'basic' });
  const taken = await refusal(create({ unit_amount: 1200, lookup_key: 'basic' }));
  expect([taken.statusCode, taken.param, taken.message]).toEqual([
    400,
    'lookup_key',
    `A price (\`${first.id}\`) already uses that lookup key.`,
  ]);
  await world.fresh();
  const second = await create({ unit_amount: 1200, lookup_key: 'basic', transfer_lookup_key: true });
  expect(await world.fresh()).toEqual(['price.updated', 'price.created']);
  expect([(await world.stripe.prices.retrieve(first.id)).lookup_key, second.lookup_key]).toEqual([null, 'basic']);
});

test('a price with its product in one call', async () => {
  await world.fresh();
  const price = await world.stripe.prices.create({ currency: 'eur', unit_amount: 900, product_data: { name: 'Extra' } });
  expect(price.type).toBe('one_time');
  expect(await world.fresh()).toEqual(['product.created', 'price.created']);
});

test('amounts never change, the rest does', async () => {
  const price = await create({ unit_amount: 700 });
  const amount = await refusal(world.stripe.prices.update(price.id, { unit_amount: 800 } as never));
  expect([amount.code, amount.param]).toEqual(['parameter_unknown', 'unit_amount']);
  await world.fresh();
  const updated = await world.stripe.prices.update(price.id, {
    active: false,
    nickname: 'old',
    tax_behavior: 'exclusive',
    metadata: { a: '1' },
  });
  expect([updated.active, updated.nickname, updated.tax_behavior, updated.metadata]).toEqual([false, 'old', 'exclusive', { a: '1' }]);
  expect(await world.fresh()).toEqual(['price.updated']);
  expect((await refusal(world.stripe.prices.update(price.id, { tax_behavior: 'inclusive' }))).param).toBe('tax_behavior');
});

test('contradictory prices are refused', async () => {
  const cases: [Partial<Stripe.PriceCreateParams>, string | undefined, string | undefined][] = [
    [{}, 'parameter_missing', 'unit_amount'],
    [{ unit_amount: 1, unit_amount_decimal: '1.5' as never }, 'parameters_exclusive', 'unit_amount'],
    [{ unit_amount: -1 }, 'parameter_invalid_integer', 'unit_amount'],
    [{ unit_amount_decimal: '0.0000000000001' as never }, 'parameter_invalid_integer', 'unit_amount_decimal'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume' }, 'parameter_missing', 'tiers'],
    [{ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: [{ up_to: 5, unit_amount: 1 }] }, undefined, 'tiers[0][up_to]'],
    [{ unit_amount: 1, recurring: { interval: 'month', interval_count: 37 } }, undefined, 'recurring[interval_count]'],
    [{ unit_amount: 1, recurring: { interval: 'month', usage_type: 'metered' } }, undefined, 'recurring[meter]'],
    [{ unit_amount: 1, product: 'prod_none' }, 'resource_missing', 'product'],
  ];
  for (const [params, code, param] of cases) {
    const error = await refusal(create(params));
    expect([JSON.stringify(params), error.statusCode, error.code || undefined, error.param]).toEqual([
      JSON.stringify(params),
      400,
      code,
      param,
    ]);
  }
  const both = await refusal(create({ unit_amount: 1, product_data: { name: 'x' } }));
  expect(both.code).toBe('parameters_exclusive');
});

test('decimals keep up to twelve places and drop needless zeros', () => {
  expect(amountsOf({ unit_amount_decimal: '0.050000000000' })).toMatchObject({ unit_amount: null, unit_amount_decimal: '0.05' });
  expect(amountsOf({ unit_amount_decimal: '100.0' })).toMatchObject({ unit_amount: 100, unit_amount_decimal: '100' });
  expect(amountsOf({ unit_amount: 0 })).toMatchObject({ unit_amount: 0, unit_amount_decimal: '0' });
  expect(amountsOf({ custom_unit_amount: { enabled: true, minimum: 500 } }).custom_unit_amount).toEqual({
    maximum: null,
    minimum: 500,
    preset: null,
  });
});
