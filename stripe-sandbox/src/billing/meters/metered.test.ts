import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
let stripe: Stripe;
let customer: Stripe.Customer;
let meter: Stripe.Billing.Meter;
beforeEach(async () => {
  world = await openWorld({ now: '2026-01-01' });
  stripe = world.stripe;
  customer = await world.customer();
  meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  await world.fresh();
});
afterEach(() => world.close());

const use = (value: number | string, when?: string, identifier?: string) =>
  stripe.billing.meterEvents.create({
    event_name: 'calls',
    payload: { stripe_customer_id: customer.id, value: String(value) },
    ...(when === undefined ? {} : { timestamp: at(when) }),
    ...(identifier === undefined ? {} : { identifier }),
  });
const metered = (more: object = {}, name = 'Calls') =>
  stripe.prices.create({
    currency: 'usd',
    unit_amount_decimal: '0.5',
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    product_data: { name },
    ...more,
  } as never);
const tiered = (mode: 'graduated' | 'volume') =>
  metered({
    unit_amount_decimal: undefined,
    billing_scheme: 'tiered',
    tiers_mode: mode,
    tiers: [
      { up_to: 100, unit_amount: 10, flat_amount: 500 },
      { up_to: 1000, unit_amount: 5 },
      { up_to: 'inf', unit_amount_decimal: '2.5', flat_amount: 300 },
    ],
  });
