import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a product comes with its default price', async () => {
  const { stripe } = world;
  await world.fresh();
  const product = await stripe.products.create({
    name: 'Team',
    description: 'For teams',
    metadata: { tier: '2' },
    default_price_data: { currency: 'usd', unit_amount: 4900, recurring: { interval: 'month' } },
    expand: ['default_price'],
  });
  expect(product).toMatchObject({
    active: true,
    name: 'Team',
    type: 'service',
    images: [],
    default_price: { unit_amount: 4900, product: product.id },
  });
  expect(await world.fresh()).toEqual(['product.created', 'price.created', 'product.updated']);
  const updated = await stripe.products.update(product.id, { description: '', images: ['https://shop.example/a.png'], active: false });
  expect([updated.description, updated.images, updated.active]).toEqual([null, ['https://shop.example/a.png'], false]);
  expect((await stripe.products.list({ active: false })).data.map((one) => one.id)).toEqual([product.id]);
  expect((await stripe.products.search({ query: "metadata['tier']:'2'" })).data).toHaveLength(1);
});

test('ids of our own choice are taken once', async () => {
  const { stripe } = world;
  expect((await stripe.products.create({ id: 'starter', name: 'Starter' })).id).toBe('starter');
  const error = await refusal(stripe.products.create({ id: 'starter', name: 'Starter' }));
  expect([error.statusCode, error.code, error.message]).toEqual([400, 'resource_already_exists', 'Product already exists.']);
});

test('a product is deleted only while it has no price', async () => {
  const { stripe } = world;
  const bare = await stripe.products.create({ name: 'Bare' });
  await world.fresh();
  expect(await stripe.products.del(bare.id)).toMatchObject({ id: bare.id, deleted: true });
  expect(await world.fresh()).toEqual(['product.deleted']);
  const priced = await stripe.products.create({ name: 'Priced', default_price_data: { currency: 'usd', unit_amount: 100 } });
  const error = await refusal(stripe.products.del(priced.id));
  expect(error.message).toBe('This product cannot be deleted because it has one or more user-created prices.');
});

test('the default price is an active price of the product', async () => {
  const { stripe } = world;
  const [one, other] = [await stripe.products.create({ name: 'One' }), await stripe.products.create({ name: 'Other' })];
  const price = await stripe.prices.create({ product: other.id, currency: 'usd', unit_amount: 100 });
  const error = await refusal(stripe.products.update(one.id, { default_price: price.id }));
  expect([error.statusCode, error.param]).toEqual([400, 'default_price']);
  expect((await stripe.products.update(other.id, { default_price: price.id })).default_price).toBe(price.id);
  const archived = await refusal(stripe.prices.update(price.id, { active: false }));
  expect(archived.message).toContain('it is the default price of its product');
  expect((await refusal(stripe.products.create({} as never))).code).toBe('parameter_missing');
});
