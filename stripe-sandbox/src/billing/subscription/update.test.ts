import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

/** A customer on 50.00 a month since 1 January. */
async function onFifty(more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  world = await openWorld({ now: '2026-01-01' });
  const [fifty, hundred] = [await world.price(5000), await world.price(10_000, {}, 'Business')];
  const customer = await world.customer();
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: fifty.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, fifty, hundred, customer, subscription, item: subscription.items.data[0]!.id };
}

test('[golden] 50.00 → 100.00 on 16 January: the invoice of 1 February is 125.80', async () => {
  const { stripe, hundred, subscription, item } = await onFifty();
  await world.to('2026-01-16');
  await world.fresh();
  const changed = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: hundred.id }] });
  expect(changed.items.data[0]).toMatchObject({ id: item, price: { id: hundred.id }, current_period_end: at('2026-02-01') });
  expect(await world.fresh()).toEqual(['customer.subscription.updated', 'invoiceitem.created', 'invoiceitem.created']);
  const pending = await stripe.invoiceItems.list({ customer: changed.customer as string, pending: true });
  expect(pending.data.map((entry) => [entry.amount, entry.description, entry.proration])).toEqual([
    [5161, 'Remaining time on Business after 16 Jan 2026', true],
    [-2581, 'Unused time on Pro after 16 Jan 2026', true],
  ]);

  const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
  expect([preview.total, preview.amount_due]).toEqual([12_580, 12_580]);
  await world.to('2026-02-01T01:00:00Z');
  const invoice = await stripe.invoices.retrieve((await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string);
  expect(invoice).toMatchObject({ status: 'paid', amount_paid: 12_580, period_start: at('2026-01-01'), period_end: at('2026-02-01') });
  expect(invoice.lines.data.map((line) => line.amount)).toEqual([10_000, -2581, 5161]);
  const credit = invoice.lines.data[1]!;
  expect(credit).toMatchObject({
    discountable: false,
    period: { start: at('2026-01-16'), end: at('2026-02-01') },
    parent: { type: 'subscription_item_details', subscription_item_details: { proration: true, subscription_item: item } },
  });
  expect(credit.parent?.subscription_item_details?.proration_details?.credited_items?.invoice).toBe(subscription.latest_invoice);
  expect(invoice.lines.data[2]?.parent?.subscription_item_details?.proration_details?.credited_items).toBeNull();
});

test('[S 3.3] always_invoice bills and collects the difference at once', async () => {
  const { stripe, hundred, subscription, item } = await onFifty();
  await world.to('2026-01-16');
  await world.fresh();
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: hundred.id }],
    proration_behavior: 'always_invoice',
    expand: ['latest_invoice'],
  });
  expect(changed.latest_invoice).toMatchObject({
    status: 'paid',
    amount_paid: 2580,
    billing_reason: 'subscription_update',
    attempt_count: 1,
  });
  expect(await world.fresh()).toEqual([
    'customer.subscription.updated',
    'invoiceitem.created',
    'invoiceitem.created',
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
  await world.to('2026-02-01T01:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]).toMatchObject({ amount_paid: 10_000 });
});

test('[S 3.4] two changes in one period: the second gives back what the first debited', async () => {
  const { stripe, fifty, hundred, subscription, item } = await onFifty();
  await world.to('2026-01-16');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: hundred.id }] });
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: fifty.id }] });
  await world.to('2026-02-01T01:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]).toMatchObject({ amount_paid: 5000 });
});

test('[S 3.3] month → year keeps the anchor in flexible mode and bills the rest of the year at once', async () => {
  const { stripe, subscription, item } = await onFifty();
  const yearly = await world.price(50_000, { recurring: { interval: 'year' } }, 'Pro yearly');
  await world.to('2026-01-16');
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: yearly.id }],
    expand: ['latest_invoice'],
  });
  expect(changed.items.data[0]).toMatchObject({ current_period_start: at('2026-01-01'), current_period_end: at('2027-01-01') });
  expect(changed.billing_cycle_anchor).toBe(at('2026-01-01'));
  // 350 of 365 days of 500.00, less 16 of 31 days of 50.00.
  expect(changed.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 47_945 - 2581 });
});