const subscribe = (items: Stripe.SubscriptionCreateParams.Item[], more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
  stripe.subscriptions.create({ customer: customer.id, items, ...more });
const newest = async () => (await stripe.invoices.list({ customer: customer.id, limit: 1 })).data[0]!;
const rows = (invoice: Stripe.Invoice) =>
  invoice.lines.data.map((line) => [
    line.description,
    line.quantity_decimal?.toString(),
    line.amount,
    iso(line.period.start),
    iso(line.period.end),
  ]);

describe('a month of usage', () => {
  test('is billed on the invoice of the next cycle, with its own period and quantity', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    const item = subscription.items.data[1]!;
    expect(item.quantity).toBeUndefined();
    expect(item.price.recurring).toMatchObject({ usage_type: 'metered', meter: meter.id });
    expect(item.plan).toMatchObject({ usage_type: 'metered', meter: meter.id });
    // The first invoice knows nothing of usage.
    expect(rows(await newest())).toEqual([['1 × Pro (at $20.00 / month)', '1', 2000, '2026-01-01', '2026-02-01']]);
    await use(1000);
    await world.to('2026-01-20');
    await use(501);
    await world.to('2026-02-01');
    const draft = await newest();
    expect(draft).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle', amount_due: 2751 });
    expect(rows(draft)).toEqual([
      ['1501 × Calls (at $0.005 / month)', '1501', 751, '2026-01-01', '2026-02-01'],
      ['1 × Pro (at $20.00 / month)', '1', 2000, '2026-02-01', '2026-03-01'],
    ]);
    expect(draft.lines.data[0]).toMatchObject({
      quantity: 1501,
      pricing: { type: 'price_details', price_details: { price: calls.id } },
      parent: {
        type: 'subscription_item_details',
        subscription_item_details: {
          subscription: subscription.id,
          subscription_item: item.id,
          invoice_item: null,
          proration: false,
        },
      },
    });
    expect(draft.lines.data[0]!.pricing!.unit_amount_decimal!.toString()).toBe('0.5');
    await world.to('2026-02-01T01:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', amount_paid: 2751 });
    // February has its own count.
    await use(4);
    await world.to('2026-03-01');
    expect(rows(await newest())[0]).toEqual(['4 × Calls (at $0.005 / month)', '4', 2, '2026-02-01', '2026-03-01']);
  });

  test('that was reported late still counts in the draft hour; usage after the boundary waits for the next invoice', async () => {
    await subscribe([{ price: (await metered()).id }]);
    await use(100);
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(50);
    await world.to('2026-02-01T00:30:00Z');
    await use(60, '2026-01-31T23:59:59Z');
    await use(7, '2026-02-01');
    await world.to('2026-02-01T01:00:00Z');
    const paid = await newest();
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 80 });
    expect(rows(paid)).toEqual([['160 × Calls (at $0.005 / month)', '160', 80, '2026-01-01', '2026-02-01']]);
    await use(1000, '2026-01-31');
    expect((await stripe.invoices.retrieve(paid.id!)).total).toBe(80);
    await world.to('2026-03-01');
    expect(rows(await newest())[0]![1]).toBe('7');
  });

  test('that was taken back in the draft hour is not billed; a negative total is nothing', async () => {
    await subscribe([{ price: (await metered()).id }]);
    await world.to('2026-01-31T12:00:00Z');
    await use(300, undefined, 'mistake');
    await use(-20);
    await world.to('2026-02-01T00:30:00Z');
    await stripe.billing.meterEventAdjustments.create({ event_name: 'calls', type: 'cancel', cancel: { identifier: 'mistake' } });
    await world.to('2026-02-01T02:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', total: 0 });
    expect(rows(await newest())).toEqual([['0 × Calls (at $0.005 / month)', '0', 0, '2026-01-01', '2026-02-01']]);
  });

  test.each([
    [
      'graduated',
      0,
      [
        ['0', 0],
        ['0', 500],
      ],
    ],
    [
      'graduated',
      100,
      [
        ['100', 1000],
        ['0', 500],
      ],
    ],
    [
      'graduated',
      1001,
      [
        ['100', 1000],
        ['0', 500],
        ['900', 4500],
        ['1', 3],
        ['0', 300],
      ],
    ],
    [
      'volume',
      100,
      [
        ['100', 1000],
        ['0', 500],
      ],
    ],
    ['volume', 101, [['101', 505]]],
    [
      'volume',
      2001,
      [
        ['2001', 5003],
        ['0', 300],
      ],
    ],
  ] as const)('in %s tiers: %i units', async (mode, units, expected) => {
    await subscribe([{ price: (await tiered(mode)).id }]);
    if (units > 0) await use(units);
    await world.to('2026-02-01');
    expect((await newest()).lines.data.map((line) => [line.quantity_decimal!.toString(), line.amount])).toEqual(expected);
  });

  test('late usage that reaches another tier adds its lines in place', async () => {
    const [calls, base] = [await tiered('graduated'), await world.price(2000)];
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
    await subscribe([{ price: calls.id, tax_rates: [vat.id] }, { price: base.id }]);
    await use(40);
    await world.to('2026-02-01');
    const draft = await newest();
    expect(draft.lines.data.map((line) => line.amount)).toEqual([400, 500, 2000]);
    await use(80, '2026-01-31');
    await world.to('2026-02-01T01:00:00Z');
    const paid = await newest();
    expect(paid.lines.data.map((line) => line.amount)).toEqual([1000, 500, 100, 2000]);
    expect(paid.lines.data.map((line) => line.taxes!.reduce((sum, tax) => sum + tax.amount, 0))).toEqual([100, 50, 10, 0]);
    expect(paid.lines.data[0]!.id).toBe(draft.lines.data[0]!.id);
    expect(paid.total).toBe(3760);
  });

  test('in packages, rounded up; decimals count', async () => {
    const calls = await metered({ unit_amount_decimal: '199', transform_quantity: { divide_by: 1000, round: 'up' } });
    await subscribe([{ price: calls.id }]);
    await use('2000.5');
    await world.to('2026-02-01');
    const [line] = (await newest()).lines.data;
    expect(line).toMatchObject({ quantity: 2000, amount: 597 });
    expect(line!.quantity_decimal!.toString()).toBe('2000.5');
  });

  test('of several meters, aggregations and intervals', async () => {
    const seats = await stripe.billing.meters.create({
      display_name: 'Seats',
      event_name: 'seats',
      default_aggregation: { formula: 'last' },
    });
    const perSeat = await metered(
      { unit_amount_decimal: '300', recurring: { interval: 'week', usage_type: 'metered', meter: seats.id } },
      'Seat',
    );
    const calls = await metered();
    await subscribe([{ price: calls.id }, { price: perSeat.id }]);
    const seat = (value: string, when: string) =>
      stripe.billing.meterEvents.create({
        event_name: 'seats',
        payload: { stripe_customer_id: customer.id, value },
        timestamp: at(when),
      });
    await use(10);
    await world.to('2026-01-07');
    await seat('5', '2026-01-06');
    await seat('9', '2026-01-02');
    await world.to('2026-01-08T02:00:00Z');
    expect(rows(await newest())).toEqual([['5 × Seat (at $3.00 / week)', '5', 1500, '2026-01-01', '2026-01-08']]);
    await world.to('2026-01-15T02:00:00Z');
    expect(rows(await newest())[0]).toEqual(['0 × Seat (at $3.00 / week)', '0', 0, '2026-01-08', '2026-01-15']);
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-01', '2026-02-01']]);
  });
});

