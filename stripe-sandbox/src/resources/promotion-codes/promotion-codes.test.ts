import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import { findRedeemableCode } from './index.ts';

const DAY = 86_400;
const START = Date.parse('2026-01-05T09:00:00Z') / 1000;

let world: World;
let coupon: string;
beforeAll(async () => {
  world = await openWorld();
  coupon = (await world.stripe.coupons.create({ percent_off: 20, duration: 'forever', max_redemptions: 50 })).id;
});
afterAll(() => world.close());

test('a code is found whatever its case, and is unique while active', async () => {
  const { stripe } = world;
  await world.fresh();
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'FALL20', metadata: { campaign: 'f' } });
  expect(code).toMatchObject({
    active: true,
    code: 'FALL20',
    customer: null,
    promotion: { type: 'coupon', coupon },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  });
  expect((await stripe.promotionCodes.list({ code: 'fall20' })).data.map((one) => one.id)).toEqual([code.id]);
  const taken = await refusal(stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'fall20' }));
  expect([taken.statusCode, taken.message]).toEqual([400, 'An active promotion code with `code: fall20` already exists.']);
  await stripe.promotionCodes.update(code.id, { active: false });
  const second = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'fall20' });
  expect((await refusal(stripe.promotionCodes.update(code.id, { active: true }))).message).toContain('already exists');
  expect((await stripe.promotionCodes.list({ active: true, coupon })).data.map((one) => one.id)).toEqual([second.id]);
  expect(await world.fresh()).toEqual(['promotion_code.created', 'promotion_code.updated', 'promotion_code.created']);
});

test('a code made for one customer, with a minimum and an end', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon },
    customer: customer.id,
    expires_at: START + DAY,
    max_redemptions: 5,
    restrictions: { minimum_amount: 1000, minimum_amount_currency: 'usd', first_time_transaction: true },
    expand: ['promotion.coupon'],
  });
  expect(code.code).toMatch(/^[A-Z0-9]{8}$/);
  expect(code).toMatchObject({
    restrictions: { minimum_amount: 1000, first_time_transaction: true },
    promotion: { coupon: { id: coupon } },
  });
  await world.advance(2 * DAY);
  expect((await stripe.promotionCodes.retrieve(code.id)).active).toBe(false);
});

test('a code cannot promise more than its coupon', async () => {
  const { stripe } = world;
  const promotion = { type: 'coupon', coupon } as const;
  expect((await refusal(stripe.promotionCodes.create({ promotion, max_redemptions: 51 }))).param).toBe('max_redemptions');
  expect((await refusal(stripe.promotionCodes.create({ promotion, restrictions: { minimum_amount: 5 } }))).code).toBe('parameter_missing');
  const missing = await refusal(stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: 'NONE' } }));
  expect([missing.statusCode, missing.code, missing.param]).toEqual([400, 'resource_missing', 'promotion[coupon]']);
});

test('at the checkout a code is found as typed, for those who may use it', async () => {
  const customer = await world.customer();
  const promotion = { type: 'coupon', coupon } as const;
  const mine = await world.stripe.promotionCodes.create({ promotion, code: 'ONLYYOU', customer: customer.id });
  const seen = await world.inTransaction(async (tx) => [
    (await findRedeemableCode(tx, { code: ' onlyyou ', customer: customer.id }))?.id,
    (await findRedeemableCode(tx, { code: 'onlyyou', customer: null }))?.id,
    (await findRedeemableCode(tx, { code: 'nothing', customer: customer.id }))?.id,
  ]);
  expect(seen).toEqual([mine.id, undefined, undefined]);
});
