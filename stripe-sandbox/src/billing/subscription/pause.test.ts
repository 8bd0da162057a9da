import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

/** 31.00 a month since 1 January, so that a day of January is 1.00. */
async function onThirtyOne(more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  world = await openWorld({ now: '2026-01-01' });
  const [price, customer] = [await world.price(3100), await world.customer()];
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, customer, subscription };
}
const balanceOf = async (id: string) => ((await world.stripe.customers.retrieve(id)) as Stripe.Customer).balance;
const pendingOf = async (customer: string) =>
  (await world.stripe.invoiceItems.list({ customer, pending: true })).data.map((item) => [item.amount, item.description]);

test('[S 3.1; DTS SubscriptionPauseParams] pausing credits the unused days, and nothing is billed until it is resumed', async () => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await world.to('2026-01-11');
  await world.fresh();
  const paused = await stripe.subscriptions.pause(subscription.id);
  expect(paused.status).toBe('paused');
  expect(paused.status_details?.paused).toMatchObject({
    transitioned_at: at('2026-01-11'),
    type: 'subscription',
    subscription: { type: 'pause_requested' },
  });
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'customer.subscription.paused', 'invoiceitem.created']);
  expect(await pendingOf(customer.id)).toEqual([[-2100, 'Unused time on Pro after 11 Jan 2026']]);
  await world.to('2026-04-01');
  expect(await world.fresh()).toEqual([]);
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end).toBe(at('2026-02-01'));

  // Resumed on 1 April: whole periods from now on, less what was credited.
  const resumed = await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] });
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-04-01') });
  expect(resumed.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 1000, billing_reason: 'subscription_update' });
  expect(await world.fresh()).toEqual([
    'customer.subscription.updated',
    'customer.subscription.resumed',
    'invoice.created',
    'payment_intent.created',
    'invoice.updated',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ]);
  await world.to('2026-05-01T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]).toMatchObject({ amount_paid: 3100 });
});

test.each([
  ['now', -2100],
  ['item_current_period_start', -3100],
] as const)('[DTS bill_for.unused_time_from] %s, billed at once, becomes credit', async (type, credit) => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await world.to('2026-01-11');
  const paused = await stripe.subscriptions.pause(subscription.id, {
    bill_for: { unused_time_from: { type } },
    invoicing_behavior: 'invoice',
    expand: ['latest_invoice'],
  });
  expect(paused.latest_invoice).toMatchObject({ status: 'paid', total: credit, amount_paid: 0, billing_reason: 'subscription_update' });
  expect(await balanceOf(customer.id)).toBe(credit);
});

test('[DTS bill_for.unused_time_from] none: what is paid stays paid, and resuming inside it costs nothing', async () => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await world.to('2026-01-11');
  await stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } });
  await world.to('2026-01-21');
  const resumed = await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' } });
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-01-01') });
  expect(await pendingOf(customer.id)).toEqual([]);
  await world.to('2026-02-01T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id })).data.map((invoice) => invoice.amount_paid)).toEqual([3100, 3100]);
});

// 22 February, anchor 1 January: 7 of 28 days are left of the period around it.
test.each([
  [
    'create_prorations',
    [
      [775, 'Remaining time on Pro after 22 Feb 2026'],
      [-2100, 'Unused time on Pro after 11 Jan 2026'],
    ],
    1,
  ],
  ['none', [[-2100, 'Unused time on Pro after 11 Jan 2026']], 1],
  ['always_invoice', [], 2],
] as const)('[DTS resume] anchor unchanged with %s', async (proration_behavior, pending, invoices) => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await world.to('2026-01-11');
  await stripe.subscriptions.pause(subscription.id);
  await world.to('2026-02-22');
  const resumed = await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' }, proration_behavior });
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-01-01') });
  expect(resumed.items.data[0]).toMatchObject({ current_period_start: at('2026-02-01'), current_period_end: at('2026-03-01') });
  expect(await pendingOf(customer.id)).toEqual(pending);
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(invoices);
  if (proration_behavior === 'always_invoice') expect(await balanceOf(customer.id)).toBe(775 - 2100);
});

test('[DTS resume] proration_date moves the instant inside the period around now, not outside it', async () => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await world.to('2026-01-11');
  await stripe.subscriptions.pause(subscription.id);
  await world.to('2026-02-22');
  const resume = (day: string) =>
    stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'unchanged' }, proration_date: at(day) });
  expect(await refusal(resume('2026-01-31'))).toMatchObject({ statusCode: 400, param: 'proration_date' });
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused');
  await resume('2026-02-15');
  expect((await pendingOf(customer.id))[0]).toEqual([1550, 'Remaining time on Pro after 15 Feb 2026']);
});