describe('nothing but usage', () => {
  test('[S 3.3 flexible] starts active without an invoice', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null });
    expect(await world.fresh()).not.toContain('invoice.created');
  });

  test('[S 3.3 classic] starts with an invoice of nothing', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }], { billing_mode: { type: 'classic' } });
    const first = await stripe.invoices.retrieve(subscription.latest_invoice as string);
    expect(first).toMatchObject({ status: 'paid', total: 0, billing_reason: 'subscription_create' });
    expect(rows(first)).toEqual([['Calls', '0', 0, '2026-01-01', '2026-02-01']]);
  });

  test('[S 3.10] in a trial costs nothing, flat fees included', async () => {
    await subscribe([{ price: (await tiered('graduated')).id }], { trial_period_days: 10 });
    await use(500);
    await world.to('2026-01-11');
    const ended = await newest();
    expect(ended).toMatchObject({ billing_reason: 'subscription_cycle', total: 0 });
    expect(rows(ended)).toEqual([['Calls', '0', 0, '2026-01-01', '2026-01-11']]);
    await use(10, '2026-01-11');
    await world.to('2026-02-11');
    expect(rows(await newest()).map((row) => row[2])).toEqual([100, 500]);
  });

  test('a trial ended now: what was used in it is free, from then on it counts', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }], { trial_period_days: 10 });
    await use(500);
    await world.to('2026-01-05');
    await stripe.subscriptions.update(subscription.id, { trial_end: 'now' });
    await use(10);
    await world.to('2026-02-05');
    expect(rows(await newest())).toEqual([['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-05', '2026-02-05']]);
  });
});

describe('a preview', () => {
  test('shows usage so far and writes nothing; invoice.upcoming too', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await use(1000);
    await world.to('2026-01-10');
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview).toMatchObject({ amount_due: 500, billing_reason: 'upcoming', period_end: at('2026-02-01') });
    expect(rows(preview)).toEqual([['1000 × Calls (at $0.005 / month)', '1000', 500, '2026-01-01', '2026-02-01']]);
    await use(200);
    expect((await stripe.invoices.createPreview({ subscription: subscription.id })).amount_due).toBe(600);
    await world.to('2026-01-26');
    const told = (await world.events()).find((event) => event.type === 'invoice.upcoming');
    expect(told!.data.object).toMatchObject({ amount_due: 600, lines: { data: [{ quantity: 1200 }] } });
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(600);
  });
});

