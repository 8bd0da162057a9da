/** Anchors, calendars and currencies [S 3.3, 3.4], with amounts to the unit. */
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

type Start = { now: string; amount: number; price?: Partial<Stripe.PriceCreateParams>; more?: Partial<Stripe.SubscriptionCreateParams> };

async function start({ now, amount, price: priceMore = {}, more = {} }: Start) {
  world = await openWorld({ now });
  const [price, customer] = [await world.price(amount, priceMore), await world.customer()];
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, price, customer, subscription, item: subscription.items.data[0]!.id };
}
const pendingOf = async (customer: string) =>
  (await world.stripe.invoiceItems.list({ customer, pending: true })).data.map((item) => item.amount).reverse();
const latest = async (subscription: string) => (await world.stripe.invoices.list({ subscription, limit: 1 })).data[0]!;

test.each([
  // What is left at the change / the whole month it is a part of, in days.
  ['2026-01-31', '2026-02-14', 14, 28],
  ['2028-01-31', '2028-02-15', 14, 29],
  ['2028-02-29', '2028-03-10', 19, 29],
  ['2026-03-31', '2026-04-10', 20, 30],
  ['2026-12-31', '2027-01-10', 21, 31],
] as const)('[S 3.4] %s, changed on %s: %i of %i days', async (now, day, left, whole) => {
  const { stripe, customer, subscription, item } = await start({ now, amount: whole * 100 });
  await world.to(day);
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 3 }] });
  expect(await pendingOf(customer.id)).toEqual([-left * 100, left * 300]);
});

test.each([
  ['jpy', 5000, [-2581, 5161]],
  ['kwd', 5000, [-2581, 5161]],
  ['usd', 999, [-516, 1031]],
  ['krw', 1, [-1, 1]],
] as const)(
  '[S 3.4 rounding] %s %i doubled on 16 January: to the smallest unit, nearest on both signs',
  async (currency, amount, amounts) => {
    const { stripe, customer, subscription, item } = await start({ now: '2026-01-01', amount, price: { currency } });
    await world.to('2026-01-16');
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] });
    expect(await pendingOf(customer.id)).toEqual(amounts);
  },
);

test('[S 3.4] a tie goes away from zero on both signs', async () => {
  const { stripe, customer, subscription, item } = await start({ now: '2026-04-01', amount: 5 });
  await world.to('2026-04-16');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 3 }] });
  // 15 of 30 days: 2.5 and 7.5 units.
  expect(await pendingOf(customer.id)).toEqual([-3, 8]);
});

test('[S 3.4] to the second: one second left, and all but one', async () => {
  const { stripe, customer, subscription, item } = await start({ now: '2026-01-01', amount: 2_678_400 });
  await world.to('2026-01-01T00:00:01Z');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] });
  await world.to('2026-01-31T23:59:59Z');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 1 }] });
  expect(await pendingOf(customer.id)).toEqual([-2_678_399, 5_356_798, -2, 1]);
});

test('[S 3.4] proration_date works as if the change had been then; only inside the present period', async () => {
  const { stripe, customer, subscription, item } = await start({ now: '2026-01-01', amount: 3100 });
  await world.to('2026-01-20');
  const change = (day: string) =>
    stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }], proration_date: at(day) });
  expect(await refusal(change('2025-12-31'))).toMatchObject({ statusCode: 400, param: 'proration_date' });
  expect(await refusal(change('2026-02-02'))).toMatchObject({ statusCode: 400, param: 'proration_date' });
  await change('2026-01-11');
  expect(await pendingOf(customer.id)).toEqual([-2100, 4200]);
});

test('[S 3.3] billing_cycle_anchor now: unused days back, a whole month from now, paid at once', async () => {
  const { stripe, subscription } = await start({ now: '2026-01-01', amount: 3100 });
  await world.to('2026-01-11');
  await world.fresh();
  const reset = await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } });
  expect([iso(reset.billing_cycle_anchor), iso(reset.items.data[0]?.current_period_end)]).toEqual(['2026-01-11', '2026-02-11']);
  const invoice = await latest(subscription.id);
  expect(invoice).toMatchObject({ billing_reason: 'subscription_update', amount_paid: 3100 - 2100 });
  expect(invoice.lines.data.map((line) => line.amount)).toEqual([3100, -2100]);
  expect((await world.fresh()).slice(0, 3)).toEqual(['customer.subscription.updated', 'invoiceitem.created', 'invoice.created']);
});

