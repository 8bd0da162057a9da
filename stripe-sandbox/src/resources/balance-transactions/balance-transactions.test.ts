import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a payment of 100.00 costs 3.20 and is available a week later', async () => {
  const { stripe } = world;
  const intent = await stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    confirm: true,
  });
  const [movement] = (await stripe.balanceTransactions.list({ source: intent.latest_charge as string })).data;
  expect(movement).toMatchObject({ amount: 10_000, fee: 320, net: 9680, status: 'pending', type: 'charge', reporting_category: 'charge' });
  expect(new Date(movement!.available_on * 1000).toISOString()).toBe('2026-01-12T00:00:00.000Z');
  await world.advance(7 * DAY);
  expect((await stripe.balanceTransactions.retrieve(movement!.id)).status).toBe('available');
  expect((await stripe.balanceTransactions.list({ type: 'refund' })).data).toEqual([]);
  expect((await refusal(stripe.balanceTransactions.retrieve('txn_none'))).statusCode).toBe(404);
});