describe('a change in mid-period', () => {
  test('[S 3.3 flexible] bills each span at the price that was in force', async () => {
    const [old, dearer] = [await metered(), await metered({ unit_amount_decimal: '2' }, 'Better calls')];
    const subscription = await subscribe([{ price: old.id }]);
    await use(100);
    await world.to('2026-01-11');
    const item = subscription.items.data[0]!.id;
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: item, price: dearer.id }] },
    });
    expect(preview.lines.data.map((line) => line.amount)).toEqual([50, 0]);
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: dearer.id }] });
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
    await use(10);
    // Reported late, but used under the old price.
    await use(1, '2026-01-10');
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([
      ['101 × Calls (at $0.005 / month)', '101', 51, '2026-01-01', '2026-01-11'],
      ['10 × Better calls (at $0.02 / month)', '10', 20, '2026-01-11', '2026-02-01'],
    ]);
    await world.to('2026-02-01T01:00:00Z');
    await world.to('2026-03-01');
    expect(rows(await newest()).map((row) => row[0])).toEqual(['0 × Better calls (at $0.02 / month)']);
  });

  test('[S 3.3 classic] bills only what was used since', async () => {
    const [old, dearer] = [await metered(), await metered({ unit_amount_decimal: '2' }, 'Better calls')];
    const subscription = await subscribe([{ price: old.id }], { billing_mode: { type: 'classic' } });
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0]!.id, price: dearer.id }] });
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([['10 × Better calls (at $0.02 / month)', '10', 20, '2026-01-11', '2026-02-01']]);
  });

  test('from usage to a plain price and back', async () => {
    const [calls, flat] = [await metered(), await world.price(3100)];
    const subscription = await subscribe([{ price: calls.id }]);
    const item = subscription.items.data[0]!.id;
    await use(1000);
    await world.to('2026-01-17');
    const changed = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: flat.id, quantity: 2 }] });
    expect(changed.items.data[0]!.quantity).toBe(2);
    // Half of January at 2 × 31.00 is due, and the usage before it.
    await world.to('2026-01-25');
    const back = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: calls.id }] });
    expect(back.items.data[0]!.quantity).toBeUndefined();
    await use(2);
    await world.to('2026-02-01');
    const lines = (await newest()).lines.data.map((line) => [line.description, line.amount]);
    expect(lines).toContainEqual(['1000 × Calls (at $0.005 / month)', 500]);
    expect(lines).toContainEqual(['2 × Calls (at $0.005 / month)', 1]);
  });

  test('[S 3.3 flexible] a metered item that goes leaves its usage to the next invoice', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    await use(30);
    await world.to('2026-01-16');
    await stripe.subscriptionItems.del(subscription.items.data[1]!.id, { clear_usage: true });
    await use(5000);
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(pending.data).toMatchObject([{ amount: 15, quantity: 30, proration: false, description: '30 × Calls (at $0.005 / month)' }]);
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(2015);
  });

  test('[S 3.3 classic] a metered item that goes takes its usage along', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }], { billing_mode: { type: 'classic' } });
    await use(30);
    await stripe.subscriptionItems.del(subscription.items.data[1]!.id);
    await world.to('2026-02-01');
    expect((await newest()).amount_due).toBe(2000);
  });

  test('a metered item added later counts from then on', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }]);
    await use(1000);
    await world.to('2026-01-16');
    const added = await stripe.subscriptionItems.create({ subscription: subscription.id, price: calls.id });
    expect(added.quantity).toBeUndefined();
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())[0]).toEqual(['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-16', '2026-02-01']);
  });

  test('an anchor moved to now bills the usage so far at once', async () => {
    const [base, calls] = [await world.price(3100), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    await use(400);
    await world.to('2026-01-11');
    await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' }, proration_behavior: 'none' });
    const invoice = await newest();
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid', total: 3300 });
    expect(invoice.lines.data.map((line) => line.amount).sort()).toEqual([200, 3100]);
    await use(2);
    await world.to('2026-02-11');
    expect(rows(await newest())[0]).toEqual(['2 × Calls (at $0.005 / month)', '2', 1, '2026-01-11', '2026-02-11']);
  });

  test('[S 3.10] a pause bills the usage so far; while paused, usage is taken and not billed', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.pause(subscription.id, { type: 'subscription' });
    const waiting = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(waiting.data.map((item) => [item.amount, item.description])).toEqual([[50, '100 × Calls (at $0.005 / month)']]);
    await use(1000);
    await world.to('2026-01-21');
    await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
    await use(10);
    await world.to('2026-02-01');
    const invoice = await newest();
    expect(invoice.total).toBe(55);
    expect(rows(invoice)).toEqual([
      ['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-21', '2026-02-01'],
      ['100 × Calls (at $0.005 / month)', '100', 50, '2026-01-01', '2026-01-11'],
    ]);
  });

  test('[DTS pause] with `outstanding_usage_through: none` the usage so far is never billed', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await use(100);
    await world.to('2026-01-11');
    await stripe.subscriptions.pause(subscription.id, { type: 'subscription', bill_for: { outstanding_usage_through: { type: 'none' } } });
    await world.to('2026-01-21');
    await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
    await use(10);
    await world.to('2026-02-01');
    expect(rows(await newest())).toEqual([['10 × Calls (at $0.005 / month)', '10', 5, '2026-01-21', '2026-02-01']]);
  });
});

