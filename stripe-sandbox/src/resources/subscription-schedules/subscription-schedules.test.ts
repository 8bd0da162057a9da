/** Subscription schedules [sandbox.md tier 2], as stories with dates and amounts. */
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

test('two months at half price, then the full one: phases follow one another at the boundaries, then the schedule lets go', async () => {
  const { stripe, full, customer } = await opened();
  const half = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: 'now',
    metadata: { deal: '7' },
    phases: [
      { items: [{ price: full.id }], discounts: [{ coupon: half.id }], duration: month(2), metadata: { phase: 'intro' } },
      { items: [{ price: full.id, quantity: 2 }], duration: month(1), metadata: { phase: 'full' } },
    ],
  });
  expect(schedule).toMatchObject({
    status: 'active',
    end_behavior: 'release',
    metadata: { deal: '7' },
    current_phase: { start_date: at('2026-01-01'), end_date: at('2026-03-01') },
    phases: [
      { start_date: at('2026-01-01'), end_date: at('2026-03-01'), proration_behavior: 'create_prorations' },
      { start_date: at('2026-03-01'), end_date: at('2026-04-01'), discounts: [] },
    ],
  });
  const id = schedule.subscription as string;
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active', schedule: schedule.id, metadata: { phase: 'intro' } });
  expect(await world.fresh()).toEqual([
    'coupon.created',
    'customer.discount.created',
    'customer.subscription.created',
    'invoice.created',
    'subscription_schedule.created',
  ]);
  // The first invoice has its draft hour.
  await world.to('2026-01-01T01:00:00Z');
  expect(await invoicesOf(id)).toEqual([['2026-01-01', 1550, 'paid']]);

  await world.to('2026-02-28');
  await world.fresh();
  await world.to('2026-03-01');
  expect(await world.fresh()).toEqual([
    'customer.subscription.updated',
    'subscription_schedule.updated',
    'customer.subscription.updated',
    'invoice.created',
  ]);
  const second = await stripe.subscriptions.retrieve(id);
  expect([second.items.data[0]?.quantity, second.discounts, second.metadata]).toEqual([2, [], { phase: 'full' }]);

  // A week before the end it says so; at the end the subscription goes its own way [OBS 2020-03-02: released, not completed].
  await world.to('2026-03-25');
  expect(await world.fresh()).toContain('subscription_schedule.expiring');
  await world.to('2026-04-01T02:00:00Z');
  const told = await world.fresh();
  expect(told.slice(told.indexOf('subscription_schedule.released')).slice(0, 4)).toEqual([
    'subscription_schedule.released',
    'customer.subscription.updated',
    'customer.subscription.updated',
    'invoice.created',
  ]);
  expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
    status: 'released',
    released_at: at('2026-04-01'),
    released_subscription: id,
    subscription: null,
    current_phase: null,
    completed_at: null,
  });
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active', schedule: null });
  expect(await invoicesOf(id)).toEqual([
    ['2026-01-01', 1550, 'paid'],
    ['2026-02-01', 1550, 'paid'],
    ['2026-03-01', 6200, 'paid'],
    ['2026-04-01', 6200, 'paid'],
  ]);
});

test('a schedule that starts later makes its subscription then; end_behavior cancel ends it with the last phase', async () => {
  const { stripe, intro, customer } = await opened();
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: at('2026-01-31'),
    end_behavior: 'cancel',
    phases: [
      { items: [{ price: intro.id }], duration: month() },
      { items: [{ price: intro.id, quantity: 2 }], duration: month() },
      { items: [{ price: intro.id, quantity: 3 }], duration: month() },
    ],
  });
  expect(schedule).toMatchObject({ status: 'not_started', subscription: null, current_phase: null });
  // Counted from the 31st and never chained.
  expect(schedule.phases.map((phase) => iso(phase.end_date))).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
  expect((await stripe.subscriptionSchedules.list({ scheduled: true })).data).toHaveLength(1);
  expect(await world.fresh()).toEqual(['subscription_schedule.created']);

  await world.to('2026-01-31T02:00:00Z');
  expect((await world.fresh()).slice(0, 3)).toEqual(['customer.subscription.created', 'invoice.created', 'subscription_schedule.updated']);
  const started = await stripe.subscriptionSchedules.retrieve(schedule.id);
  const id = started.subscription as string;
  expect((await stripe.subscriptions.retrieve(id)).cancel_at).toBeNull();
  await world.to('2026-03-31T02:00:00Z');
  expect(iso((await stripe.subscriptions.retrieve(id)).cancel_at)).toBe('2026-04-30');
  await world.to('2026-04-29');
  await world.fresh();
  await world.to('2026-05-05');
  expect(await world.fresh()).toEqual(['customer.subscription.deleted', 'subscription_schedule.completed']);
  expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({ status: 'completed', completed_at: at('2026-04-30') });
  expect(await invoicesOf(id)).toEqual([
    ['2026-01-31', 1000, 'paid'],
    ['2026-02-28', 2000, 'paid'],
    ['2026-03-31', 3000, 'paid'],
  ]);
});