test('[S 3.3] month → year in classic mode moves the anchor to now and bills a plain year', async () => {
  const { stripe, subscription, item } = await onFifty({ billing_mode: { type: 'classic' } });
  const yearly = await world.price(50_000, { recurring: { interval: 'year' } }, 'Pro yearly');
  await world.to('2026-01-16');
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: yearly.id }],
    expand: ['latest_invoice'],
  });
  expect(changed.items.data[0]).toMatchObject({ current_period_start: at('2026-01-16'), current_period_end: at('2027-01-16') });
  expect(changed.latest_invoice).toMatchObject({ amount_paid: 50_000 - 2581, lines: { data: [{ amount: 50_000 }, { amount: -2581 }] } });
});

test('quantity up and down; a negative invoice becomes credit for the next one', async () => {
  const { stripe, subscription, item, customer } = await onFifty();
  await stripe.subscriptionItems.update(item, { quantity: 3, proration_behavior: 'always_invoice' });
  await world.to('2026-01-16');
  const down = await stripe.subscriptionItems.update(item, { quantity: 1, proration_behavior: 'always_invoice' });
  expect(down.quantity).toBe(1);
  const [credit] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(credit).toMatchObject({ status: 'paid', total: -5161, amount_due: 0, ending_balance: -5161 });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -5161 });
  await world.to('2026-02-01T01:00:00Z');
  const [next] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(next).toMatchObject({
    status: 'paid',
    total: 5000,
    amount_due: 0,
    starting_balance: -5161,
    ending_balance: -161,
    attempt_count: 0,
  });
});

test('[S 3.2] a declined change: kept and past_due by default, refused with error_if_incomplete', async () => {
  const { stripe, hundred, subscription, item, customer } = await onFifty();
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    outcome: { kind: 'decline', code: 'card_declined', decline_code: 'insufficient_funds' },
    times: 2,
  });
  const change = { items: [{ id: item, price: hundred.id }], proration_behavior: 'always_invoice' as const };
  const error = await refusal(stripe.subscriptions.update(subscription.id, { ...change, payment_behavior: 'error_if_incomplete' }));
  expect([error.statusCode, error.decline_code]).toEqual([402, 'insufficient_funds']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.unit_amount).toBe(5000);
  expect(await world.fresh()).toEqual([]);
  const kept = await stripe.subscriptions.update(subscription.id, change);
  expect([kept.status, kept.items.data[0]?.price.unit_amount]).toEqual(['past_due', 10_000]);
});

test('adding and removing an item prorates both', async () => {
  const { stripe, hundred, subscription } = await onFifty();
  await world.to('2026-01-16');
  const added = await stripe.subscriptionItems.create({ subscription: subscription.id, price: hundred.id });
  expect((await stripe.subscriptionItems.list({ subscription: subscription.id })).data.map((entry) => entry.id)).toContain(added.id);
  expect((await stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(5000 + 10_000 + 5161);
  expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ deleted: true });
  expect((await stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(5000);
  const error = await refusal(stripe.subscriptionItems.del(subscription.items.data[0]!.id));
  expect(error.statusCode).toBe(400);
});

test('[DTS] trial_end now: told at once, active, billed in full from now', async () => {
  const { stripe, subscription } = await onFifty({ trial_period_days: 30 });
  await world.to('2026-01-10');
  await world.fresh();
  const active = await stripe.subscriptions.update(subscription.id, { trial_end: 'now', expand: ['latest_invoice'] });
  expect(active).toMatchObject({ status: 'active', trial_end: at('2026-01-10'), billing_cycle_anchor: at('2026-01-10') });
  expect(active.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 5000 });
  const types = await world.fresh();
  expect(types.slice(0, 3)).toEqual(['customer.subscription.updated', 'customer.subscription.trial_will_end', 'invoice.created']);
  await world.to('2026-02-10T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: subscription.id })).data.map((invoice) => invoice.amount_paid)).toEqual([
    5000, 5000, 0,
  ]);
});

