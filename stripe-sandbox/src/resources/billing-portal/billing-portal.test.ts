import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const CARD = { action: 'add_card', card_expiry: '12 / 34', card_cvc: '123' };

let world: TestSandbox;
let stripe: Stripe;
let customer: Stripe.Customer;
let subscription: Stripe.Subscription;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane', payment_method: 'pm_card_visa' });
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card!.id } });
  const product = await stripe.products.create({ name: 'Team' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
});
afterEach(() => world.close());

const open = (more: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) =>
  stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'http://shop.test/account', ...more });

test('every account has a default configuration before anything else, and a reset brings it back', async () => {
  const fresh = await startSandbox();
  const [standard] = (await fresh.stripe.billingPortal.configurations.list({ is_default: true })).data;
  expect(standard).toMatchObject({ active: true, is_default: true, name: null, login_page: { enabled: false, url: null } });
  expect(standard!.features).toMatchObject({
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
    subscription_update: { enabled: false },
    subscription_pause: { enabled: false },
  });
  await expect(fresh.stripe.billingPortal.configurations.update(standard!.id, { active: false })).rejects.toMatchObject({
    param: 'active',
  });
  await fresh.stripe.billingPortal.configurations.update(standard!.id, { name: 'Ours' });
  await fresh.sandbox.control.reset(fresh.account);
  expect((await fresh.stripe.billingPortal.configurations.list()).data).toMatchObject([{ id: standard!.id, name: null }]);
  await fresh.close();
});

test('the default configuration shows subscription, card, details and invoices', async () => {
  const session = await open();
  const shown = await visit(world.sandbox, session.url);
  for (const part of ['Team, $10.00 every month', 'Visa •••• 4242', 'Renews on 1 April 2026', 'Back to Acme', '/i/test_'])
    expect(shown.html).toContain(part);
});

test('cancelling ends at the period’s end and can be taken back', async () => {
  const { url, id } = await open();
  await submit(world.sandbox, `/p/${id}/cancel/${subscription.id}`, { decision: 'cancel' });
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(true);
  expect((await visit(world.sandbox, url)).html).toContain('Ends on 1 April 2026');
  await submit(world.sandbox, url, { action: 'renew', subscription: subscription.id });
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
});

test('a new card becomes the default, after the bank where it asks; a declined one stays out', async () => {
  const { url } = await open({ flow_data: { type: 'payment_method_update' } });
  const declined = await submit(world.sandbox, url, { ...CARD, card_number: '4000000000000002' });
  expect([declined.status, declined.html.includes('Your card was declined.')]).toEqual([402, true]);
  const asked = await submit(world.sandbox, url, { ...CARD, card_number: '4000002500003155' });
  await submit(world.sandbox, asked.location!, { decision: 'complete' });
  const after = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
  const method = await stripe.paymentMethods.retrieve(after.invoice_settings.default_payment_method as string);
  expect(method.card?.last4).toBe('3155');
  await submit(world.sandbox, url, { action: 'remove_card', card: method.id });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((one) => one.card?.last4)).toEqual(['4242']);
});

test('details are changed where allowed; a feature that is off is neither shown nor done', async () => {
  const { url } = await open();
  await submit(world.sandbox, url, { action: 'details', name: 'Jane Roe', email: 'roe@example.com' });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ name: 'Jane Roe', email: 'roe@example.com' });
  const configuration = await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } });
  const bare = await open({ configuration: configuration.id });
  expect((await visit(world.sandbox, bare.url)).html).not.toContain('Cancel subscription');
  const notOffered = await submit(world.sandbox, `/p/${bare.id}/cancel/${subscription.id}`, { decision: 'cancel' });
  expect([notOffered.status, notOffered.html.includes('This is not offered here.')]).toEqual([404, true]);
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
});

test('a link is good for an hour; another customer’s subscription is out of reach', async () => {
  const other = await stripe.customers.create({ email: 'eve@example.com' });
  const eve = await stripe.billingPortal.sessions.create({ customer: other.id });
  expect((await submit(world.sandbox, `/p/${eve.id}/cancel/${subscription.id}`, { decision: 'cancel' })).status).toBe(404);
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  expect((await submit(world.sandbox, eve.url, { action: 'remove_card', card: card!.id })).status).toBe(402);
  const { url } = await open();
  await world.advance('2026-03-01T10:00:01Z');
  expect((await visit(world.sandbox, url)).status).toBe(404);
});