test.each([
  ['create_prorations', [[3100 - 500 + 1550, '2026-02-01']], 0],
  ['always_invoice', [[3100, '2026-02-01']], 1050],
  ['none', [[3100, '2026-02-01']], 0],
] as const)('a phase that begins inside a period is prorated as it says: %s', async (proration_behavior, later, atOnce) => {
  const { stripe, intro, full, customer } = await opened();
  const half = at('2026-01-16T12:00:00Z');
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [
      { items: [{ price: intro.id }], end_date: half },
      { items: [{ price: full.id }], proration_behavior, duration: month(3) },
    ],
  });
  await world.to('2026-01-17');
  const id = schedule.subscription as string;
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.id).toBe(full.id);
  const now = (await invoicesOf(id)).slice(1);
  expect(now).toEqual(atOnce === 0 ? [] : [[iso(half), atOnce, 'paid']]);
  await world.to('2026-02-01T02:00:00Z');
  expect((await invoicesOf(id)).slice(1 + now.length)).toEqual(later.map(([total, day]) => [day, total, 'paid']));
});

test('a phase that is a trial, one with extras, tax and its own terms, and defaults behind them', async () => {
  const { stripe, intro, full, customer } = await opened();
  const setup = await stripe.prices.create({ currency: 'usd', unit_amount: 5000, product_data: { name: 'Onboarding' } });
  const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false });
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    default_settings: { description: 'The deal', invoice_settings: { days_until_due: 14, footer: 'Thanks' } },
    phases: [
      { items: [{ price: intro.id }], trial: true, end_date: at('2026-01-15') },
      {
        items: [{ price: full.id }],
        duration: month(),
        default_tax_rates: [vat.id],
        add_invoice_items: [{ price: setup.id, period: { start: { type: 'phase_start' }, end: { type: 'phase_end' } } }],
      },
      { items: [{ price: full.id }], duration: month(), collection_method: 'send_invoice', description: 'On account' },
    ],
  });
  const id = schedule.subscription as string;
  expect(schedule.phases[0]).toMatchObject({ trial: true, trial_end: at('2026-01-15') });
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
    status: 'trialing',
    trial_end: at('2026-01-15'),
    description: 'The deal',
    invoice_settings: { footer: 'Thanks' },
  });
  await world.to('2026-01-15T02:00:00Z');
  const paid = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  const invoice = paid.latest_invoice as Stripe.Invoice;
  expect([paid.status, invoice.status, invoice.total]).toEqual(['active', 'paid', Math.round((3100 + 5000) * 1.2)]);
  expect(invoice.lines.data.map((line) => [line.amount, line.description])).toEqual([
    [3100, '1 × Business (at $31.00 / month)'],
    [5000, 'Onboarding'],
  ]);
  expect(invoice.lines.data[1]?.period).toEqual({ start: at('2026-01-15'), end: at('2026-02-15') });
  await world.to('2026-02-15T02:00:00Z');
  const sent = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  expect(sent).toMatchObject({ collection_method: 'send_invoice', days_until_due: 14, description: 'On account', default_tax_rates: [] });
  expect(sent.latest_invoice).toMatchObject({ status: 'open', total: 3100, due_date: at('2026-03-01T01:00:00Z') });
});

