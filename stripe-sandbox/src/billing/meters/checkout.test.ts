import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { submit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const URLS = { success_url: 'http://shop.test/done', cancel_url: 'http://shop.test/cart' };
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
let calls: Stripe.Price;
let base: Stripe.Price;
beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  const product_data = { name: 'Calls' };
  const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
  calls = await stripe.prices.create({ currency: 'usd', unit_amount: 20, recurring, product_data });
  base = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
    product_data: { name: 'Base' },
  });
});
afterEach(() => world.close());

const buy = async (line_items: Stripe.Checkout.SessionCreateParams.LineItem[]) => {
  const session = await stripe.checkout.sessions.create({ mode: 'subscription', line_items, ...URLS });
  const answer = await submit(world.sandbox, `/c/${session.id}`, VISA);
  expect(answer.status).toBe(303);
  return stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
};
const nextBill = async (customer: string) => {
  await stripe.billing.meterEvents.create({ event_name: 'calls', payload: { stripe_customer_id: customer, value: '30' } });
  await world.advance('2026-04-01T10:00:00Z');
  return (await stripe.invoices.list({ customer, limit: 1 })).data[0]!;
};

test('2026-03-01: usage alone is bought without a payment; the card pays the first bill a month later', async () => {
  const session = await buy([{ price: calls.id }]);
  expect(session).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', amount_total: 0 });
  expect(session.line_items!.data).toMatchObject([{ quantity: null, amount_total: 0 }]);
  const subscription = await stripe.subscriptions.retrieve(session.subscription as string);
  expect(subscription).toMatchObject({ status: 'active', latest_invoice: null });
  expect(await nextBill(session.customer as string)).toMatchObject({ status: 'paid', amount_paid: 600 });
});

test('2026-03-01: a plan with usage: the plan is paid now, the usage with the next bill', async () => {
  const session = await buy([{ price: base.id, quantity: 1 }, { price: calls.id }]);
  expect(session).toMatchObject({ status: 'complete', payment_status: 'paid', amount_total: 900 });
  expect(await nextBill(session.customer as string)).toMatchObject({ status: 'paid', amount_paid: 1500 });
});
