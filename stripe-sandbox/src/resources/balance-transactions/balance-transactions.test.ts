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

test('the balance: pending until the day of each clock, available after it, less what disputes and refunds took', async () => {
  const world = await openWorld('2026-03-02T10:00:00Z');
  const { stripe } = world;
  const balance = async () => {
    const { available, pending } = await stripe.balance.retrieve();
    return { available: sums(available), pending: sums(pending) };
  };
  expect(await balance()).toEqual({ available: { usd: 0 }, pending: { usd: 0 } });
  const pay = (amount: number, currency: string, token = 'pm_card_visa') =>
    stripe.paymentIntents.create({
      amount,
      currency,
      payment_method: token,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: true,
    });
  const first = await pay(10_000, 'usd');
  await pay(5000, 'eur');
  expect(await balance()).toEqual({ available: { usd: 0, eur: 0 }, pending: { usd: 9680, eur: 4825 } });
  await world.advance(DAY);
  await pay(2000, 'usd');
  expect((await balance()).pending).toEqual({ usd: 9680 + 1912, eur: 4825 });
  await world.advance(6 * DAY);
  expect(await balance()).toEqual({ available: { usd: 9680, eur: 4825 }, pending: { usd: 1912, eur: 0 } });
  await stripe.refunds.create({ payment_intent: first.id, amount: 1000 });
  expect((await balance()).pending.usd).toBe(912);
  await pay(4200, 'usd', 'pm_card_createDispute');
  await world.sandbox.control.idle(world.account);
  expect((await balance()).available.usd).toBe(9680 - 5700);
  await world.advance(30 * DAY);
  const total = 9680 + 4200 - 152 - 5700 + 1912 - 1000;
  expect(await balance()).toEqual({ available: { usd: total, eur: 4825 }, pending: { usd: 0, eur: 0 } });
  const movements = await stripe.balanceTransactions.list({ currency: 'usd', limit: 100 });
  expect(movements.data.reduce((sum, one) => sum + one.net, 0)).toBe(total);
  await world.close();
});

test('balance.available is told on the day of the funds when an endpoint listens, and at once for funds that skip the waiting', async () => {
  const world = await openWorld('2026-03-02T10:00:00Z');
  const { stripe, sandbox, account } = world;
  const start = Date.parse('2026-03-02T10:00:00Z') / 1000;
  const advanceTo = (day: number) => sandbox.control.advance({ account, to: start + day * DAY });
  const pay = (token: string) =>
    stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: token,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: true,
    });
  const told = async () => (await stripe.events.list({ type: 'balance.available' })).data.map((event) => event.created);
  await pay('pm_card_visa');
  await advanceTo(8);
  expect(await told()).toEqual([]);
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['balance.available'] });
  await pay('pm_card_visa');
  await pay('pm_card_visa');
  await advanceTo(16);
  expect(await told()).toEqual([Date.parse('2026-03-17T00:00:00Z') / 1000]);
  const bypass = await pay('pm_card_bypassPending');
  await world.sandbox.control.idle(world.account);
  expect(await told()).toHaveLength(2);
  const [movement] = (await stripe.balanceTransactions.list({ source: bypass.latest_charge as string })).data;
  expect([movement!.status, movement!.available_on]).toEqual(['available', bypass.created]);
  expect((await stripe.balanceTransactions.list({ type: 'charge', created: { gte: bypass.created } })).data).toHaveLength(1);
  await world.close();
});

function sums(lines: { amount: number; currency: string }[]): Record<string, number> {
  return Object.fromEntries(lines.map((line) => [line.currency, line.amount]));
}
