import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;
const START = Date.parse('2026-01-05T09:00:00Z') / 1000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a quarter off for three months on one product', async () => {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Team' });
  await world.fresh();
  const coupon = await stripe.coupons.create({
    id: 'SPRING25',
    percent_off: 25,
    duration: 'repeating',
    duration_in_months: 3,
    applies_to: { products: [product.id] },
    name: 'Spring',
  });
  expect(coupon).toMatchObject({
    id: 'SPRING25',
    percent_off: 25,
    amount_off: null,
    currency: null,
    duration_in_months: 3,
    times_redeemed: 0,
    valid: true,
  });
  expect(coupon.applies_to).toBeUndefined();
  expect((await stripe.coupons.retrieve('SPRING25', { expand: ['applies_to'] })).applies_to).toEqual({ products: [product.id] });
  const updated = await stripe.coupons.update('SPRING25', { name: 'Spring sale', metadata: { a: '1' } });
  expect([updated.name, updated.metadata]).toEqual(['Spring sale', { a: '1' }]);
  expect((await stripe.coupons.list()).data.map((one) => one.id)).toEqual(['SPRING25']);
  expect(await stripe.coupons.del('SPRING25')).toMatchObject({ id: 'SPRING25', deleted: true });
  expect(await world.fresh()).toEqual(['coupon.created', 'coupon.updated', 'coupon.deleted']);
  const gone = await refusal(stripe.coupons.retrieve('SPRING25'));
  expect([gone.statusCode, gone.code, gone.param]).toEqual([404, 'resource_missing', 'coupon']);
});

test('an amount off has a currency, and may have more', async () => {
  const coupon = await world.stripe.coupons.create({ amount_off: 500, currency: 'usd', currency_options: { eur: { amount_off: 450 } } });
  expect(coupon.id).toMatch(/^[A-Za-z0-9]{8}$/);
  expect(coupon).toMatchObject({ amount_off: 500, currency: 'usd', duration: 'once' });
  const { currency_options: options } = await world.stripe.coupons.retrieve(coupon.id, { expand: ['currency_options'] });
  expect(options).toEqual({ usd: { amount_off: 500 }, eur: { amount_off: 450 } });
});

test('a coupon is over when its date has passed', async () => {
  const coupon = await world.stripe.coupons.create({ percent_off: 10, redeem_by: START + DAY });
  await world.advance(2 * DAY);
  expect((await world.stripe.coupons.retrieve(coupon.id)).valid).toBe(false);
  const late = await refusal(world.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } }));
  expect([late.statusCode, late.code]).toEqual([400, 'coupon_expired']);
});

test('contradictory coupons are refused', async () => {
  const { stripe } = world;
  expect((await refusal(stripe.coupons.create({}))).param).toBe('percent_off');
  expect((await refusal(stripe.coupons.create({ percent_off: 10, amount_off: 1, currency: 'usd' }))).code).toBe('parameters_exclusive');
  expect((await refusal(stripe.coupons.create({ percent_off: 101 }))).param).toBe('percent_off');
  expect((await refusal(stripe.coupons.create({ amount_off: 100 }))).param).toBe('currency');
  expect((await refusal(stripe.coupons.create({ percent_off: 10, duration: 'repeating' }))).param).toBe('duration_in_months');
  expect((await refusal(stripe.coupons.create({ percent_off: 10, redeem_by: START - DAY }))).param).toBe('redeem_by');
  await stripe.coupons.create({ id: 'TWICE', percent_off: 10 });
  expect((await refusal(stripe.coupons.create({ id: 'TWICE', percent_off: 10 }))).code).toBe('resource_already_exists');
});
