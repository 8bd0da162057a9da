import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

const PAID = ['charge.succeeded', 'payment_intent.succeeded', 'invoice.updated', 'invoice.paid', 'invoice.payment_succeeded'];
const OPENED = ['payment_intent.created', 'invoice.updated', 'invoice.finalized'];

test('[S 3.6] trial → clock → draft hour → paid → declined renewal → past_due → recovery, in Stripe’s order of events', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const price = await world.price(2000);
  const customer = await world.customer();
  await world.fresh();

  // 1 January: a trial of 14 days begins with an invoice over nothing.
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], trial_period_days: 14 });
  expect(subscription).toMatchObject({ status: 'trialing', trial_end: at('2026-01-15'), billing_cycle_anchor: at('2026-01-15') });
  expect(await world.fresh()).toEqual([
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
  ]);
  const first = await stripe.invoices.retrieve(subscription.latest_invoice as string);
  expect(first).toMatchObject({ status: 'paid', total: 0, attempted: true, attempt_count: 0, billing_reason: 'subscription_create' });
  expect(first.number).toMatch(/^[0-9A-Z]{8}-0001$/);
  expect(first.lines.data[0]).toMatchObject({
    amount: 0,
    description: 'Trial period for Pro',
    period: { start: at('2026-01-01'), end: at('2026-01-15') },
  });

  // 8 January: a week before the first payment; 12 January: three days before the trial ends.
  await world.to('2026-01-14T23:59:59Z');
  expect(await world.fresh()).toEqual(['invoice.upcoming', 'customer.subscription.trial_will_end']);

  // 15 January: active before any money is collected, a draft for an hour.
  await world.to('2026-01-15T00:00:00Z');
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'invoice.created']);
  const active = await stripe.subscriptions.retrieve(subscription.id);
  expect(active.status).toBe('active');
  expect(active.items.data[0]).toMatchObject({ current_period_start: at('2026-01-15'), current_period_end: at('2026-02-15') });
  const draft = await stripe.invoices.retrieve(active.latest_invoice as string);
  expect(draft).toMatchObject({
    status: 'draft',
    amount_due: 2000,
    next_payment_attempt: at('2026-01-15T01:00:00Z'),
    automatically_finalizes_at: at('2026-01-15T01:00:00Z'),
    billing_reason: 'subscription_cycle',
  });

  // One hour later it is finalized and paid.
  await world.to('2026-01-15T01:00:00Z');
  expect(await world.fresh()).toEqual([...OPENED, ...PAID, 'invoice_payment.paid']);
  const paid = await stripe.invoices.retrieve(draft.id, { expand: ['payments', 'confirmation_secret'] });
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 2000, attempt_count: 1, auto_advance: false, next_payment_attempt: null });
  expect(paid.payments?.data[0]).toMatchObject({ status: 'paid', amount_paid: 2000, is_default: true });
  expect(paid.confirmation_secret?.client_secret).toMatch(/^pi_.*_secret_/);

  // 15 February: the card was replaced by one that fails.
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: (await failingCard(customer.id)).id } });
  await world.fresh();
  await world.to('2026-02-15T01:00:00Z');
  expect(await world.fresh()).toEqual([
    'invoice.upcoming',
    'customer.subscription.updated',
    'invoice.created',
    ...OPENED,
    'charge.failed',
    'payment_intent.payment_failed',
    'invoice.payment_failed',
    'invoice.updated',
    'customer.subscription.updated',
  ]);
  const late = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(late.status).toBe('past_due');
  expect(late.latest_invoice).toMatchObject({
    status: 'open',
    attempt_count: 1,
    attempted: true,
    next_payment_attempt: at('2026-02-16T01:00:00Z'),
  });

  // The first retry a day later fails, the second meets a good card.
  await world.to('2026-02-16T01:00:00Z');
  expect(await world.fresh()).toEqual(['charge.failed', 'payment_intent.payment_failed', 'invoice.payment_failed', 'invoice.updated']);
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: good.id } });
  await world.fresh();
  await world.to('2026-02-18T01:00:00Z');
  expect(await world.fresh()).toEqual([...PAID, 'customer.subscription.updated', 'invoice_payment.paid']);
  const recovered = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(recovered.status).toBe('active');
  expect(recovered.latest_invoice).toMatchObject({ status: 'paid', attempt_count: 3 });
  expect(iso(recovered.items.data[0]?.current_period_end)).toBe('2026-03-15');
});

async function failingCard(customer: string) {
  return world.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
}
