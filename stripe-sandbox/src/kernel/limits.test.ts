import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, sdkFor, seconds, startSandbox, type TestSandbox } from '../testing/index.ts';
import { limitsOf } from './limits.ts';

const JAN_1 = seconds('2026-01-01T00:00:00Z');
const DAY = 86_400;
let world: TestSandbox;
afterEach(() => world?.close());

/** Everything of the strict profile but the one under test is lifted: each limit works alone. */
const only = (limits: object) => startSandbox({ limits: { webhookEndpoints: false, ...limits } });

async function monthly(quantity = 1) {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  const subscribe = async (customer: object = {}) => {
    const { id } = await stripe.customers.create({ payment_method: 'pm_card_visa', ...customer });
    const [method] = (await stripe.customers.listPaymentMethods(id)).data;
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: method!.id } });
    return stripe.subscriptions.create({ customer: id, items: [{ price: price.id, quantity }] });
  };
  return { price, subscribe };
}

describe('the strict profile', () => {
  it('has Stripe’s figures, the relaxed one only the count of webhook endpoints', () => {
    expect(limitsOf('strict')).toEqual({
      requestsPerSecond: 25,
      searchesPerSecond: 20,
      webhookEndpoints: 16,
      clocks: 100,
      clockLifetimeDays: 30,
      clockIntervals: 2,
      customersPerClock: 3,
      subscriptionsPerClockCustomer: 3,
      invoicesPerMinute: 10,
      invoicesPerDay: 20,
      quantityUpdatesPerHour: 200,
      paymentIntentUpdatesPerHour: 1000,
      failingDaysOfEndpoint: 9,
    });
    const { webhookEndpoints, ...rest } = limitsOf('relaxed');
    expect(webhookEndpoints).toBe(16);
    expect(new Set(Object.values(rest))).toEqual(new Set([Number.POSITIVE_INFINITY]));
    expect(limitsOf('strict', { clocks: false, invoicesPerDay: 5 })).toMatchObject({ clocks: Number.POSITIVE_INFINITY, invoicesPerDay: 5 });
    expect(() => limitsOf('strict', { requestsPerHour: 1 } as never)).toThrow(/no limit requestsPerHour/);
  });

  it('answers the 26th request of a second with 429, and the next second’s first with 200', async () => {
    const clock = manualClock('2026-01-01T00:00:00Z');
    world = await startSandbox({ profile: 'strict', clock });
    const other = await world.sandbox.control.createAccount({});
    for (let n = 0; n < 25; n += 1) await world.stripe.customers.list();
    await expect(world.stripe.customers.list()).rejects.toMatchObject({
      statusCode: 429,
      type: 'StripeRateLimitError',
      code: 'rate_limit',
    });
    await sdkFor(world.sandbox, other.secretKey).customers.list();
    clock.pass(1000);
    await world.stripe.customers.list();
  });

  it('lets 20 searches a second through', async () => {
    world = await startSandbox({ clock: manualClock('2026-01-01T00:00:00Z'), limits: { searchesPerSecond: 20 } });
    const search = () => world.stripe.customers.search({ query: "email:'max@example.com'" });
    for (let n = 0; n < 20; n += 1) await search();
    await expect(search()).rejects.toMatchObject({ statusCode: 429, code: 'rate_limit' });
    await world.stripe.customers.list();
  });

  it('a refusal for load is not kept under the idempotency key', async () => {
    const clock = manualClock('2026-01-01T00:00:00Z');
    world = await startSandbox({ clock, limits: { requestsPerSecond: 1 } });
    await world.stripe.customers.list();
    await expect(world.stripe.customers.create({ name: 'Max' }, { idempotencyKey: 'k' })).rejects.toMatchObject({ statusCode: 429 });
    clock.pass(1000);
    expect((await world.stripe.customers.create({ name: 'Max' }, { idempotencyKey: 'k' })).name).toBe('Max');
  });
});

