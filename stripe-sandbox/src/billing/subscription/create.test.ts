import { afterEach, describe, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

const CREATED_AND_BILLED = [
  'customer.subscription.created',
  'invoice.created',
  'payment_intent.created',
  'invoice.updated',
  'invoice.finalized',
];

test('[S 3.6 (1)] paid at once: active from the first event on', async () => {
  world = await openWorld();
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await world.customer()];
  await world.fresh();
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id, quantity: 3 }],
    expand: ['latest_invoice'],
  });
  expect(subscription).toMatchObject({
    status: 'active',
    currency: 'usd',
    billing_mode: { type: 'flexible' },
    items: { data: [{ quantity: 3 }] },
  });
  expect(subscription.latest_invoice).toMatchObject({
    status: 'paid',
    amount_paid: 6000,
    attempt_count: 1,
    billing_reason: 'subscription_create',
    lines: { data: [{ amount: 6000, quantity: 3, description: '3 × Pro (at $20.00 / month)' }] },
    parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id } },
  });
  expect(await world.fresh()).toEqual([
    ...CREATED_AND_BILLED,
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ]);
  const created = (await world.events()).find((event) => event.type === 'customer.subscription.created');
  expect(created?.data.object).toMatchObject({ status: 'active', latest_invoice: (subscription.latest_invoice as { id: string }).id });
});

describe('a first payment that does not work', () => {
  test('[S 3.2] allow_incomplete: incomplete, and after 23 hours void and incomplete_expired', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await world.customer('pm_card_chargeCustomerFail')];
    await world.fresh();
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      expand: ['latest_invoice'],
    });
    expect(subscription.status).toBe('incomplete');
    expect(subscription.latest_invoice).toMatchObject({ status: 'open', attempt_count: 1, next_payment_attempt: null });
    expect(await world.fresh()).toEqual([
      ...CREATED_AND_BILLED,
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ]);
    await world.to('2026-01-01T23:00:00Z');
    expect((await world.fresh()).filter((type) => !type.startsWith('payment_intent'))).toEqual([
      'invoice.voided',
      'customer.subscription.updated',
    ]);
    const expired = await stripe.subscriptions.retrieve(subscription.id);
    expect(expired).toMatchObject({ status: 'incomplete_expired', canceled_at: at('2026-01-01T23:00:00Z') });
    await world.to('2026-06-01');
    expect(await world.fresh()).toEqual([]);
  });

  test('[S 3.2] allow_incomplete: a later payment by another card makes it active', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await world.customer('pm_card_chargeCustomerFail')];
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const paid = await stripe.invoices.pay(subscription.latest_invoice as string, { payment_method: method.id });
    expect(paid).toMatchObject({ status: 'paid', attempt_count: 1 });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    await world.to('2026-01-03');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  test('[S 3.2] default_incomplete: nothing is tried; confirming the intent makes it active', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await stripe.customers.create({ email: 'b@example.com' })];
    await world.fresh();
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    });
    expect(subscription.status).toBe('incomplete');
    expect(await world.fresh()).toEqual(CREATED_AND_BILLED);
    const invoice = subscription.latest_invoice as unknown as { payments: { data: { payment: { payment_intent: string } }[] } };
    const intent = invoice.payments.data[0]!.payment.payment_intent;
    await stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa', return_url: 'https://example.com' });
    const active = await stripe.subscriptions.retrieve(subscription.id);
    expect(active.status).toBe('active');
    expect(active.default_payment_method).toMatch(/^pm_/);
    expect((await world.fresh()).at(-2)).toBe('customer.subscription.updated');
  });

  test('[S 3.2] error_if_incomplete: 402 and nothing is left behind', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await world.customer('pm_card_chargeCustomerFail')];
    await world.fresh();
    const error = await refusal(
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], payment_behavior: 'error_if_incomplete' }),
    );
    expect([error.statusCode, error.code]).toEqual([402, 'card_declined']);
    expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
    expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
    expect(await world.fresh()).toEqual([]);
  });

  test('[S 3.1] without any payment method: 400 resource_missing without a param, nothing stored', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await stripe.customers.create({})];
    const error = await refusal(stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }));
    expect([error.statusCode, error.code, error.param]).toEqual([400, 'resource_missing', undefined]);
    expect(error.message).toContain('no attached payment source or default payment method');
    expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
  });

  test('[S 3.6 (2)] a card that wants authentication: incomplete, invoice.payment_action_required', async () => {
    world = await openWorld();
    const { stripe } = world;
    const [price, customer] = [await world.price(2000), await world.customer('pm_card_authenticationRequired')];
    await world.fresh();
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    expect(subscription.status).toBe('incomplete');
    expect((await world.fresh()).slice(5)).toEqual([
      'payment_intent.requires_action',
      'invoice.payment_action_required',
      'invoice.payment_failed',
      'invoice.updated',
    ]);
  });
});