test.each([
  ['pause', 'paused', ['customer.subscription.trial_will_end', 'customer.subscription.updated', 'customer.subscription.paused']],
  ['cancel', 'canceled', ['customer.subscription.trial_will_end', 'customer.subscription.deleted']],
] as const)('[S 3.1] trial_end now without a card ends as was chosen: %s, nothing billed', async (choice, status, types) => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const customer = await stripe.customers.create({ name: 'Ada' });
  const price = await world.price(5000);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 30,
    trial_settings: { end_behavior: { missing_payment_method: choice } },
  });
  await world.to('2026-01-10');
  await world.fresh();
  const ended = await stripe.subscriptions.update(subscription.id, { trial_end: 'now' });
  expect(ended).toMatchObject({ status, trial_end: at('2026-01-10') });
  expect(await world.fresh()).toEqual(types);
  await world.to('2026-03-10');
  expect((await stripe.invoices.list({ subscription: subscription.id })).data.map((invoice) => invoice.amount_due)).toEqual([0]);
});

test('a longer trial moves its end, and the warning with it', async () => {
  const { stripe, subscription } = await onFifty({ trial_period_days: 14 });
  const longer = await stripe.subscriptions.update(subscription.id, { trial_end: at('2026-02-01') });
  expect([longer.status, iso(longer.trial_end), iso(longer.items.data[0]?.current_period_end)]).toEqual([
    'trialing',
    '2026-02-01',
    '2026-02-01',
  ]);
  await world.fresh();
  await world.to('2026-01-28T23:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.upcoming']);
  await world.to('2026-01-29T00:00:00Z');
  expect(await world.fresh()).toEqual(['customer.subscription.trial_will_end']);
});

test('[S 3.1] pause_collection keeps the status; void, keep_as_draft and mark_uncollectible do what they say', async () => {
  const { stripe, subscription } = await onFifty();
  const status = async (month: string) =>
    (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]?.status ?? month;
  await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void' } });
  await world.to('2026-02-01T02:00:00Z');
  expect(await status('February')).toBe('void');
  await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'keep_as_draft' } });
  await world.to('2026-03-01T02:00:00Z');
  expect(await status('March')).toBe('draft');
  await stripe.subscriptions.update(subscription.id, {
    pause_collection: { behavior: 'mark_uncollectible', resumes_at: at('2026-04-15') },
  });
  await world.to('2026-04-01T02:00:00Z');
  expect(await status('April')).toBe('uncollectible');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  await world.to('2026-05-01T02:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
  expect(await status('May')).toBe('paid');
});

test('a preview of a change agrees with the change, and writes nothing', async () => {
  const { stripe, hundred, subscription, item } = await onFifty();
  await world.to('2026-01-16');
  await world.fresh();
  const details = {
    items: [{ id: item, price: hundred.id }],
    proration_behavior: 'always_invoice' as const,
    proration_date: at('2026-01-16'),
  };
  const now = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: details });
  expect([now.total, now.lines.data.length, now.status]).toEqual([2580, 2, 'draft']);
  const later = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: { ...details, proration_behavior: 'create_prorations' },
  });
  expect([later.total, iso(later.created)]).toEqual([12_580, '2026-02-01']);
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.unit_amount).toBe(5000);
  expect((await stripe.invoiceItems.list({ customer: subscription.customer as string })).data).toEqual([]);
  expect(await world.fresh()).toEqual([]);
  const outside = await refusal(
    stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { ...details, proration_date: at('2026-03-01') },
    }),
  );
  expect([outside.statusCode, outside.param]).toEqual([400, 'proration_date']);
});

test('metadata, description and payment method change without a bill', async () => {
  const { stripe, subscription, customer } = await onFifty();
  const method = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
  await world.fresh();
  const changed = await stripe.subscriptions.update(subscription.id, {
    metadata: { seats: '5' },
    description: 'Team plan',
    default_payment_method: method.id,
  });
  expect(changed).toMatchObject({ metadata: { seats: '5' }, description: 'Team plan', default_payment_method: method.id });
  expect(await world.fresh()).toEqual(['customer.subscription.updated']);
  const [event] = (await world.events()).slice(-1);
  expect(event?.data.previous_attributes).toMatchObject({ description: null, default_payment_method: null });
});
