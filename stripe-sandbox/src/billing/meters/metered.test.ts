import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at } from '../subscription/test-world.ts';
import { type MeteredWorld, openMeteredWorld, rows } from './test-world.ts';

let world: MeteredWorld;
let stripe: Stripe;
let customer: Stripe.Customer;
let meter: Stripe.Billing.Meter;
let use: MeteredWorld['use'];
let metered: MeteredWorld['metered'];
let tiered: MeteredWorld['tiered'];
let subscribe: MeteredWorld['subscribe'];
let newest: MeteredWorld['newest'];
beforeEach(async () => {
  world = await openMeteredWorld();
  ({ stripe, customer, meter, use, metered, tiered, subscribe, newest } = world);
});
afterEach(() => world.close());

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