test('[S 3.3] billing_cycle_anchor now with none charges twice, unchanged does nothing', async () => {
  const { stripe, subscription } = await start({ now: '2026-01-01', amount: 3100 });
  await world.to('2026-01-11');
  await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
  await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' }, proration_behavior: 'none' });
  expect(await latest(subscription.id)).toMatchObject({ amount_paid: 3100, lines: { data: [{ amount: 3100 }] } });
});

test.each([
  ['2026-01-16', { day_of_month: 31 }, '2026-01-31', '2026-02-28', 1500],
  ['2026-01-31', { day_of_month: 1, hour: 12 }, '2026-02-01T12:00:00Z', '2026-03-01T12:00:00Z', 150],
  ['2028-02-10', { day_of_month: 30 }, '2028-02-29', '2028-03-30', 1900],
] as const)('[S 3.3] billing_cycle_anchor_config on %s: %o', async (now, config, anchor, second, firstPart) => {
  // The month the first part belongs to has 31 or, before 29 February, 30 days (30 January → 29 February).
  const days = now === '2028-02-10' ? 30 : 31;
  const { stripe, subscription } = await start({ now, amount: days * 100, more: { billing_cycle_anchor_config: config } });
  expect(iso(subscription.items.data[0]?.current_period_end)).toBe(anchor);
  expect(await latest(subscription.id)).toMatchObject({ amount_paid: firstPart, billing_reason: 'subscription_create' });
  expect(subscription.billing_cycle_anchor_config).toMatchObject(config);
  await world.to(iso(at(anchor) + 7200)!);
  expect(iso((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end)).toBe(second);
});

test('[S 3.3] a change inside a first part is worked out over the month, not over the part', async () => {
  const { stripe, customer, subscription, item } = await start({
    now: '2026-01-16',
    amount: 3100,
    more: { billing_cycle_anchor: at('2026-02-01') },
  });
  expect(await latest(subscription.id)).toMatchObject({ amount_paid: 1600 });
  await world.to('2026-01-20');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] });
  // Twelve days are left: 12.00 of the 16.00 back, 12 of 31 days of 62.00.
  expect(await pendingOf(customer.id)).toEqual([-1200, 2400]);
});

test('[S 3.3] ranges of billing_cycle_anchor_config, monthly and yearly only, not beside an anchor', async () => {
  const { stripe, price, customer } = await start({ now: '2026-01-01', amount: 100 });
  const weekly = await world.price(100, { recurring: { interval: 'week' } }, 'Weekly');
  const create = (config: Stripe.SubscriptionCreateParams['billing_cycle_anchor_config'], more: object = {}) =>
    refusal(
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        billing_cycle_anchor_config: config!,
        ...more,
      }),
    );
  expect(await create({ day_of_month: 32 })).toMatchObject({ param: 'billing_cycle_anchor_config[day_of_month]' });
  expect(await create({ day_of_month: 1, month: 13 })).toMatchObject({ param: 'billing_cycle_anchor_config[month]' });
  expect(await create({ day_of_month: 1, hour: 24 })).toMatchObject({ param: 'billing_cycle_anchor_config[hour]' });
  expect(await create({ day_of_month: 1 }, { items: [{ price: weekly.id }] })).toMatchObject({ param: 'billing_cycle_anchor_config' });
  expect(await create({ day_of_month: 1 }, { billing_cycle_anchor: at('2026-01-10') })).toMatchObject({ code: 'parameters_exclusive' });
});

