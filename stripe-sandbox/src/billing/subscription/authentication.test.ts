import { afterEach, expect, test } from 'vitest';
import { openWorld, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

test('[S 3.6 (5)] a renewal that wants authentication: action required, past_due, then paid by another card', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await world.customer()];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.sandbox.control.outcome({ account: world.account, customer: customer.id, outcome: { kind: 'requires_action' } });
  await world.to('2026-02-01');
  await world.fresh();
  await world.to('2026-02-01T01:00:00Z');
  const told = await world.fresh();
  expect(told).toContain('invoice.payment_action_required');
  expect(told.slice(-3)).toEqual(['invoice.payment_failed', 'invoice.updated', 'customer.subscription.updated']);
  const late = await stripe.subscriptions.retrieve(subscription.id);
  expect(late.status).toBe('past_due');
  await stripe.invoices.pay(late.latest_invoice as string);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('[S 3.2] a payment that takes days: active while it is under way, settled later', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await world.customer()];
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    // biome-ignore lint/suspicious/noThenProperty: the control API's own word for what follows
    outcome: { kind: 'processing', seconds: 3 * 86_400, then: 'succeed' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    expand: ['latest_invoice'],
  });
  expect(subscription.status).toBe('active');
  expect(subscription.latest_invoice).toMatchObject({ status: 'open', attempted: true, attempt_count: 1 });
  await world.to('2026-01-04');
  expect(await stripe.invoices.retrieve((subscription.latest_invoice as { id: string }).id)).toMatchObject({
    status: 'paid',
    attempt_count: 1,
  });
});

test('[DTS] a free start that asks for a card has a pending SetupIntent, cleared when it succeeds', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await stripe.customers.create({ email: 'd@example.com' })];
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 14,
    payment_behavior: 'default_incomplete',
    payment_settings: { save_default_payment_method: 'on_subscription' },
  });
  expect(subscription.status).toBe('trialing');
  expect(subscription.pending_setup_intent).toMatch(/^seti_/);
  await stripe.setupIntents.confirm(subscription.pending_setup_intent as string, {
    payment_method: 'pm_card_visa',
    return_url: 'https://example.com',
  });
  const ready = await stripe.subscriptions.retrieve(subscription.id);
  expect(ready.pending_setup_intent).toBeNull();
  expect(ready.default_payment_method).toMatch(/^pm_/);
  await world.to('2026-01-15T01:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })).latest_invoice).toMatchObject({
    status: 'paid',
  });
});