test('a running subscription comes under a schedule, is given a future, and is let go again', async () => {
  const { stripe, intro, full, customer } = await opened();
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: intro.id }] });
  await world.to('2026-01-10');
  await world.fresh();
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  expect(schedule).toMatchObject({
    status: 'active',
    subscription: subscription.id,
    phases: [{ start_date: at('2026-01-01'), end_date: at('2026-02-01'), items: [{ price: intro.id, quantity: 1 }] }],
  });
  expect(await world.fresh()).toEqual(['subscription_schedule.created', 'customer.subscription.updated']);
  expect(await refusal(stripe.subscriptionSchedules.create({ from_subscription: subscription.id }))).toMatchObject({
    statusCode: 400,
    param: 'from_subscription',
  });
  const [present] = schedule.phases;
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      { start_date: present!.start_date, end_date: present!.end_date, items: [{ price: intro.id }] },
      { items: [{ price: full.id }], duration: month() },
    ],
  });
  expect(await world.fresh()).toEqual(['subscription_schedule.updated']);
  await world.to('2026-02-01T02:00:00Z');
  expect((await invoicesOf(subscription.id)).at(-1)).toEqual(['2026-02-01', 3100, 'paid']);
  await world.fresh();
  const released = await stripe.subscriptionSchedules.release(schedule.id);
  expect(released).toMatchObject({ status: 'released', subscription: null, released_subscription: subscription.id });
  expect(await world.fresh()).toEqual(['subscription_schedule.released', 'customer.subscription.updated']);
  await world.to('2026-03-01T02:00:00Z');
  expect((await invoicesOf(subscription.id)).at(-1)).toEqual(['2026-03-01', 3100, 'paid']);
});

test('the present phase changed: the subscription follows at once, prorated as asked', async () => {
  const { stripe, full, customer } = await opened();
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [{ items: [{ price: full.id }], duration: month(2) }],
  });
  await world.to('2026-01-11');
  await world.fresh();
  const id = schedule.subscription as string;
  const phase = { start_date: at('2026-01-01'), end_date: at('2026-03-01'), items: [{ price: full.id, quantity: 2 }] };
  const changed = await stripe.subscriptionSchedules.update(schedule.id, { phases: [phase], proration_behavior: 'always_invoice' });
  expect(changed.phases[0]?.items[0]?.quantity).toBe(2);
  const told = await world.fresh();
  expect([told[0], told.at(-1)]).toEqual(['customer.subscription.updated', 'invoice_payment.paid']);
  expect(told).toContain('subscription_schedule.updated');
  expect((await invoicesOf(id)).at(-1)).toEqual(['2026-01-11', 2100, 'paid']);
  // Its end moved to now: the subscription is let go at once.
  const ended = await stripe.subscriptionSchedules.update(schedule.id, { phases: [{ ...phase, end_date: 'now' }] });
  expect([ended.status, ended.released_subscription]).toEqual(['released', id]);
});

test('canceled: its subscription ends prorated and with a last invoice; before the start there is nothing to end', async () => {
  const { stripe, full, customer } = await opened();
  const phases = [{ items: [{ price: full.id }], duration: month(2) }];
  const running = await stripe.subscriptionSchedules.create({ customer: customer.id, phases });
  const waiting = await stripe.subscriptionSchedules.create({ customer: customer.id, start_date: at('2026-06-01'), phases });
  await world.to('2026-01-11');
  await world.fresh();
  expect(await stripe.subscriptionSchedules.cancel(running.id)).toMatchObject({ status: 'canceled', canceled_at: at('2026-01-11') });
  const told = await world.fresh();
  expect(told.filter((type) => /schedule|subscription\./.test(type))).toEqual([
    'subscription_schedule.canceled',
    'customer.subscription.deleted',
  ]);
  expect((await invoicesOf(running.subscription as string)).at(-1)).toEqual(['2026-01-11', -2100, 'paid']);
  expect((await stripe.subscriptionSchedules.cancel(waiting.id)).status).toBe('canceled');
  await world.to('2026-07-01');
  expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toHaveLength(1);
  expect(await refusal(stripe.subscriptionSchedules.cancel(running.id))).toMatchObject({ statusCode: 400 });
  expect(await refusal(stripe.subscriptionSchedules.release(running.id))).toMatchObject({ statusCode: 400 });
  expect(await refusal(stripe.subscriptionSchedules.update(running.id, { end_behavior: 'cancel' }))).toMatchObject({ statusCode: 400 });
});

