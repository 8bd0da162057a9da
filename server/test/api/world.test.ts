import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

test('a fresh installation: a subscription made through the official SDK becomes state and a mail, and the clock moves both sides', async () => {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Harbour' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2_000, recurring: { interval: 'month' } });
  const customer = await stripe.customers.create({
    name: 'Ada',
    email: 'ada@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.advance('next');
  const customers = await world.api('GET', '/v1/customers');
  expect(customers.data.map((one: { billing_id: string }) => one.billing_id)).toEqual([customer.id]);
  expect((await world.api('GET', '/v1/subscriptions')).data).toHaveLength(1);
  const now = (await world.api('GET', `/v1/environments/${world.environmentId}/clock`)).now as string;
  const target = Temporal.Instant.from(now)
    .add({ hours: 24 * 40 })
    .toString();
  const clock = await world.advance(target);
  expect(clock.now).toBe(target);
  const mails = await world.mailbox();
  const cycle = ['subscription.renewing', 'payment.received'];
  expect(mails.map((mail) => mail.trigger).slice(2)).toEqual([...cycle, ...cycle]);
  expect(
    mails
      .slice(0, 2)
      .map((mail) => mail.trigger)
      .toSorted(),
  ).toEqual(['payment.received', 'subscription.created']);
  expect(mails.flatMap((mail) => mail.to)).toEqual(mails.map(() => 'ada@example.com'));
}, 60_000);

test('a restart keeps everything, on other ports', async () => {
  const before = await world.mailbox();
  const url = world.url;
  await world.restart();
  expect(world.url).not.toBe(url);
  expect(await world.mailbox()).toEqual(before);
  expect((await world.stripe.customers.list()).data).toHaveLength(1);
}, 60_000);
