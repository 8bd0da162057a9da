import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
let stripe: Stripe;
let customer: Stripe.Customer;
let meter: Stripe.Billing.Meter;
let calls: Stripe.Price;
let base: Stripe.Price;
beforeEach(async () => {
  world = await openWorld({ now: '2026-01-01' });
  stripe = world.stripe;
  customer = await world.customer();
  meter = await meterOf('calls');
  calls = await metered({ unit_amount: 10 });
  base = await world.price(2000);
});
afterEach(() => world.close());

const meterOf = (event_name: string, more: Partial<Stripe.Billing.MeterCreateParams> = {}) =>
  stripe.billing.meters.create({ display_name: event_name, event_name, default_aggregation: { formula: 'sum' }, ...more });
const metered = (more: object, id = meter.id) =>
  stripe.prices.create({
    currency: 'usd',
    recurring: { interval: 'month', usage_type: 'metered', meter: id },
    product_data: { name: 'Calls' },
    ...more,
  });
const subscribe = (items: Stripe.SubscriptionCreateParams.Item[], billing_thresholds?: Stripe.SubscriptionCreateParams.BillingThresholds) =>
  stripe.subscriptions.create({ customer: customer.id, items, ...(billing_thresholds === undefined ? {} : { billing_thresholds }) });
/** Reports usage and lets what it sets off happen: thresholds are looked at a second after the report. */
const use = async (value: number, until: string) => {
  await stripe.billing.meterEvents.create({ event_name: 'calls', payload: { stripe_customer_id: customer.id, value: String(value) } });
  await world.to(until);
};
const invoices = async () => (await stripe.invoices.list({ customer: customer.id, limit: 100 })).data.reverse();
const rows = (invoice: Stripe.Invoice) =>
  invoice.lines.data.map((line) => [line.quantity, line.amount, iso(line.period.start), iso(line.period.end)]);

describe('an amount', () => {
  test('that usage reaches is billed; the period goes on', async () => {
    const subscription = await subscribe([{ price: calls.id }], { amount_gte: 1000 });
    expect(subscription.billing_thresholds).toEqual({ amount_gte: 1000, reset_billing_cycle_anchor: null });
    await use(99, '2026-01-05');
    expect(await invoices()).toEqual([]);
    await world.fresh();
    await use(21, '2026-01-06');
    const [first] = await invoices();
    expect(first).toMatchObject({
      billing_reason: 'subscription_threshold',
      status: 'paid',
      total: 1200,
      threshold_reason: { amount_gte: 1000, item_reasons: [] },
    });
    expect(rows(first!)).toEqual([[120, 1200, '2026-01-01', '2026-01-05T00:00:01Z']]);
    expect((await world.fresh()).slice(0, 2)).toEqual(['customer.subscription.updated', 'invoice.created']);
    await use(50, '2026-02-01');
    const after = (await invoices()).at(-1)!;
    expect(after).toMatchObject({ billing_reason: 'subscription_cycle' });
    expect(rows(after)).toEqual([[50, 500, '2026-01-05T00:00:01Z', '2026-02-01']]);
    // A new period counts from nothing.
    await use(80, '2026-02-10');
    expect(await invoices()).toHaveLength(2);
    await use(20, '2026-02-12');
    expect(rows((await invoices()).at(-1)!)).toEqual([[100, 1000, '2026-02-01', '2026-02-10T00:00:01Z']]);
  });

  test('graduated tiers go on where the threshold left them', async () => {
    const tiers = [
      { up_to: 100, unit_amount: 10, flat_amount: 200 },
      { up_to: 'inf', unit_amount: 4 },
    ];
    const price = await metered({ billing_scheme: 'tiered', tiers_mode: 'graduated', tiers });
    await subscribe([{ price: price.id }], { amount_gte: 800 });
    await use(70, '2026-01-05');
    expect(rows((await invoices())[0]!).map((row) => row.slice(0, 2))).toEqual([
      [70, 700],
      [0, 200],
    ]);
    await use(40, '2026-02-01');
    expect(rows((await invoices()).at(-1)!).map((row) => row.slice(0, 2))).toEqual([
      [30, 300],
      [10, 40],
    ]);
  });

  test('with a reset the period ends here and the next one begins, plain prices too', async () => {
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }], { amount_gte: 3000, reset_billing_cycle_anchor: true });
    await world.to('2026-01-11');
    await use(100, '2026-01-12');
    const bill = (await invoices()).at(-1)!;
    expect(bill).toMatchObject({ billing_reason: 'subscription_threshold', total: 3000, threshold_reason: { amount_gte: 3000 } });
    expect(rows(bill)).toEqual([
      [100, 1000, '2026-01-01', '2026-01-11T00:00:01Z'],
      [1, 2000, '2026-01-11T00:00:01Z', '2026-02-11T00:00:01Z'],
    ]);
    const moved = await stripe.subscriptions.retrieve(subscription.id);
    expect(moved.billing_cycle_anchor).toBe(at('2026-01-11T00:00:01Z'));
    expect(moved.items.data.map((item) => iso(item.current_period_end))).toEqual(['2026-02-11T00:00:01Z', '2026-02-11T00:00:01Z']);
    await use(3, '2026-02-11T00:00:01Z');
    expect(rows((await invoices()).at(-1)!)[0]).toEqual([3, 30, '2026-01-11T00:00:01Z', '2026-02-11T00:00:01Z']);
  });

  test('counts discounts, not taxes', async () => {
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 50, inclusive: false });
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: calls.id }],
      billing_thresholds: { amount_gte: 1000 },
      default_tax_rates: [vat.id],
      discounts: [{ coupon: coupon.id }],
    });
    await use(199, '2026-01-05');
    expect(await invoices()).toEqual([]);
    await use(1, '2026-01-06');
    expect((await invoices())[0]).toMatchObject({ total_excluding_tax: 1000, total: 1500 });
  });

  test('is not looked at in a trial, nor in the last 24 hours of a period, nor when taken away', async () => {
    const trial = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: calls.id }],
      trial_period_days: 5,
      billing_thresholds: { amount_gte: 100 },
    });
    await use(1000, '2026-01-06T02:00:00Z');
    expect((await invoices()).map((invoice) => [invoice.billing_reason, invoice.total])).toEqual([['subscription_cycle', 0]]);
    await world.to('2026-02-05');
    await use(500, '2026-02-05T12:00:00Z');
    expect(await invoices()).toHaveLength(1);
    await world.to('2026-02-07');
    await stripe.subscriptions.update(trial.id, { billing_thresholds: '' });
    expect((await stripe.subscriptions.retrieve(trial.id)).billing_thresholds).toBeNull();
    await use(500, '2026-02-08');
    expect((await invoices()).filter((invoice) => invoice.billing_reason === 'subscription_threshold')).toEqual([]);
  });
});

