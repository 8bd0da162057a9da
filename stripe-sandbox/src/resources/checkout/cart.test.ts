/** The buyer changes the cart on the page; shipping, invoices of purchases, recovery of expired sessions. */
import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const URLS = { success_url: 'http://shop.test/thanks', cancel_url: 'http://shop.test/cart' };
const VISA = {
  email: 'jane@example.com',
  name: 'Jane Roe',
  card_number: '4242 4242 4242 4242',
  card_expiry: '12 / 34',
  card_cvc: '123',
  action: 'pay',
};

let world: TestSandbox;
let stripe: Stripe;
let mug: Stripe.Price;
let spoon: Stripe.Price;
let seat: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const make = async (name: string, unit_amount: number, more: Partial<Stripe.PriceCreateParams> = {}) => {
    const product = await stripe.products.create({ name });
    return stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, ...more });
  };
  mug = await make('Mug', 1200);
  spoon = await make('Spoon', 300);
  seat = await make('Seat', 2500, { recurring: { interval: 'month' } });
});
afterEach(() => world.close());

const open = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price: mug.id, quantity: 1 }], ...URLS, ...more });
const pay = (session: { id: string }, fields: Record<string, string> = {}) =>
  submit(world.sandbox, `/c/${session.id}`, { ...VISA, ...fields });
const change = (session: { id: string }, fields: Record<string, string>) =>
  submit(world.sandbox, `/c/${session.id}`, fields, `/c/${session.id}/cart`);
const reload = (session: { id: string }) => stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });

describe('quantities', () => {
  test('a quantity is changed within its limits and that is what is paid', async () => {
    const session = await open({
      line_items: [{ price: mug.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } }],
    });
    const [item] = (await reload(session)).line_items!.data;
    expect((await change(session, { item: item!.id, quantity: '3' })).location).toBe(`/c/${session.id}`);
    expect((await reload(session)).amount_total).toBe(3600);
    const over = await change(session, { item: item!.id, quantity: '6' });
    expect([over.status, over.html.includes('Choose a quantity from 1 to 5.')]).toEqual([422, true]);
    expect((await change(session, { item: item!.id, quantity: '1.5' })).status).toBe(422);
    await pay(session);
    expect((await stripe.charges.list()).data[0]!.amount).toBe(3600);
  });

  test('any sequence of allowed quantities and discounts gives price × quantity less the percentage', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
    const session = await open({
      line_items: [
        { price: mug.id, quantity: 1, adjustable_quantity: { enabled: true } },
        { price: spoon.id, quantity: 2, adjustable_quantity: { enabled: true, maximum: 9 } },
      ],
      discounts: [{ coupon: coupon.id }],
    });
    const [mugs, spoons] = (await reload(session)).line_items!.data;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9 }), async (some, others) => {
        await change(session, { item: mugs!.id, quantity: String(some) });
        await change(session, { item: spoons!.id, quantity: String(others) });
        const subtotal = 1200 * some + 300 * others;
        const { amount_subtotal, amount_total, total_details } = await reload(session);
        // 25 % of a multiple of 100 is a whole number: no rounding can hide in here.
        expect([amount_subtotal, total_details!.amount_discount, amount_total]).toEqual([subtotal, subtotal / 4, (subtotal * 3) / 4]);
      }),
      { numRuns: 6 },
    );
  });

  test('limits that make no sense are refused; a fixed quantity stays', async () => {
    const line = (adjustable_quantity: object) =>
      open({ line_items: [{ price: mug.id, quantity: 2, adjustable_quantity: { enabled: true, ...adjustable_quantity } }] });
    await expect(line({ minimum: 3 })).rejects.toMatchObject({ param: 'line_items[0][adjustable_quantity]' });
    await expect(line({ maximum: 1_000_000 })).rejects.toMatchObject({ param: 'line_items[0][adjustable_quantity][maximum]' });
    const fixed = await open();
    const [item] = (await reload(fixed)).line_items!.data;
    expect((await change(fixed, { item: item!.id, quantity: '2' })).html).toContain('The quantity of this item is fixed.');
  });

  test('a subscription’s cart is fixed once its first payment was tried', async () => {
    const session = await open({
      mode: 'subscription',
      line_items: [{ price: seat.id, quantity: 1, adjustable_quantity: { enabled: true } }],
    });
    const [item] = (await reload(session)).line_items!.data;
    await change(session, { item: item!.id, quantity: '2' });
    await pay(session, { card_number: '4000000000009995' });
    expect((await change(session, { item: item!.id, quantity: '1' })).status).toBe(422);
    await pay(session);
    const { subscription } = await reload(session);
    expect((await stripe.subscriptions.retrieve(subscription as string)).items.data[0]!.quantity).toBe(2);
  });
});

