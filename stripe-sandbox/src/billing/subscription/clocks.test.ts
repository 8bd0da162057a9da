import { afterEach, expect, test } from 'vitest';
import { openPglite } from '../../testing/index.ts';
import { at, iso, openWorld, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

const MONTHS = ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'];

/** Four months of three customers: what was told, when, and for how much. */
async function story(steps: string[]): Promise<string[]> {
  world = await openWorld({ now: '2026-01-01T10:00:00Z' });
  const { stripe } = world;
  const monthly = await world.price(2000);
  const weekly = await world.price(700, { recurring: { interval: 'week' } }, 'Weekly');
  const [ada, bob, eve] = [await world.customer(), await world.customer(), await world.customer('pm_card_chargeCustomerFail')];
  await stripe.subscriptions.create({ customer: ada.id, items: [{ price: monthly.id }], trial_period_days: 20 });
  await stripe.subscriptions.create({ customer: bob.id, items: [{ price: weekly.id }], cancel_at: at('2026-03-10') });
  await stripe.subscriptions.create({ customer: eve.id, items: [{ price: monthly.id }], trial_period_days: 5 });
  for (const step of steps) await world.to(step);
  const told = (await world.events()).filter((event) => !event.type.startsWith('test_helpers.'));
  await world.close();
  return told.map((event) => `${iso(event.created)} ${event.type} ${event.data.object.amount_due ?? event.data.object.status ?? ''}`);
}

test('advanced in one call or day by day: the same story at the same instants', async () => {
  const days: string[] = [];
  for (let day = at('2026-01-02T03:17:00Z'); day < at('2026-05-01'); day += 86_400) days.push(new Date(day * 1000).toISOString());
  const once = await story(['2026-05-01']);
  const daily = await story([...days, '2026-05-01']);
  expect(once.length).toBeGreaterThan(150);
  expect(daily).toEqual(once);
});

test('[S 3.11] everything of a customer on a test clock lives by that clock, and only there', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at('2027-06-30T12:00:00Z') });
  const price = await world.price(2000);
  const customer = await stripe.customers.create({
    test_clock: clock.id,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  expect([subscription.test_clock, iso(subscription.created)]).toEqual([clock.id, '2027-06-30T12:00:00Z']);
  await world.sandbox.control.advance({ account: world.account, clock: clock.id, to: at('2027-07-30T13:00:00Z') });
  const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect([invoice?.status, iso(invoice?.created), invoice?.test_clock]).toEqual(['paid', '2027-07-30T12:00:00Z', clock.id]);
  expect((await stripe.subscriptions.list()).data).toEqual([]);
  expect((await stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1);
  await stripe.testHelpers.testClocks.del(clock.id);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
});

test('the same life on the embedded database', async () => {
  const { store } = await openPglite();
  world = await openWorld({ now: '2026-01-01', sandbox: { store } });
  const { stripe } = world;
  const price = await world.price(2000);
  const customer = await world.customer();
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  for (const month of MONTHS) await world.to(`${month}T02:00:00Z`);
  const invoices = await stripe.invoices.list({ subscription: subscription.id });
  expect(invoices.data.map((invoice) => [invoice.status, invoice.amount_paid])).toEqual(Array.from({ length: 5 }, () => ['paid', 2000]));
  await stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: 'usd' });
  expect((await stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(2500);
});