describe('a quantity', () => {
  test('of one item is billed when it is reached, with its reason', async () => {
    const subscription = await subscribe([{ price: base.id }, { price: calls.id, billing_thresholds: { usage_gte: 100 } }]);
    expect(subscription.items.data.map((item) => item.billing_thresholds)).toEqual([null, { usage_gte: 100 }]);
    await use(99, '2026-01-05');
    await use(1, '2026-01-06');
    const bill = (await invoices()).at(-1)!;
    expect(bill).toMatchObject({ billing_reason: 'subscription_threshold', total: 1000 });
    expect(bill.threshold_reason).toEqual({
      amount_gte: null,
      item_reasons: [{ usage_gte: 100, line_item_ids: [bill.lines.data[0]!.id] }],
    });
    await use(99, '2026-01-10');
    expect(await invoices()).toHaveLength(2);
    const item = subscription.items.data[1]!.id;
    await stripe.subscriptionItems.update(item, { billing_thresholds: '' });
    await use(50, '2026-01-12');
    expect(await invoices()).toHaveLength(2);
  });
});

describe('refusals', () => {
  test('amounts that are too small or no more than the plain prices', async () => {
    expect(await refusal(subscribe([{ price: calls.id }], { amount_gte: 49 }))).toMatchObject({ param: 'billing_thresholds[amount_gte]' });
    expect(await refusal(subscribe([{ price: base.id }, { price: calls.id }], { amount_gte: 2000 }))).toMatchObject({
      statusCode: 400,
      param: 'billing_thresholds[amount_gte]',
    });
    const subscription = await subscribe([{ price: calls.id }], { amount_gte: 2000 });
    expect(await refusal(stripe.subscriptionItems.create({ subscription: subscription.id, price: base.id }))).toMatchObject({
      statusCode: 400,
    });
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data).toHaveLength(1);
  });

  test('quantities of plain prices', async () => {
    expect(await refusal(subscribe([{ price: base.id, billing_thresholds: { usage_gte: 5 } }]))).toMatchObject({
      param: 'items[0][billing_thresholds]',
    });
    expect(await refusal(subscribe([{ price: calls.id, billing_thresholds: { usage_gte: 0 } }]))).toMatchObject({
      param: 'items[0][billing_thresholds][usage_gte]',
    });
  });

  test('what cannot be billed in parts, unless the period ends with it', async () => {
    const volume = await metered({ billing_scheme: 'tiered', tiers_mode: 'volume', tiers: [{ up_to: 'inf', unit_amount: 4 }] });
    const packs = await metered({ unit_amount: 4, transform_quantity: { divide_by: 10, round: 'up' } });
    const last = await metered({ unit_amount: 4 }, (await meterOf('seats', { default_aggregation: { formula: 'last' } })).id);
    const daily = await metered({ unit_amount: 4 }, (await meterOf('daily', { event_time_window: 'day' })).id);
    for (const price of [volume, packs, last, daily]) {
      expect(await refusal(subscribe([{ price: price.id }], { amount_gte: 100 }))).toMatchObject({
        code: 'sandbox_not_emulated',
        param: 'billing_thresholds',
      });
      await subscribe([{ price: price.id }], { amount_gte: 100, reset_billing_cycle_anchor: true });
    }
  });
});