describe('limits of test clocks [S 3.11]', () => {
  it('three customers, but any number on the account’s own clock', async () => {
    world = await only({ customersPerClock: 3 });
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: JAN_1 });
    const [own] = (await world.stripe.testHelpers.testClocks.list()).data.filter((found) => found.id !== clock.id);
    for (let n = 0; n < 3; n += 1) await world.stripe.customers.create({ test_clock: clock.id });
    await expect(world.stripe.customers.create({ test_clock: clock.id })).rejects.toMatchObject({ statusCode: 400, param: 'test_clock' });
    for (let n = 0; n < 4; n += 1) await world.stripe.customers.create({ test_clock: own!.id });
    await world.stripe.customers.create({});
  });

  it('three subscriptions of one customer', async () => {
    world = await only({ subscriptionsPerClockCustomer: 3 });
    const { price, subscribe } = await monthly();
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: JAN_1 });
    const first = await subscribe({ test_clock: clock.id });
    const again = (customer: string) => world.stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
    const customer = first.customer as string;
    await again(customer);
    await again(customer);
    await expect(again(customer)).rejects.toMatchObject({ statusCode: 400, param: 'customer' });
    const unclocked = (await subscribe()).customer as string;
    for (let n = 0; n < 3; n += 1) await again(unclocked);
  });

  it('two intervals of the shortest subscription; two years without one', async () => {
    world = await only({ clockIntervals: 2 });
    const { subscribe } = await monthly();
    const { testClocks } = world.stripe.testHelpers;
    const clock = await testClocks.create({ frozen_time: JAN_1 });
    await subscribe({ test_clock: clock.id });
    await expect(testClocks.advance(clock.id, { frozen_time: seconds('2026-04-01T00:00:00Z') })).rejects.toMatchObject({
      statusCode: 400,
      param: 'frozen_time',
    });
    await testClocks.advance(clock.id, { frozen_time: seconds('2026-03-01T00:00:00Z') });
    const empty = await testClocks.create({ frozen_time: JAN_1 });
    await expect(testClocks.advance(empty.id, { frozen_time: seconds('2028-02-01T00:00:00Z') })).rejects.toMatchObject({ statusCode: 400 });
    await testClocks.advance(empty.id, { frozen_time: seconds('2027-12-31T00:00:00Z') });
    await world.advance('2029-01-01T00:00:00Z');
  });

  it('a hundred clocks, and each deletes itself after thirty days with its customers', async () => {
    world = await only({ clocks: 2, clockLifetimeDays: 30 });
    const { testClocks } = world.stripe.testHelpers;
    const clock = await testClocks.create({ frozen_time: JAN_1 + 400 * DAY });
    expect(clock.deletes_after).toBe(JAN_1 + 30 * DAY);
    const { subscribe } = await monthly();
    const subscription = await subscribe({ test_clock: clock.id });
    const second = await testClocks.create({ frozen_time: JAN_1 });
    await expect(testClocks.create({ frozen_time: JAN_1 })).rejects.toMatchObject({ statusCode: 400 });
    await testClocks.del(second.id);
    await world.advance('2026-01-30T23:59:59Z');
    expect((await testClocks.retrieve(clock.id)).status).toBe('ready');
    await world.advance('2026-01-31T00:00:00Z');
    await expect(testClocks.retrieve(clock.id)).rejects.toMatchObject({ statusCode: 404 });
    expect(await world.stripe.customers.retrieve(subscription.customer as string)).toMatchObject({ deleted: true });
    expect(await world.eventTypes(clock.id)).toEqual(['test_helpers.test_clock.created', 'test_helpers.test_clock.deleted']);
    expect((await world.sandbox.control.state(world.account)).timers).toEqual([]);
  });
});

describe('rates of one object [S 3.9]', () => {
  it('ten invoices of a subscription a minute and twenty a day, in the object’s time; renewals are not requests', async () => {
    world = await only({ invoicesPerMinute: 10, invoicesPerDay: 20 });
    const { subscribe } = await monthly();
    const { id, customer } = await subscribe();
    const invoice = () => world.stripe.invoices.create({ customer: customer as string, subscription: id });
    // The subscription's first invoice was the first of the ten.
    for (let n = 0; n < 9; n += 1) await invoice();
    await expect(invoice()).rejects.toMatchObject({ statusCode: 429, code: 'rate_limit' });
    await world.advance('2026-01-01T00:01:00Z');
    for (let n = 0; n < 10; n += 1) await invoice();
    await world.advance('2026-01-01T00:02:00Z');
    await expect(invoice()).rejects.toMatchObject({ statusCode: 429 });
    await world.advance('2026-01-02T00:00:00Z');
    await invoice();
    await world.advance('2026-02-01T02:00:00Z');
    expect((await world.stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it('so many changes of quantity an hour, and of a PaymentIntent', async () => {
    world = await only({ quantityUpdatesPerHour: 3, paymentIntentUpdatesPerHour: 2 });
    const { subscribe } = await monthly();
    const { id, items } = await subscribe();
    const to = (quantity: number) =>
      world.stripe.subscriptions.update(id, { items: [{ id: items.data[0]!.id, quantity }], proration_behavior: 'none' });
    for (const quantity of [2, 3, 4, 4, 4]) await to(quantity);
    await expect(to(5)).rejects.toMatchObject({ statusCode: 429 });
    expect((await world.stripe.subscriptions.retrieve(id)).items.data[0]!.quantity).toBe(4);
    await world.advance('2026-01-01T01:00:00Z');
    await to(5);
    const intent = await world.stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    for (const amount of [600, 700]) await world.stripe.paymentIntents.update(intent.id, { amount });
    await expect(world.stripe.paymentIntents.update(intent.id, { amount: 800 })).rejects.toMatchObject({ statusCode: 429 });
    expect((await world.stripe.paymentIntents.retrieve(intent.id)).amount).toBe(700);
  });
});