test('[DTS resume] resume_on_payment_success waits for the money; after 23 hours the invoice is void and it stays paused', async () => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } });
  const broken = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: broken.id } });
  await world.to('2026-03-10');
  await world.fresh();
  const resume = () =>
    stripe.subscriptions.resume(subscription.id, { payment_behavior: 'resume_on_payment_success', expand: ['latest_invoice'] });
  const waiting = await resume();
  expect(waiting).toMatchObject({ status: 'paused', latest_invoice: { status: 'open', amount_due: 3100 } });
  expect(waiting.items.data[0]?.current_period_end).toBe(at('2026-02-01'));
  await world.fresh();
  await world.to('2026-03-10T22:59:59Z');
  expect(await world.fresh()).toEqual([]);
  await world.to('2026-03-10T23:00:00Z');
  expect(await world.fresh()).toEqual(['payment_intent.canceled', 'invoice.voided']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused');

  // Once more, and this time somebody pays.
  const again = await resume();
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await world.fresh();
  await stripe.invoices.pay((again.latest_invoice as Stripe.Invoice).id, { payment_method: good.id });
  expect((await world.fresh()).filter((type) => type.startsWith('customer.subscription.'))).toEqual([
    'customer.subscription.updated',
    'customer.subscription.resumed',
  ]);
  const active = await stripe.subscriptions.retrieve(subscription.id);
  expect([active.status, iso(active.items.data[0]?.current_period_start)]).toEqual(['active', '2026-03-10T23:00:00Z']);
});

test('[DTS resume] resume_on_payment_attempt: a decline makes it past_due; without any card there is no attempt, and it waits', async () => {
  const { stripe, customer, subscription } = await onThirtyOne();
  await stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } });
  const card = (await stripe.customers.listPaymentMethods(customer.id)).data[0]!.id;
  await stripe.paymentMethods.detach(card);
  await world.to('2026-03-01');
  expect(await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] })).toMatchObject({
    status: 'paused',
    latest_invoice: { status: 'open', attempted: false },
  });
  const broken = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: broken.id } });
  expect((await stripe.subscriptions.resume(subscription.id)).status).toBe('past_due');
  const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(invoices.map((invoice) => invoice.status)).toEqual(['open', 'void', 'paid']);
});

test('[S 3.1] writing the resumption invoice off makes it active, voiding it leaves it paused', async () => {
  const { stripe, subscription, customer } = await onThirtyOne();
  await stripe.subscriptions.pause(subscription.id);
  const broken = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: broken.id } });
  await world.to('2026-03-01');
  const options = { payment_behavior: 'resume_on_payment_success' as const, billing_cycle_anchor: { type: 'now' as const } };
  // The credit of the pause pays the first invoice: nothing to wait for, so a second pause and month are needed.
  expect((await stripe.subscriptions.resume(subscription.id, options)).status).toBe('active');
  await stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } });
  await world.to('2026-05-01');
  const first = await stripe.subscriptions.resume(subscription.id, options);
  await stripe.invoices.voidInvoice(first.latest_invoice as string);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused');
  const second = await stripe.subscriptions.resume(subscription.id, options);
  expect(second.status).toBe('paused');
  await stripe.invoices.markUncollectible(second.latest_invoice as string);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('a trial that was paused goes on as a trial', async () => {
  const { stripe, subscription } = await onThirtyOne({ trial_period_days: 30 });
  await stripe.subscriptions.pause(subscription.id);
  await world.to('2026-01-05');
  expect((await stripe.subscriptions.resume(subscription.id)).status).toBe('trialing');
  await world.to('2026-01-31T02:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('[S 3.1] only paused ones resume, only live ones pause, sent invoices do not resume', async () => {
  const { stripe, subscription } = await onThirtyOne({ collection_method: 'send_invoice', days_until_due: 7 });
  expect(await refusal(stripe.subscriptions.resume(subscription.id))).toMatchObject({ statusCode: 400 });
  await stripe.subscriptions.pause(subscription.id);
  expect(await refusal(stripe.subscriptions.pause(subscription.id))).toMatchObject({ statusCode: 400 });
  expect((await refusal(stripe.subscriptions.resume(subscription.id))).message).toContain('charge_automatically');
  await stripe.subscriptions.cancel(subscription.id);
  expect(await refusal(stripe.subscriptions.pause(subscription.id))).toMatchObject({ statusCode: 400 });
});

test('[S 3.1] pause_collection ends by itself at resumes_at, which must be in the future', async () => {
  const { stripe, subscription } = await onThirtyOne();
  const pause = (day: string) =>
    stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void', resumes_at: at(day) } });
  expect(await refusal(pause('2026-01-01'))).toMatchObject({ statusCode: 400, param: 'pause_collection[resumes_at]' });
  expect((await pause('2026-02-15')).status).toBe('active');
  await world.fresh();
  await world.to('2026-02-15');
  const told = await world.fresh();
  expect(told.filter((type) => type === 'invoice.voided')).toHaveLength(1);
  expect(told.at(-1)).toBe('customer.subscription.updated');
  expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
  await world.to('2026-03-01T02:00:00Z');
  const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(invoices.map((invoice) => invoice.status)).toEqual(['paid', 'void', 'paid']);
});
