import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import type { AccountSettings } from '../../kernel/types.ts';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

async function subscribed(more: Partial<Stripe.SubscriptionCreateParams> = {}, settings: Partial<AccountSettings> = {}) {
  world = await openWorld({ now: '2026-01-01', settings });
  const price = await world.price(2000);
  const customer = await world.customer();
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, customer, subscription };
}

async function breakCard(customer: string) {
  const method = await world.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
  await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  await world.fresh();
}

test('[S 3.6 (6)] cancel at period end: told now, deleted at the end, no further invoice', async () => {
  const { stripe, subscription } = await subscribed();
  const ending = await stripe.subscriptions.update(subscription.id, {
    cancel_at_period_end: true,
    cancellation_details: { feedback: 'too_expensive', comment: 'bye' },
  });
  expect(ending).toMatchObject({
    status: 'active',
    cancel_at_period_end: true,
    cancel_at: at('2026-02-01'),
    canceled_at: at('2026-01-01'),
    cancellation_details: { reason: 'cancellation_requested', feedback: 'too_expensive', comment: 'bye' },
  });
  expect(await world.fresh()).toEqual(['customer.subscription.updated']);
  await world.to('2026-03-05');
  expect(await world.fresh()).toEqual(['customer.subscription.deleted']);
  const ended = await stripe.subscriptions.retrieve(subscription.id);
  expect([ended.status, iso(ended.ended_at), iso(ended.canceled_at)]).toEqual(['canceled', '2026-02-01', '2026-01-01']);
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
  expect((await stripe.subscriptions.list({ customer: subscription.customer as string })).data).toEqual([]);
  expect((await stripe.subscriptions.list({ customer: subscription.customer as string, status: 'all' })).data).toHaveLength(1);
});

test('changing one’s mind before the end', async () => {
  const { stripe, subscription } = await subscribed();
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  const kept = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
  expect(kept).toMatchObject({ cancel_at: null, canceled_at: null, cancel_at_period_end: false, cancellation_details: { reason: null } });
  await world.to('2026-02-01T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id })).data.map((invoice) => invoice.status)).toEqual(['paid', 'paid']);
});

test('cancel now, once; the second time it is gone', async () => {
  const { stripe, subscription } = await subscribed();
  const canceled = await stripe.subscriptions.cancel(subscription.id);
  expect(canceled).toMatchObject({
    status: 'canceled',
    cancellation_details: { reason: 'cancellation_requested' },
    ended_at: at('2026-01-01'),
  });
  expect(await world.fresh()).toEqual(['customer.subscription.deleted']);
  expect(await refusal(stripe.subscriptions.cancel(subscription.id))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  expect((await refusal(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))).statusCode).toBe(400);
  expect((await stripe.subscriptions.update(subscription.id, { metadata: { why: 'moved' } })).metadata).toEqual({ why: 'moved' });
  await world.to('2026-06-01');
  expect(await world.fresh()).toEqual(['customer.subscription.updated']);
});

test('cancel now with proration and an invoice gives the unused time back as credit', async () => {
  const { stripe, subscription, customer } = await subscribed();
  await world.to('2026-01-16');
  const canceled = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true, expand: ['latest_invoice'] });
  expect(canceled.latest_invoice).toMatchObject({ status: 'paid', total: -1032 });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -1032 });
});

test('[DTS] cancel_at in a later period: that period is billed up to the end only', async () => {
  const { stripe, subscription } = await subscribed({ cancel_at: at('2026-02-15') });
  expect(subscription.cancel_at).toBe(at('2026-02-15'));
  await world.to('2026-03-01');
  expect(iso((await stripe.subscriptions.retrieve(subscription.id)).ended_at)).toBe('2026-02-15');
  const invoices = await stripe.invoices.list({ subscription: subscription.id });
  expect(invoices.data.map((invoice) => invoice.amount_paid)).toEqual([1000, 2000]);
  expect(invoices.data[0]?.lines.data[0]?.period).toEqual({ start: at('2026-02-01'), end: at('2026-02-15') });
});

test('[DTS] cancel_at in the present period gives the rest back; taking it back charges it again', async () => {
  const { stripe, subscription, customer } = await subscribed();
  const pending = async () =>
    (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.reduce((sum, item) => sum + item.amount, 0);
  await stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-01-16') });
  expect(await pending()).toBe(-1032);
  await stripe.subscriptions.update(subscription.id, { cancel_at: '' });
  expect(await pending()).toBe(0);
  await stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-01-16') });
  await world.to('2026-01-16T02:00:00Z');
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -1032 });
});