describe('the end', () => {
  test('[DTS cancel] at once: usage is forgotten, with invoice_now it is billed', async () => {
    const calls = await metered();
    const [kept, dropped] = [await subscribe([{ price: calls.id }]), await subscribe([{ price: calls.id }])];
    await use(500);
    await world.to('2026-01-11');
    await stripe.subscriptions.cancel(dropped.id);
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
    await stripe.subscriptions.cancel(kept.id, { invoice_now: true });
    const last = await newest();
    expect(last).toMatchObject({ status: 'paid', total: 250 });
    expect(rows(last)).toEqual([['500 × Calls (at $0.005 / month)', '500', 250, '2026-01-01', '2026-01-11']]);
  });

  test('at once without usage: no invoice of nothing', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await stripe.subscriptions.cancel(subscription.id, { invoice_now: true });
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
  });

  test('[S 3.6 (6)] at the period’s end: a last invoice with all of it, late usage included', async () => {
    const subscription = await subscribe([{ price: (await metered()).id }]);
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await use(500);
    await world.to('2026-02-01T00:30:00Z');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    await use(100, '2026-01-31');
    await world.to('2026-02-01T01:00:00Z');
    expect(await newest()).toMatchObject({ status: 'paid', total: 300 });
  });
});

describe('refusals', () => {
  test('a metered price needs an active meter, and a meter a metered price', async () => {
    const price = (recurring: object) =>
      stripe.prices.create({ currency: 'usd', unit_amount: 1, product_data: { name: 'X' }, recurring } as never);
    expect(await refusal(price({ interval: 'month', usage_type: 'metered' }))).toMatchObject({ param: 'recurring[meter]' });
    expect(await refusal(price({ interval: 'month', meter: meter.id }))).toMatchObject({ param: 'recurring[meter]' });
    expect(await refusal(price({ interval: 'month', usage_type: 'metered', meter: 'mtr_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'recurring[meter]',
      statusCode: 400,
    });
    await stripe.billing.meters.deactivate(meter.id);
    expect(await refusal(price({ interval: 'month', usage_type: 'metered', meter: meter.id }))).toMatchObject({
      param: 'recurring[meter]',
    });
  });

  test('usage has no quantity', async () => {
    const calls = await metered();
    expect(await refusal(subscribe([{ price: calls.id, quantity: 2 }]))).toMatchObject({ statusCode: 400, param: 'items[0][quantity]' });
    const subscription = await subscribe([{ price: calls.id }]);
    const item = subscription.items.data[0]!.id;
    expect((await refusal(stripe.subscriptionItems.update(item, { quantity: 3 }))).message).toBe(
      'You cannot set the quantity for metered plans.',
    );
    await stripe.subscriptionItems.update(item, { metadata: { team: 'a' } });
    const session = (quantity?: number) =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        success_url: 'http://shop.test/done',
        line_items: [{ price: calls.id, ...(quantity === undefined ? {} : { quantity }) }],
      });
    expect((await refusal(session(1))).message).toBe(
      'Quantity should not be specified where usage_type is `metered`. Remove quantity from `line_items[0]`',
    );
    expect(await session()).toMatchObject({ amount_total: 0 });
  });

  test('clear_usage is for metered items', async () => {
    const [base, calls] = [await world.price(2000), await metered()];
    const subscription = await subscribe([{ price: base.id }, { price: calls.id }]);
    expect(await refusal(stripe.subscriptionItems.del(subscription.items.data[0]!.id, { clear_usage: true }))).toMatchObject({
      statusCode: 400,
    });
  });

  test('prices are found by their meter', async () => {
    const calls = await metered();
    await world.price(100);
    expect((await stripe.prices.list({ recurring: { meter: meter.id } })).data.map((price) => price.id)).toEqual([calls.id]);
    expect((await stripe.prices.list({ recurring: { usage_type: 'licensed' } })).data).toHaveLength(1);
  });
});
