import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from '../testing/index.ts';

const PINNED = '2026-10-28.endive';

let world: TestSandbox;
beforeEach(async () => {
  world = await startSandbox();
});
afterEach(() => world.close());

type Json = Record<string, never> & { id: string; error: { code: string; param: string; message: string } };

/** A form as curl would send it; with a version only when given. */
async function post(path: string, form: Record<string, string>, version?: string): Promise<Json> {
  const answer = await world.sandbox.fetch(`https://api.stripe.com${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.secretKey}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...(version === undefined ? {} : { 'stripe-version': version }),
    },
    body: new URLSearchParams(form).toString(),
  });
  return (await answer.json()) as Json;
}

describe('without a version the older dialect is understood, with the pinned one it is unknown', () => {
  const cases: [string, string, Record<string, string>, string][] = [
    [
      'payment_method_types of a PaymentIntent',
      '/v1/payment_intents',
      { amount: '2000', currency: 'usd', 'payment_method_types[]': 'card' },
      'payment_method_types',
    ],
    ['payment_method_types of a SetupIntent', '/v1/setup_intents', { 'payment_method_types[]': 'card' }, 'payment_method_types'],
    ['the coupon of a promotion code', '/v1/promotion_codes', { coupon: 'TEN' }, 'coupon'],
    ['the coupon of a customer', '/v1/customers', { coupon: 'TEN' }, 'coupon'],
  ];
  beforeEach(async () => {
    await world.stripe.coupons.create({ id: 'TEN', percent_off: 10, duration: 'forever' });
  });
  test.each(cases)('%s', async (_name, path, form, param) => {
    expect((await post(path, form)).error).toBeUndefined();
    // The promotion is required in today's words; the unknown parameter is named first.
    expect((await post(path, form, PINNED)).error).toMatchObject({ code: 'parameter_unknown', param });
  });
});

test('an intent of the older dialect takes cards only: no return_url is asked for, whatever the card', async () => {
  const form = { amount: '2000', currency: 'usd', confirm: 'true', payment_method: 'pm_card_visa' };
  expect(await post('/v1/payment_intents', form)).toMatchObject({
    status: 'succeeded',
    automatic_payment_methods: { allow_redirects: 'never' },
  });
  expect((await post('/v1/payment_intents', form, PINNED)).error.message).toContain('you must provide a `return_url`');
  expect(await post('/v1/setup_intents', { confirm: 'true', payment_method: 'pm_card_visa' })).toMatchObject({ status: 'succeeded' });
  const automatic = { ...form, 'automatic_payment_methods[enabled]': 'true' };
  expect((await post('/v1/payment_intents', automatic)).error.message).toContain('you must provide a `return_url`');
});

test('both spellings at once are not guessed at', async () => {
  const both = { amount: '2000', currency: 'usd', 'payment_method_types[]': 'card', 'allowed_payment_method_types[]': 'card' };
  expect((await post('/v1/payment_intents', both)).error).toMatchObject({ code: 'parameter_unknown', param: 'payment_method_types' });
});

test('the request log keeps what was sent', async () => {
  await post('/v1/payment_intents', { amount: '2000', currency: 'usd', 'payment_method_types[]': 'card' });
  const [logged] = world.sandbox.control.requests({ account: world.account, limit: 1 });
  expect(logged!.params).toEqual({ amount: '2000', currency: 'usd', payment_method_types: { 0: 'card' } });
});

test('a parameter without behaviour is named before its value is looked at', async () => {
  const form = { amount: '2000', currency: 'usd', 'payment_method_data[type]': 'no_such_type' };
  expect((await post('/v1/payment_intents', form)).error).toMatchObject({ code: 'sandbox_not_emulated', param: 'payment_method_data' });
});

describe('the discount of a customer', () => {
  const coupon = (id: string, percent_off: number, duration: 'once' | 'forever' = 'forever') =>
    world.stripe.coupons.create({ id, percent_off, duration });

  test('is set, replaced and removed by coupon=, and each is told', async () => {
    await coupon('TEN', 10);
    await coupon('TWENTY', 20);
    const customer = await post('/v1/customers', { name: 'Max', coupon: 'TEN' });
    expect(customer).toMatchObject({ discount: { object: 'discount', source: { coupon: 'TEN', type: 'coupon' }, customer: customer.id } });
    expect(await post(`/v1/customers/${customer.id}`, { coupon: 'TWENTY' })).toMatchObject({ discount: { source: { coupon: 'TWENTY' } } });
    expect(await post(`/v1/customers/${customer.id}`, { coupon: '' })).toMatchObject({ discount: null });
    const events = await world.sandbox.control.events({ account: world.account });
    const told = events.filter((event) => event.type.startsWith('customer.discount.'));
    expect(told.map((event) => [event.type, event.data.object.source.coupon])).toEqual([
      ['customer.discount.created', 'TEN'],
      ['customer.discount.updated', 'TWENTY'],
      ['customer.discount.deleted', 'TWENTY'],
    ]);
    expect(told[1]!.data.previous_attributes).toMatchObject({ source: { coupon: 'TEN' } });
    expect((await world.stripe.coupons.retrieve('TEN')).times_redeemed).toBe(1);
  });

  test('comes off every invoice that has none of its own, until a coupon for once is used up', async () => {
    await coupon('TEN', 10, 'once');
    await coupon('HALF', 50);
    const customer = await post('/v1/customers', { coupon: 'TEN' });
    const { stripe } = world;
    const invoice = async (more: object = {}) => {
      await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
      return stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include', ...more });
    };
    const preview = await stripe.invoices.createPreview({ customer: customer.id, invoice_items: [{ amount: 2000, currency: 'usd' }] });
    expect(preview.total).toBe(1800);
    expect((await invoice({ discounts: '' })).total).toBe(2000);
    expect((await invoice({ discounts: [{ coupon: 'HALF' }] })).total).toBe(1000);
    expect([(await invoice()).total, (await invoice()).total]).toEqual([1800, 2000]);
    expect(await world.stripe.customers.retrieve(customer.id)).toMatchObject({ discount: null });
    expect(await world.eventTypes()).toContain('customer.discount.deleted');
  });

  test('of the first draft is taken before the lines are there, so the sums follow the lines', async () => {
    await coupon('TEN', 10);
    const customer = await post('/v1/customers', { coupon: 'TEN' });
    const { stripe } = world;
    await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
    const draft = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
    expect([draft.subtotal, draft.total, draft.total_discount_amounts?.[0]?.amount]).toEqual([2000, 1800, 200]);
  });

  test('an unknown or used-up coupon is refused by the name that was sent', async () => {
    await world.stripe.coupons.create({ id: 'ONE', percent_off: 10, duration: 'forever', max_redemptions: 1 });
    expect((await post('/v1/customers', { coupon: 'NONE' })).error).toMatchObject({ code: 'resource_missing', param: 'coupon' });
    expect((await post('/v1/customers', { coupon: 'ONE' })).error).toBeUndefined();
    expect((await post('/v1/customers', { coupon: 'ONE' })).error).toMatchObject({ code: 'coupon_expired', param: 'coupon' });
  });

  test('a subscription of the older dialect takes its coupon as a list of one', async () => {
    await coupon('TEN', 10);
    const price = await world.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'Pro' },
    });
    const customer = await world.stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const subscription = await post('/v1/subscriptions', { customer: customer.id, 'items[0][price]': price.id, coupon: 'TEN' });
    const [invoice] = (await world.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoice!.total).toBe(900);
  });
});
