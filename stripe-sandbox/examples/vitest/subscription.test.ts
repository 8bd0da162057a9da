import Stripe from 'stripe';
import { createSandbox, type Sandbox } from 'stripe-sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Your code would take `stripe` as a parameter, or read host and key from its configuration. */
let sandbox: Sandbox;
let stripe: Stripe;
let account: string;
const webhooks: { type: string; signature: string; body: string }[] = [];

beforeEach(async () => {
  webhooks.length = 0;
  sandbox = await createSandbox({
    // Webhooks go to this function instead of over the network.
    deliver: async ({ headers, body }) => {
      webhooks.push({ type: JSON.parse(body).type, signature: headers['stripe-signature'] ?? '', body });
      return { status: 200, body: 'ok' };
    },
  });
  const access = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: Date.UTC(2026, 0, 1) / 1000 } });
  account = access.account;
  stripe = new Stripe(access.secretKey, { httpClient: Stripe.createFetchHttpClient(sandbox.fetch as typeof fetch) });
});
afterEach(() => sandbox.close());

const advance = (to: string) => sandbox.control.advance({ account, to: new Date(to).getTime() / 1000 });

test('a card that is declined in February is asked again, and the customer stays', async () => {
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1/hooks',
    enabled_events: ['invoice.paid', 'invoice.payment_failed'],
  });
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: 2900, recurring: { interval: 'month' } });
  const customer = await stripe.customers.create({
    email: 'max@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  expect(subscription.status).toBe('active');

  await sandbox.control.outcome({
    account,
    customer: customer.id,
    outcome: { kind: 'decline', code: 'card_declined', decline_code: 'insufficient_funds' },
  });
  await advance('2026-02-01T02:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');

  await advance('2026-02-10T00:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');

  const invoices = await stripe.invoices.list({ subscription: subscription.id });
  expect(invoices.data.map(({ status, amount_paid, attempt_count }) => ({ status, amount_paid, attempt_count }))).toEqual([
    { status: 'paid', amount_paid: 2900, attempt_count: 2 },
    { status: 'paid', amount_paid: 2900, attempt_count: 1 },
  ]);
  expect(webhooks.map(({ type }) => type)).toEqual(['invoice.paid', 'invoice.payment_failed', 'invoice.paid']);
  const { body, signature } = webhooks[1]!;
  expect(stripe.webhooks.constructEvent(body, signature, endpoint.secret!).type).toBe('invoice.payment_failed');
});

test('a connection that breaks after the charge does not charge twice', async () => {
  const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
  const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  sandbox.control.faults.add({ match: { route: '/v1/payment_intents' }, effect: { kind: 'drop', when: 'after_effect' }, times: 1 });
  const intent = await stripe.paymentIntents.create({
    amount: 5000,
    currency: 'eur',
    customer: customer.id,
    payment_method: method!.id,
    off_session: true,
    confirm: true,
  });
  expect(intent.status).toBe('succeeded');
  expect((await stripe.charges.list({ customer: customer.id })).data).toHaveLength(1);
});
