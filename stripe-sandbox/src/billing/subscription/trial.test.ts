import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

async function trialing(more: Partial<Stripe.SubscriptionCreateParams>) {
  world = await openWorld({ now: '2026-01-01' });
  const [price, customer] = [await world.price(3100), await world.customer()];
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, price, customer, subscription };
}
const UNCHANGED = { end_behavior: { billing_cycle_anchor: 'unchanged' } } as const;
const invoicesOf = async (subscription: string) =>
  (await world.stripe.invoices.list({ subscription })).data.map((invoice) => [iso(invoice.created), invoice.total, invoice.status]);

test('[DTS trial_settings] anchor now (default): the first whole period begins where the trial ends', async () => {
  const { subscription } = await trialing({ trial_end: at('2026-01-11') });
  expect(iso(subscription.billing_cycle_anchor)).toBe('2026-01-11');
  await world.to('2026-02-11T02:00:00Z');
  expect(await invoicesOf(subscription.id)).toEqual([
    ['2026-02-11', 3100, 'paid'],
    ['2026-01-11', 3100, 'paid'],
    ['2026-01-01', 0, 'paid'],
  ]);
});

test('[DTS trial_settings] anchor unchanged: the rest of the month is billed at the end of the trial, then whole months from the start', async () => {
  const { stripe, subscription } = await trialing({ trial_end: at('2026-01-11'), trial_settings: UNCHANGED });
  expect([subscription.status, iso(subscription.billing_cycle_anchor)]).toEqual(['trialing', '2026-01-01']);
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
  expect(preview.total).toBe(2100);
  await world.to('2026-01-11T02:00:00Z');
  const active = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(active.items.data[0]).toMatchObject({ current_period_start: at('2026-01-11'), current_period_end: at('2026-02-01') });
  expect((active.latest_invoice as Stripe.Invoice).lines.data[0]).toMatchObject({
    amount: 2100,
    description: 'Remaining time on Pro after 11 Jan 2026',
    period: { start: at('2026-01-11'), end: at('2026-02-01') },
    parent: { subscription_item_details: { proration: true } },
  });
  await world.to('2026-02-01T02:00:00Z');
  expect(await invoicesOf(subscription.id)).toEqual([
    ['2026-02-01', 3100, 'paid'],
    ['2026-01-11', 2100, 'paid'],
    ['2026-01-01', 0, 'paid'],
  ]);
});

test('[DTS trial_settings] a change after such a part is worked out over the whole month it belongs to', async () => {
  const { stripe, subscription, customer } = await trialing({ trial_end: at('2026-01-11'), trial_settings: UNCHANGED });
  await world.to('2026-01-22');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: subscription.items.data[0]!.id, quantity: 2 }] });
  const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
  // 10 of 31 days are left: 20.00 for two, 10.00 back of the 21.00 for the first.
  expect(pending.data.map((item) => item.amount)).toEqual([2000, -1000]);
});

test('[DTS trial_settings] trial_end now with the anchor unchanged bills the rest of the month at once', async () => {
  const { stripe, subscription } = await trialing({ trial_end: at('2026-01-21'), trial_settings: UNCHANGED });
  await world.to('2026-01-11');
  await world.fresh();
  const active = await stripe.subscriptions.update(subscription.id, { trial_end: 'now', expand: ['latest_invoice'] });
  expect(active).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-01-01'), latest_invoice: { amount_paid: 2100 } });
  expect((await world.fresh()).slice(0, 2)).toEqual(['customer.subscription.updated', 'customer.subscription.trial_will_end']);
});

test('[S 3.3] an anchor behind the trial: a part up to it is billed when the trial ends', async () => {
  const { subscription } = await trialing({ trial_end: at('2026-01-11'), billing_cycle_anchor: at('2026-02-01') });
  await world.to('2026-02-01T02:00:00Z');
  expect(await invoicesOf(subscription.id)).toEqual([
    ['2026-02-01', 3100, 'paid'],
    ['2026-01-11', 2100, 'paid'],
    ['2026-01-01', 0, 'paid'],
  ]);
});

test('[S 3.3] the same with proration_behavior none: the part is free and makes no invoice', async () => {
  const { stripe, subscription } = await trialing({
    trial_end: at('2026-01-11'),
    billing_cycle_anchor: at('2026-02-01'),
    proration_behavior: 'none',
  });
  await world.to('2026-01-11');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  await world.to('2026-02-01T02:00:00Z');
  expect(await invoicesOf(subscription.id)).toEqual([
    ['2026-02-01', 3100, 'paid'],
    ['2026-01-01', 0, 'paid'],
  ]);
});

test('[S 3.3] a trial added in mid-period credits the unused days and moves the anchor to its end', async () => {
  const { stripe, subscription, customer } = await trialing({});
  await world.to('2026-01-11');
  await world.fresh();
  const again = await stripe.subscriptions.update(subscription.id, { trial_end: at('2026-01-25') });
  expect(again).toMatchObject({
    status: 'trialing',
    trial_start: at('2026-01-11'),
    trial_end: at('2026-01-25'),
    billing_cycle_anchor: at('2026-01-25'),
  });
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'invoiceitem.created']);
  expect((await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.map((item) => item.amount)).toEqual([-2100]);
  await world.to('2026-01-25T02:00:00Z');
  expect((await invoicesOf(subscription.id))[0]).toEqual(['2026-01-25', 1000, 'paid']);
});

test('[S 3.6 (3)] a trial cut to less than three days is told at once', async () => {
  const { stripe, subscription } = await trialing({ trial_period_days: 20 });
  await stripe.subscriptions.update(subscription.id, { trial_end: at('2026-01-03') });
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'customer.subscription.trial_will_end']);
});

test('[DTS trial_end] at most two years, in the future, and not with a period in days', async () => {
  const { stripe, price, customer } = await trialing({});
  const create = (more: Partial<Stripe.SubscriptionCreateParams>) =>
    refusal(stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more }));
  expect(await create({ trial_end: at('2028-01-02') })).toMatchObject({ statusCode: 400, param: 'trial_end' });
  expect(await create({ trial_end: at('2026-01-01') })).toMatchObject({ statusCode: 400, param: 'trial_end' });
  expect(await create({ trial_period_days: 731 })).toMatchObject({ statusCode: 400, param: 'trial_period_days' });
  expect(await create({ trial_from_plan: true, trial_end: at('2026-02-01') })).toMatchObject({ code: 'parameters_exclusive' });
});

test('resetting the anchor inside a trial is refused by name', async () => {
  const { stripe, subscription } = await trialing({ trial_period_days: 20 });
  expect(await refusal(stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } }))).toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'billing_cycle_anchor',
  });
});