test('[S 3.3] weeks keep their weekday, 3-month and leap-day years their place', async () => {
  const { stripe, customer } = await start({ now: '2028-02-29', amount: 100 });
  const ends = async (recurring: Stripe.PriceCreateParams.Recurring) => {
    const price = await world.price(100, { recurring }, `${recurring.interval_count ?? 1} ${recurring.interval}`);
    const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    return iso(made.items.data[0]?.current_period_end);
  };
  expect(await ends({ interval: 'day', interval_count: 10 })).toBe('2028-03-10');
  expect(await ends({ interval: 'week', interval_count: 2 })).toBe('2028-03-14');
  expect(await ends({ interval: 'month', interval_count: 3 })).toBe('2028-05-29');
  expect(await ends({ interval: 'year' })).toBe('2029-02-28');
});

test.each([
  ['min_period_end', '2026-02-01'],
  ['max_period_end', '2027-01-01'],
] as const)('[DTS cancel_at] %s with a monthly and a yearly item: %s', async (cancel_at, end) => {
  const { stripe, subscription } = await start({ now: '2026-01-01', amount: 3100 });
  const yearly = await world.price(36_500, { recurring: { interval: 'year' } }, 'Support');
  await stripe.subscriptions.update(subscription.id, { items: [{ price: yearly.id }], proration_behavior: 'always_invoice' });
  await world.to('2026-01-11');
  const ending = await stripe.subscriptions.update(subscription.id, { cancel_at, proration_behavior: 'none' });
  expect([iso(ending.cancel_at), ending.cancel_at_period_end]).toEqual([end, false]);
  await world.to('2027-01-01');
  const ended = await stripe.subscriptions.retrieve(subscription.id);
  expect([ended.status, iso(ended.ended_at)]).toEqual(['canceled', end]);
});

test.each([
  [{}, [], 0],
  [
    { prorate: true },
    [
      ['Unused time on 2 × Pro after 21 Jan 2026', -2200],
      ['Remaining time on 2 × Pro after 11 Jan 2026', 4200],
      ['Unused time on Pro after 11 Jan 2026', -2100],
    ],
    0,
  ],
  [{ invoice_now: true }, [], 2100],
  [{ prorate: true, invoice_now: true }, [], -100],
] as const)('[S 3.1] cancel now %o: pending prorations, the unused time, the last invoice', async (options, pending, last) => {
  const { stripe, customer, subscription, item } = await start({ now: '2026-01-01', amount: 3100 });
  await world.to('2026-01-11');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] });
  const extra = await stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: 'usd' });
  await world.to('2026-01-21');
  await stripe.subscriptions.cancel(subscription.id, options);
  const left = (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data;
  const own = left.filter((entry) => entry.id !== extra.id);
  expect(left.length - own.length).toBe(1);
  expect(own.map((entry) => [entry.description, entry.amount])).toEqual(pending);
  const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(invoices[0]?.total).toBe(last === 0 ? 3100 : last);
});

test('[S 3.4] a new price and a new anchor in one call: the old time back once, the new whole period once', async () => {
  const { stripe, subscription, item } = await start({ now: '2026-01-01', amount: 3100 });
  const [other, yearly] = [
    await world.price(6200, {}, 'Business'),
    await world.price(36_500, { recurring: { interval: 'year' } }, 'Yearly'),
  ];
  await world.to('2026-01-11');
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: other.id }],
    billing_cycle_anchor: { type: 'now' },
  });
  expect((await latest(subscription.id)).lines.data.map((line) => line.amount)).toEqual([6200, -2100]);
  await world.to('2026-01-21');
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: yearly.id }],
    billing_cycle_anchor: { type: 'now' },
  });
  // 21 of the 31 days from 11 January are left.
  expect((await latest(subscription.id)).lines.data.map((line) => line.amount)).toEqual([36_500, -4200]);
});

test('[S 3.4] a new price and a trial in one call: the old time back once, the new price from the end of the trial', async () => {
  const { stripe, customer, subscription, item } = await start({ now: '2026-01-01', amount: 3100 });
  const other = await world.price(6200, {}, 'Business');
  await world.to('2026-01-11');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: other.id }], trial_end: at('2026-01-25') });
  expect(await pendingOf(customer.id)).toEqual([-2100]);
  await world.to('2026-01-25T02:00:00Z');
  expect((await latest(subscription.id)).lines.data.map((line) => line.amount)).toEqual([6200, -2100]);
});