describe('optional items', () => {
  test('are offered, added, taken out again and bought', async () => {
    const session = await open({ optional_items: [{ price: spoon.id, quantity: 2 }] });
    expect(session.optional_items).toEqual([{ adjustable_quantity: null, price: spoon.id, quantity: 2 }]);
    expect((await visit(world.sandbox, `/c/${session.id}`)).html).toContain('Add to your order');
    await change(session, { add: spoon.id });
    expect((await reload(session)).amount_total).toBe(1800);
    await change(session, { remove: spoon.id });
    expect((await reload(session)).amount_total).toBe(1200);
    expect((await change(session, { remove: mug.id })).status).toBe(422);
    await change(session, { add: spoon.id });
    await pay(session);
    const done = await reload(session);
    expect(done.line_items!.data.map((item) => [item.description, item.quantity, item.amount_total])).toEqual([
      ['Mug', 1, 1200],
      ['Spoon', 2, 600],
    ]);
    expect((await stripe.charges.list()).data[0]!.amount).toBe(1800);
  });

  test('a one-time extra goes onto the subscription’s first invoice; the subscription itself cannot be taken out', async () => {
    const session = await open({
      mode: 'subscription',
      line_items: [
        { price: seat.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 0 } },
        { price: mug.id, quantity: 1 },
      ],
      optional_items: [{ price: spoon.id, quantity: 1 }],
    });
    const [item] = (await reload(session)).line_items!.data;
    expect((await change(session, { item: item!.id, quantity: '0' })).html).toContain('The subscription itself cannot be taken out.');
    await change(session, { add: spoon.id });
    await pay(session);
    const invoice = await stripe.invoices.retrieve((await reload(session)).invoice as string);
    expect([invoice.status, invoice.total, invoice.lines.data.length]).toEqual(['paid', 4000, 3]);
  });

  test('what stands in the cart already, or is too many, is refused', async () => {
    await expect(open({ optional_items: [{ price: mug.id, quantity: 1 }] })).rejects.toMatchObject({ param: 'optional_items[0][price]' });
    const many = Array.from({ length: 11 }, () => ({ price: spoon.id, quantity: 1 }));
    await expect(open({ optional_items: many })).rejects.toMatchObject({ param: 'optional_items' });
  });
});

describe('shipping', () => {
  test('the first way is chosen until another is; the total says so before anything is paid', async () => {
    const express = await stripe.shippingRates.create({
      display_name: 'Express',
      type: 'fixed_amount',
      fixed_amount: { amount: 1500, currency: 'usd' },
    });
    const session = await open({
      shipping_options: [
        {
          shipping_rate_data: {
            display_name: 'Post',
            fixed_amount: { amount: 500, currency: 'usd' },
            delivery_estimate: { minimum: { unit: 'business_day', value: 3 }, maximum: { unit: 'business_day', value: 5 } },
          },
        },
        { shipping_rate: express.id },
      ],
    });
    expect(session).toMatchObject({ amount_subtotal: 1200, amount_total: 1700, total_details: { amount_shipping: 500 } });
    const { html } = await visit(world.sandbox, `/c/${session.id}`);
    for (const words of ['3 to 5 business days', 'Express', 'Pay $17.00']) expect(html).toContain(words);
    await change(session, { shipping_rate: express.id });
    expect((await visit(world.sandbox, `/c/${session.id}`)).html).toContain('Pay $27.00');
    expect((await change(session, { shipping_rate: 'shr_other' })).status).toBe(422);
    await pay(session);
    expect(await reload(session)).toMatchObject({
      amount_total: 2700,
      shipping_cost: { amount_subtotal: 1500, amount_tax: 0, amount_total: 1500, shipping_rate: express.id },
    });
    const expanded = await stripe.checkout.sessions.retrieve(session.id, { expand: ['shipping_cost.shipping_rate'] });
    expect((expanded.shipping_cost!.shipping_rate as Stripe.ShippingRate).display_name).toBe('Express');
    expect((await stripe.charges.list()).data[0]!.amount).toBe(2700);
  });

  test('rates are archived, listed, and refused where they do not fit', async () => {
    const rate = await stripe.shippingRates.create({
      display_name: 'Post',
      fixed_amount: { amount: 500, currency: 'eur', currency_options: { usd: { amount: 600 } } },
      metadata: { a: 'b' },
    });
    expect((await open({ shipping_options: [{ shipping_rate: rate.id }] })).total_details!.amount_shipping).toBe(600);
    expect(await stripe.shippingRates.update(rate.id, { active: false, metadata: { a: '' } })).toMatchObject({
      active: false,
      metadata: {},
    });
    expect((await stripe.shippingRates.list({ active: true })).data).toEqual([]);
    expect((await stripe.shippingRates.list({ currency: 'eur' })).data.map((one) => one.id)).toEqual([rate.id]);
    expect(await stripe.shippingRates.retrieve(rate.id)).toMatchObject({ fixed_amount: { amount: 500, currency: 'eur' } });
    await expect(open({ shipping_options: [{ shipping_rate: rate.id }] })).rejects.toMatchObject({
      param: 'shipping_options[0][shipping_rate]',
    });
    const inr = { display_name: 'Post', fixed_amount: { amount: 1, currency: 'inr' } };
    await expect(open({ shipping_options: [{ shipping_rate_data: inr }] })).rejects.toThrow(/has no amount in usd/);
    await expect(open({ shipping_options: [{ shipping_rate: 'shr_none' }] })).rejects.toMatchObject({ code: 'resource_missing' });
    const line_items = [{ price: seat.id, quantity: 1 }];
    await expect(open({ mode: 'subscription', line_items, shipping_options: [{ shipping_rate_data: inr }] })).rejects.toThrow(
      /only be used in `payment` mode/,
    );
  });
});