test.each([
  ['cancel', 'canceled', 'customer.subscription.deleted'],
  ['unpaid', 'unpaid', 'customer.subscription.updated'],
  ['past_due', 'past_due', 'invoice.updated'],
] as const)('[S 3.7] retries used up, the account says %s: %s', async (choice, status, lastEvent) => {
  const { stripe, subscription, customer } = await subscribed({}, { retries_exhausted: choice, retry_days: [1, 3] });
  await breakCard(customer.id);
  await world.to('2026-02-01T01:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
  await world.to('2026-02-04T01:00:00Z');
  const events = await world.fresh();
  expect(events.filter((type) => type === 'invoice.payment_failed')).toHaveLength(3);
  expect(events.at(-1)).toBe(lastEvent);
  const after = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(after.status).toBe(status);
  expect(after.latest_invoice).toMatchObject({ status: 'open', attempt_count: 3, next_payment_attempt: null });
  if (status === 'canceled') expect(after.cancellation_details?.reason).toBe('payment_failed');
});

test('[S 3.1] unpaid: new invoices stay drafts; paying the newest makes it active', async () => {
  const { stripe, subscription, customer } = await subscribed({}, { retries_exhausted: 'unpaid', retry_days: [1] });
  await breakCard(customer.id);
  await world.to('2026-03-01T03:00:00Z');
  const [draft, open] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect([draft?.status, draft?.auto_advance, open?.status]).toEqual(['draft', false, 'open']);
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.invoices.pay(draft!.id, { payment_method: good.id });
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('[S 3.7] a stolen card is not charged again, the attempts go on, a new card is', async () => {
  const { stripe, subscription, customer } = await subscribed({}, { retry_days: [1, 3, 5] });
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    outcome: { kind: 'decline', code: 'card_declined', decline_code: 'stolen_card' },
  });
  await world.to('2026-02-01T01:00:00Z');
  await world.fresh();
  await world.to('2026-02-02T01:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.payment_failed', 'invoice.updated']);
  const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: good.id });
  await world.to('2026-02-04T01:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('[S 3.1] marking the newest invoice uncollectible, or voiding it, ends past_due', async () => {
  const { stripe, subscription, customer } = await subscribed();
  await breakCard(customer.id);
  await world.to('2026-02-01T01:00:00Z');
  const february = (await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string;
  await world.fresh();
  expect((await stripe.invoices.markUncollectible(february)).status).toBe('uncollectible');
  expect(await world.fresh()).toEqual(['invoice.marked_uncollectible', 'customer.subscription.updated']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  await world.to('2026-03-01T01:00:00Z');
  const march = (await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string;
  await stripe.invoices.voidInvoice(march);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test.each([
  ['cancel', 'canceled', ['customer.subscription.deleted']],
  ['pause', 'paused', ['customer.subscription.updated', 'customer.subscription.paused']],
] as const)('[S 3.1] a trial ends without a card: %s', async (choice, status, told) => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await stripe.customers.create({ email: 'c@example.com' })];
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 10,
    trial_settings: { end_behavior: { missing_payment_method: choice } },
  });
  await world.to('2026-01-10T23:59:00Z');
  await world.fresh();
  await world.to('2026-01-11T02:00:00Z');
  expect(await world.fresh()).toEqual(told);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(status);
  if (status === 'canceled') return;
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  const resumed = await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] });
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-01-11T02:00:00Z') });
  expect(resumed.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 2000 });
});

test('[S 3.1] a trial ends without a card: create_invoice makes it active, then past_due at finalization', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await stripe.customers.create({ email: 'c@example.com' })];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], trial_period_days: 10 });
  await world.to('2026-01-11');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  await world.to('2026-01-11T01:00:00Z');
  const late = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(late.status).toBe('past_due');
  expect(late.latest_invoice).toMatchObject({ status: 'open', attempted: true, attempt_count: 1 });
});

test('[DTS] a trial shorter than three days is told at once', async () => {
  const { subscription } = await subscribed({ trial_period_days: 2 });
  expect(subscription.status).toBe('trialing');
  const types = (await world.events()).map((event) => event.type);
  expect(types.filter((type) => type === 'customer.subscription.trial_will_end')).toHaveLength(1);
});

test('a deleted customer’s subscriptions are canceled', async () => {
  const { stripe, subscription, customer } = await subscribed();
  await stripe.customers.del(customer.id);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
});
