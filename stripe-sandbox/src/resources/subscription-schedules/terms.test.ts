/** What a schedule takes and what it shows beforehand [sandbox.md tier 2]. */
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function opened(now = '2026-01-01') {
  world = await openWorld({ now });
  const [intro, full] = [await world.price(1000), await world.price(3100, {}, 'Business')];
  const customer = await world.customer();
  await world.fresh();
  return { stripe: world.stripe, intro, full, customer };
}
const invoicesOf = async (subscription: string) =>
  (await world.stripe.invoices.list({ subscription })).data
    .map((invoice) => [iso(invoice.created), invoice.total, invoice.status])
    .reverse();
const month = (interval_count = 1) => ({ interval: 'month' as const, interval_count });

test('refusals name the parameter, and nothing is left behind', async () => {
  const { stripe, full, customer } = await opened();
  const phase = { items: [{ price: full.id }], duration: month() };
  const create = (more: object) => refusal(stripe.subscriptionSchedules.create({ customer: customer.id, phases: [phase], ...more }));
  const bad = (more: object) => create({ phases: [{ ...phase, ...more }] });
  expect(await create({ customer: undefined })).toMatchObject({ code: 'parameter_missing', param: 'customer' });
  expect(await create({ phases: undefined })).toMatchObject({ code: 'parameter_missing', param: 'phases' });
  expect(await create({ customer: 'cus_none' })).toMatchObject({ code: 'resource_missing', param: 'customer' });
  expect(await create({ start_date: at('2025-12-01') })).toMatchObject({ code: 'sandbox_not_emulated', param: 'start_date' });
  expect(await create({ end_behavior: 'renew' })).toMatchObject({ code: 'sandbox_not_emulated', param: 'end_behavior' });
  expect(await bad({ items: [{ price: 'price_none' }] })).toMatchObject({ code: 'resource_missing', param: 'phases[0][items][0][price]' });
  expect(await bad({ end_date: at('2026-02-01') })).toMatchObject({ code: 'parameters_exclusive', param: 'phases[0][end_date]' });
  expect(await bad({ duration: undefined, end_date: at('2025-02-01') })).toMatchObject({ param: 'phases[0][end_date]' });
  expect(await bad({ trial: true, trial_end: at('2026-01-05') })).toMatchObject({ code: 'parameters_exclusive' });
  expect(await bad({ trial_end: at('2026-05-05') })).toMatchObject({ param: 'phases[0][trial_end]' });
  expect(await bad({ trial: true, billing_cycle_anchor: 'phase_start' })).toMatchObject({ param: 'phases[0][billing_cycle_anchor]' });
  expect(await bad({ discounts: [{ coupon: 'none' }] })).toMatchObject({
    code: 'resource_missing',
    param: 'phases[0][discounts][0][coupon]',
  });
  expect(await bad({ application_fee_percent: 5 })).toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'phases[0][application_fee_percent]',
  });
  expect(await create({ pause_schedules: [{ pause: { pause_at: { type: 'now' } } }] })).toMatchObject({ param: 'pause_schedules' });
  expect((await stripe.subscriptionSchedules.list()).data).toEqual([]);
  expect((await stripe.subscriptions.list()).data).toEqual([]);
  expect(await refusal(stripe.subscriptionSchedules.retrieve('sub_sched_none'))).toMatchObject({ statusCode: 404 });
});

test('prices given in line, and prices archived since, are billed as agreed', async () => {
  const { stripe, full, customer } = await opened();
  const inline = { currency: 'usd', product: full.product as string, unit_amount: 700, recurring: { interval: 'month' as const } };
  const once = { currency: 'usd', product: full.product as string, unit_amount: 90 };
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: at('2026-01-10'),
    phases: [
      { items: [{ price_data: inline }], add_invoice_items: [{ price_data: once }], duration: month() },
      { items: [{ price: full.id }], duration: month() },
    ],
  });
  await stripe.prices.update(full.id, { active: false });
  await world.to('2026-02-10T02:00:00Z');
  const { subscription } = await stripe.subscriptionSchedules.retrieve(schedule.id);
  expect(await invoicesOf(subscription as string)).toEqual([
    ['2026-01-10', 790, 'paid'],
    ['2026-02-10', 3100, 'paid'],
  ]);
});

test('what comes next is shown with the phase that will be: in a preview, and in invoice.upcoming', async () => {
  const { stripe, intro, full, customer } = await opened();
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [
      { items: [{ price: intro.id }], end_date: at('2026-01-16T12:00:00Z') },
      { items: [{ price: full.id }], end_date: at('2026-02-01') },
      { items: [{ price: full.id, quantity: 2 }], duration: month() },
    ],
  });
  const id = schedule.subscription as string;
  // Half a month back and half a month of the next, then twice the price.
  const expected = -500 + 1550 + 6200;
  expect((await stripe.invoices.createPreview({ subscription: id })).total).toBe(expected);
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.id).toBe(intro.id);
  await world.to('2026-01-25');
  const told = (await world.events()).filter((event) => event.type === 'invoice.upcoming').at(-1) as unknown as Stripe.Event;
  expect((told.data.object as Stripe.Invoice).total).toBe(expected);
  await world.to('2026-02-01T02:00:00Z');
  expect((await invoicesOf(id)).at(-1)).toEqual(['2026-02-01', expected, 'paid']);

  const yearly = await world.price(36_500, { recurring: { interval: 'year' } }, 'Yearly');
  const present = { start_date: at('2026-02-01'), end_date: at('2026-03-01'), items: [{ price: full.id, quantity: 2 }] };
  const phases = [present, { items: [{ price: yearly.id }], duration: { interval: 'year' as const } }];
  await stripe.subscriptionSchedules.update(schedule.id, { phases });
  expect(await refusal(stripe.invoices.createPreview({ subscription: id }))).toMatchObject({ code: 'sandbox_not_emulated' });
  await world.to('2026-03-01T02:00:00Z');
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.id).toBe(yearly.id);
});

test('a present phase that is changed keeps its discount: the coupon is redeemed once', async () => {
  const { stripe, full, customer } = await opened();
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 2 });
  const phase = { items: [{ price: full.id }], discounts: [{ coupon: coupon.id }] };
  const schedule = await stripe.subscriptionSchedules.create({ customer: customer.id, phases: [{ ...phase, end_date: at('2026-06-01') }] });
  const id = schedule.subscription as string;
  const [discount] = (await stripe.subscriptions.retrieve(id)).discounts;
  await world.to('2026-01-11');
  const present = { ...phase, start_date: at('2026-01-01'), end_date: at('2026-06-01') };
  await stripe.subscriptionSchedules.update(schedule.id, { phases: [{ ...present, items: [{ price: full.id, quantity: 2 }] }] });
  expect((await stripe.subscriptions.retrieve(id)).discounts).toEqual([discount]);
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  await stripe.subscriptionSchedules.update(schedule.id, { phases: [{ ...present, discounts: '' as const }] });
  expect((await stripe.subscriptions.retrieve(id)).discounts).toEqual([]);
});