describe('invoice_creation', () => {
  test('2026-03-01: a purchase with discount and tax leaves a paid invoice with the same payment', async () => {
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
    const coupon = await stripe.coupons.create({ amount_off: 200, currency: 'usd', duration: 'once' });
    const session = await open({
      line_items: [{ price: mug.id, quantity: 2, tax_rates: [vat.id] }],
      discounts: [{ coupon: coupon.id }],
      invoice_creation: { enabled: true, invoice_data: { description: 'Thanks', footer: 'Foot', metadata: { order: '7' } } },
    });
    expect(session).toMatchObject({ customer_creation: 'always', amount_total: 2420, invoice: null });
    const before = (await world.eventTypes()).length;
    await pay(session);
    const done = await reload(session);
    const invoice = await stripe.invoices.retrieve(done.invoice as string, { expand: ['payments'] });
    expect(invoice).toMatchObject({
      status: 'paid',
      total: 2420,
      amount_due: 2420,
      amount_paid: 2420,
      customer: done.customer,
      billing_reason: 'manual',
      description: 'Thanks',
      footer: 'Foot',
      metadata: { order: '7' },
    });
    expect(invoice.payments!.data.map((one) => [one.status, one.payment.payment_intent])).toEqual([['paid', done.payment_intent]]);
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
    const told = (await world.eventTypes()).slice(before);
    expect(told.filter((type) => type === 'payment_intent.created')).toHaveLength(1);
    const order = [
      'payment_intent.succeeded',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'checkout.session.completed',
      'invoice_payment.paid',
    ];
    expect(told.filter((type) => order.includes(type))).toEqual(order);
  });

  test('a balance of the customer is left alone: the card paid everything', async () => {
    const customer = await stripe.customers.create({ email: 'jane@example.com', balance: -500 });
    const session = await open({ customer: customer.id, invoice_creation: { enabled: true } });
    await pay(session);
    const invoice = await stripe.invoices.retrieve((await reload(session)).invoice as string);
    expect([invoice.total, invoice.amount_due, invoice.amount_paid, invoice.starting_balance]).toEqual([1200, 1200, 1200, 0]);
    expect(((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-500);
  });

  test('a decline leaves no invoice; a slow payment gets its invoice when the money is there', async () => {
    const customer = await stripe.customers.create({ email: 'jane@example.com' });
    const session = await open({ customer: customer.id, invoice_creation: { enabled: true } });
    await pay(session, { card_number: '4000000000009995' });
    expect((await stripe.invoices.list()).data).toEqual([]);
    // biome-ignore lint/suspicious/noThenProperty: the control API's own word
    const outcome = { kind: 'processing' as const, seconds: 3600, then: 'succeed' as const };
    await world.sandbox.control.outcome({ account: world.account, customer: customer.id, outcome });
    await pay(session);
    expect(await reload(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid', invoice: null });
    await world.advance('2026-03-01T11:00:00Z');
    const done = await reload(session);
    expect(done.payment_status).toBe('paid');
    expect((await stripe.invoices.retrieve(done.invoice as string)).status).toBe('paid');
  });

  test('what it cannot do is refused', async () => {
    const invoice_creation = { enabled: true };
    const rate = { display_name: 'Post', fixed_amount: { amount: 500, currency: 'usd' } };
    await expect(open({ invoice_creation, shipping_options: [{ shipping_rate_data: rate }] })).rejects.toMatchObject({
      param: 'shipping_options',
    });
    await expect(open({ invoice_creation, payment_intent_data: { capture_method: 'manual' } })).rejects.toMatchObject({
      param: 'payment_intent_data[capture_method]',
    });
    await expect(open({ mode: 'setup', currency: 'usd', line_items: undefined, invoice_creation } as never)).rejects.toMatchObject({
      param: 'invoice_creation',
    });
  });
});

describe('recovery', () => {
  test('2026-03-02: an expired cart is opened again by its link, with promotion codes, for 30 days', async () => {
    const session = await open({ after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } }, metadata: { cart: '9' } });
    expect(session.after_expiration).toEqual({ recovery: { allow_promotion_codes: true, enabled: true, expires_at: null, url: null } });
    await world.advance('2026-03-02T09:00:00Z');
    const expired = await reload(session);
    const { url, expires_at } = expired.after_expiration!.recovery!;
    expect(expires_at).toBe(Date.parse('2026-04-01T09:00:00Z') / 1000);
    expect((await visit(world.sandbox, `/c/${session.id}`)).html).toContain('Start again');
    const again = await visit(world.sandbox, url!);
    const copy = await stripe.checkout.sessions.retrieve(again.location!.slice(3));
    expect(copy).toMatchObject({
      status: 'open',
      recovered_from: session.id,
      amount_total: 1200,
      allow_promotion_codes: true,
      metadata: { cart: '9' },
    });
    await pay(copy);
    expect((await reload(copy)).payment_status).toBe('paid');
    await world.advance('2026-04-01T09:00:01Z');
    expect((await visit(world.sandbox, url!)).status).toBe(404);
  });

  test('without recovery there is no link', async () => {
    const session = await stripe.checkout.sessions.expire((await open()).id);
    expect(session.after_expiration).toBeNull();
  });
});

test('without anything due no card is asked: a free trial, and an order worth nothing', async () => {
  const trial = await open({
    mode: 'subscription',
    line_items: [{ price: seat.id, quantity: 1 }],
    subscription_data: { trial_period_days: 7, trial_settings: { end_behavior: { missing_payment_method: 'cancel' } } },
    payment_method_collection: 'if_required',
  });
  expect((await visit(world.sandbox, `/c/${trial.id}`)).html).not.toContain('Card number');
  await submit(world.sandbox, `/c/${trial.id}`, { email: 'jane@example.com', name: 'Jane', action: 'pay' });
  const { subscription } = await reload(trial);
  expect((await stripe.subscriptions.retrieve(subscription as string)).status).toBe('trialing');
  await world.advance('2026-03-08T10:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription as string)).status).toBe('canceled');

  const coupon = await stripe.coupons.create({ percent_off: 100, duration: 'once' });
  const free = await open({ discounts: [{ coupon: coupon.id }], invoice_creation: { enabled: true } });
  await submit(world.sandbox, `/c/${free.id}`, { email: 'jane@example.com', name: 'Jane', action: 'pay' });
  const done = await reload(free);
  expect(done).toMatchObject({ payment_status: 'no_payment_required', payment_intent: null, amount_total: 0 });
  expect(await stripe.invoices.retrieve(done.invoice as string)).toMatchObject({ status: 'paid', total: 0 });
});

test('a total below what can be charged is refused', async () => {
  const price_data = { currency: 'usd', unit_amount: 30, product_data: { name: 'Sticker' } };
  await expect(open({ line_items: [{ price_data, quantity: 1 }] })).rejects.toMatchObject({
    code: 'amount_too_small',
    message: "The Checkout Session's total amount due must add up to at least $0.50 usd",
  });
});