test('aborted when its subscription is canceled for not paying, canceled when somebody cancels that', async () => {
  world = await openWorld({ now: '2026-01-01', settings: { retry_days: [1], retries_exhausted: 'cancel' } });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await world.customer('pm_card_chargeCustomerFail')];
  const phases = [{ items: [{ price: price.id }], duration: month(2) }];
  const unpaid = await stripe.subscriptionSchedules.create({ customer: customer.id, phases });
  const other = await stripe.subscriptionSchedules.create({ customer: (await world.customer()).id, phases });
  await world.to('2026-01-01T02:00:00Z');
  expect((await stripe.subscriptions.retrieve(unpaid.subscription as string)).status).toBe('past_due');
  await world.to('2026-01-02T02:00:00Z');
  const told = await world.fresh();
  expect(told.slice(told.indexOf('customer.subscription.deleted'))).toEqual([
    'customer.subscription.deleted',
    'subscription_schedule.aborted',
  ]);
  expect((await stripe.subscriptionSchedules.retrieve(unpaid.id)).status).toBe('canceled');
  await stripe.subscriptions.cancel(other.subscription as string);
  expect(await world.fresh()).toEqual(['customer.subscription.deleted', 'subscription_schedule.canceled']);
});

test('while a schedule manages it: no pause, no end of its own; preserve_cancel_date keeps the one it was given', async () => {
  const { stripe, full, customer } = await opened();
  const phases = [{ items: [{ price: full.id }], duration: month(2) }];
  const schedule = await stripe.subscriptionSchedules.create({ customer: customer.id, phases, end_behavior: 'cancel' });
  const id = schedule.subscription as string;
  expect(iso((await stripe.subscriptions.retrieve(id)).cancel_at)).toBe('2026-03-01');
  for (const change of [{ cancel_at_period_end: true }, { cancel_at: at('2026-02-01') }, { cancel_at: '' as const }]) {
    const error = await refusal(stripe.subscriptions.update(id, change));
    expect([error.statusCode, error.message.includes(schedule.id)]).toEqual([400, true]);
  }
  expect((await refusal(stripe.subscriptions.pause(id))).statusCode).toBe(400);
  await stripe.subscriptionSchedules.release(schedule.id, { preserve_cancel_date: true });
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ schedule: null, cancel_at: at('2026-03-01') });
  const second = await stripe.subscriptionSchedules.create({ customer: customer.id, phases, end_behavior: 'cancel' });
  await stripe.subscriptionSchedules.release(second.id);
  expect((await stripe.subscriptions.retrieve(second.subscription as string)).cancel_at).toBeNull();
});

test('month → year at a boundary: flexible bills the rest of the anchor’s year, phase_start a whole year from there', async () => {
  const { stripe, full, customer } = await opened();
  const yearly = await world.price(36_500, { recurring: { interval: 'year' } }, 'Yearly');
  const create = (billing_cycle_anchor: 'automatic' | 'phase_start') =>
    stripe.subscriptionSchedules.create({
      customer: customer.id,
      phases: [
        { items: [{ price: full.id }], duration: month() },
        { items: [{ price: yearly.id }], duration: { interval: 'year' }, billing_cycle_anchor },
      ],
    });
  const [kept, moved] = [await create('automatic'), await create('phase_start')];
  await world.to('2026-02-01T02:00:00Z');
  expect((await invoicesOf(kept.subscription as string)).at(-1)).toEqual(['2026-02-01', 33_400, 'paid']);
  expect((await invoicesOf(moved.subscription as string)).at(-1)).toEqual(['2026-02-01', 36_500, 'paid']);
  const anchor = async (schedule: Stripe.SubscriptionSchedule) =>
    iso((await stripe.subscriptions.retrieve(schedule.subscription as string)).billing_cycle_anchor);
  expect([await anchor(kept), await anchor(moved)]).toEqual(['2026-01-01', '2026-02-01']);
});