test('[S 3.5] send_invoice: active at once, sent after its draft hour, overdue makes it past_due, paid outside recovers it', async () => {
  world = await openWorld();
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await stripe.customers.create({ email: 'b@example.com' })];
  await world.fresh();
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    collection_method: 'send_invoice',
    days_until_due: 10,
  });
  expect(subscription.status).toBe('active');
  expect(await world.fresh()).toEqual(['customer.subscription.created', 'invoice.created']);
  const draft = await stripe.invoices.retrieve(subscription.latest_invoice as string);
  expect(draft).toMatchObject({ status: 'draft', next_payment_attempt: null, automatically_finalizes_at: at('2026-01-01T01:00:00Z') });
  await world.to('2026-01-01T01:00:00Z');
  expect(await world.fresh()).toEqual(['payment_intent.created', 'invoice.updated', 'invoice.finalized', 'invoice.sent']);
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'open',
    due_date: at('2026-01-11T01:00:00Z'),
    next_payment_attempt: null,
  });
  await world.to('2026-01-11T01:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.overdue', 'customer.subscription.updated']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
  const paid = await stripe.invoices.pay(draft.id, { paid_out_of_band: true });
  expect(paid).toMatchObject({ status: 'paid', attempted: false, attempt_count: 0 });
  expect(await world.fresh()).toEqual(['invoice.updated', 'invoice.paid', 'customer.subscription.updated', 'payment_intent.canceled']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('[S 3.3] a later anchor: the first part is prorated to the second, or free', async () => {
  world = await openWorld({ now: '2026-01-16' });
  const { stripe } = world;
  const [price, customer] = [await world.price(3100), await world.customer()];
  const billed = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    billing_cycle_anchor: at('2026-02-01'),
    expand: ['latest_invoice'],
  });
  expect(billed.latest_invoice).toMatchObject({ amount_paid: 1600 });
  expect(billed.items.data[0]).toMatchObject({ current_period_start: at('2026-01-16'), current_period_end: at('2026-02-01') });
  const free = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    billing_cycle_anchor: at('2026-02-01'),
    proration_behavior: 'none',
  });
  expect([free.status, free.latest_invoice]).toEqual(['active', null]);
  const config = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    billing_cycle_anchor_config: { day_of_month: 10 },
  });
  expect(iso(config.billing_cycle_anchor)).toBe('2026-02-10');
  const error = await refusal(
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], billing_cycle_anchor: at('2026-03-01') }),
  );
  expect([error.statusCode, error.param]).toEqual([400, 'billing_cycle_anchor']);
});

test('[S 3.3] 31 January: 28 February, 31 March, 30 April', async () => {
  world = await openWorld({ now: '2026-01-31T09:00:00Z' });
  const { stripe } = world;
  const [price, customer] = [await world.price(2000), await world.customer()];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  const ends: (string | null)[] = [];
  for (const next of ['2026-02-28T10:00:00Z', '2026-03-31T10:00:00Z', '2026-04-30T10:00:00Z']) {
    ends.push(iso((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end));
    await world.to(next);
  }
  expect(ends).toEqual(['2026-02-28T09:00:00Z', '2026-03-31T09:00:00Z', '2026-04-30T09:00:00Z']);
  const invoices = await stripe.invoices.list({ subscription: subscription.id });
  expect(invoices.data.map((invoice) => [iso(invoice.created), invoice.status])).toEqual([
    ['2026-04-30T09:00:00Z', 'paid'],
    ['2026-03-31T09:00:00Z', 'paid'],
    ['2026-02-28T09:00:00Z', 'paid'],
    ['2026-01-31T09:00:00Z', 'paid'],
  ]);
  expect(invoices.data.map((invoice) => invoice.number?.slice(-4))).toEqual(['0004', '0003', '0002', '0001']);
});

test('refusals carry Stripe’s codes and params', async () => {
  world = await openWorld();
  const { stripe } = world;
  const customer = await world.customer();
  const oneTime = await stripe.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'Setup' } });
  const euro = await world.price(2000, { currency: 'eur' });
  const dollar = await world.price(2000);
  const create = (more: object) => refusal(stripe.subscriptions.create({ customer: customer.id, items: [{ price: dollar.id }], ...more }));
  expect(await create({ items: [{ price: 'invalid' }] })).toMatchObject({
    statusCode: 400,
    code: 'resource_missing',
    param: 'items[0][price]',
  });
  expect(await create({ customer: 'cus_none' })).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' });
  expect(await create({ items: [{ price: oneTime.id }] })).toMatchObject({ statusCode: 400, param: 'items[0][price]' });
  expect(await create({ items: [{ price: dollar.id }, { price: euro.id }] })).toMatchObject({ statusCode: 400, param: 'items[1][price]' });
  expect(await create({ collection_method: 'send_invoice' })).toMatchObject({ statusCode: 400, param: 'days_until_due' });
  expect(await create({ trial_end: at('2026-02-01'), trial_period_days: 3 })).toMatchObject({ code: 'parameters_exclusive' });
  expect(await refusal(stripe.subscriptions.retrieve('sub_none'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
});
