/** The rows of [S 3.1], [S 3.2] and [S 3.7] that no other story tells. */
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import type { AccountSettings } from '../../kernel/types.ts';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

async function subscribed(
  more: Partial<Stripe.SubscriptionCreateParams> = {},
  settings: Partial<AccountSettings> = {},
  card = 'pm_card_visa',
) {
  world = await openWorld({ now: '2026-01-01', settings });
  const [price, other] = [await world.price(5000), await world.price(10_000, {}, 'Business')];
  const customer = await world.customer(card);
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  await world.fresh();
  return { stripe: world.stripe, price, other, customer, subscription, item: subscription.items.data[0]!.id };
}
const statusOf = async (id: string) => (await world.stripe.subscriptions.retrieve(id)).status;
async function useCard(customer: string, token: string): Promise<string> {
  const method = await world.stripe.paymentMethods.attach(token, { customer });
  await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  await world.fresh();
  return method.id;
}

test('[S 3.1] incomplete: the voided first invoice ends it, told by .updated and not by .deleted', async () => {
  const { stripe, subscription } = await subscribed({}, {}, 'pm_card_chargeCustomerFail');
  expect(subscription.status).toBe('incomplete');
  await stripe.invoices.voidInvoice(subscription.latest_invoice as string);
  expect(await world.fresh()).toEqual(['payment_intent.canceled', 'invoice.voided', 'customer.subscription.updated']);
  const ended = await stripe.subscriptions.retrieve(subscription.id);
  expect([ended.status, ended.canceled_at]).toEqual(['incomplete_expired', at('2026-01-01')]);
  expect(await refusal(stripe.subscriptions.update(subscription.id, { description: 'x' }))).toMatchObject({ statusCode: 400 });
  await world.to('2026-03-01');
  expect(await world.fresh()).toEqual([]);
});

test('[S 3.1] incomplete may be canceled, and may not be changed meanwhile', async () => {
  const { stripe, subscription, item } = await subscribed({ payment_behavior: 'default_incomplete' });
  expect(await refusal(stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] }))).toMatchObject({
    statusCode: 400,
  });
  expect((await stripe.subscriptions.cancel(subscription.id)).status).toBe('canceled');
  await world.to('2026-01-03');
  expect((await world.fresh()).filter((type) => type.startsWith('customer.subscription'))).toEqual(['customer.subscription.deleted']);
});

test('[S 3.2] update with default_incomplete: past_due until the payment is confirmed', async () => {
  const { stripe, other, customer, subscription, item } = await subscribed();
  await world.to('2026-01-16');
  await world.fresh();
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: other.id }],
    proration_behavior: 'always_invoice',
    payment_behavior: 'default_incomplete',
    expand: ['latest_invoice.payments', 'latest_invoice.confirmation_secret'],
  });
  const invoice = changed.latest_invoice as Stripe.Invoice;
  expect([changed.status, invoice.status, invoice.amount_due, invoice.attempted]).toEqual(['past_due', 'open', 2580, false]);
  expect(changed.items.data[0]?.price.id).toBe(other.id);
  expect((await world.fresh()).at(-1)).toBe('customer.subscription.updated');
  const intent = (invoice.payments?.data[0]?.payment.payment_intent ?? '') as string;
  const card = (await stripe.customers.listPaymentMethods(customer.id)).data[0]!.id;
  await stripe.paymentIntents.confirm(intent, { payment_method: card, return_url: 'https://example.com' });
  expect(await statusOf(subscription.id)).toBe('active');
});

test('[S 3.2] update with error_if_incomplete: 402, and neither price, item nor invoice is left behind', async () => {
  const { stripe, other, customer, subscription, item } = await subscribed();
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to('2026-01-16');
  await world.fresh();
  const error = await refusal(
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: other.id }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    }),
  );
  expect([error.statusCode, error.type, error.code]).toEqual([402, 'StripeCardError', 'card_declined']);
  expect(await world.fresh()).toEqual([]);
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
  expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([]);
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.id).not.toBe(other.id);
});

test('[S 3.2] a pending update may carry metadata and a trial; it expires with the period when that is sooner', async () => {
  const { stripe, other, customer, subscription, item } = await subscribed();
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to('2026-01-31T12:00:00Z');
  const waiting = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: other.id, quantity: 3 }],
    metadata: { plan: 'business' },
    proration_behavior: 'always_invoice',
    payment_behavior: 'pending_if_incomplete',
  });
  expect(waiting).toMatchObject({ metadata: {}, pending_update: { expires_at: at('2026-02-01'), metadata: { plan: 'business' } } });
  await world.to('2026-02-01T02:00:00Z');
  const after = await stripe.subscriptions.retrieve(subscription.id);
  expect([after.pending_update, after.items.data[0]?.quantity, after.metadata]).toEqual([null, 1, {}]);
  const told = (await world.fresh()).filter((type) => type.startsWith('customer.subscription'));
  expect(told).toContain('customer.subscription.pending_update_expired');
});

test('[S 3.2] a new change of what is pending takes its place: the first invoice is void', async () => {
  const { stripe, other, customer, subscription, item } = await subscribed();
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to('2026-01-16');
  const change = (quantity: number) =>
    stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: other.id, quantity }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    });
  const first = await change(2);
  const second = await change(3);
  expect((await stripe.invoices.retrieve(first.latest_invoice as string)).status).toBe('void');
  expect(second.pending_update?.subscription_items?.map((entry) => entry.quantity)).toEqual([3]);
});

test('[S 3.7] by default eight retries in two weeks, each told, then canceled; nothing is collected afterwards', async () => {
  const { stripe, customer, subscription } = await subscribed();
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to('2026-02-01T01:00:00Z');
  const nexts: (string | null)[] = [];
  const invoice = async () => stripe.invoices.retrieve((await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string);
  for (const days of [1, 3, 5, 7, 9, 11, 13, 14]) {
    nexts.push(iso((await invoice()).next_payment_attempt));
    await world.fresh();
    await world.to(`2026-02-${String(1 + days).padStart(2, '0')}T01:00:00Z`);
    expect((await world.fresh()).slice(0, 4)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ]);
  }
  expect(nexts).toEqual([2, 4, 6, 8, 10, 12, 14, 15].map((day) => `2026-02-${String(day).padStart(2, '0')}T01:00:00Z`));
  const last = await invoice();
  expect([last.status, last.attempt_count, last.next_payment_attempt, last.auto_advance]).toEqual(['open', 9, null, false]);
  expect(await statusOf(subscription.id)).toBe('canceled');
  await world.to('2026-06-01');
  expect(await world.fresh()).toEqual([]);
});

test('[S 3.7] the subscription’s own card comes before the customer’s: a new one there does not help', async () => {
  const { stripe, customer, subscription } = await subscribed({}, { retry_days: [1, 3] });
  const broken = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: broken.id });
  await world.to('2026-02-01T01:00:00Z');
  expect(await statusOf(subscription.id)).toBe('past_due');
  const good = await useCard(customer.id, 'pm_card_visa');
  await world.to('2026-02-02T01:00:00Z');
  expect(await statusOf(subscription.id)).toBe('past_due');
  await stripe.subscriptions.update(subscription.id, { default_payment_method: good });
  await world.to('2026-02-04T01:00:00Z');
  expect(await statusOf(subscription.id)).toBe('active');
});

test('[S 3.1] past_due goes on cycling: two unpaid months, paying the newest makes it active', async () => {
  const { stripe, customer, subscription } = await subscribed({}, { retry_days: [1], retries_exhausted: 'past_due' });
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to('2026-03-05');
  const [march, february] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect([march?.status, february?.status, await statusOf(subscription.id)]).toEqual(['open', 'open', 'past_due']);
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.invoices.pay(february!.id, { payment_method: good.id });
  expect(await statusOf(subscription.id)).toBe('past_due');
  await stripe.invoices.pay(march!.id, { payment_method: good.id });
  expect(await statusOf(subscription.id)).toBe('active');
});

test.each([
  ['the invoice before was paid', [], 'active'],
  ['the invoice before is unpaid too', ['keep'], 'past_due'],
] as const)('[S 3.1 Voiding] the newest invoice is voided and %s', async (_what, keep, status) => {
  const { stripe, customer, subscription } = await subscribed({}, { retry_days: [1], retries_exhausted: 'past_due' });
  await useCard(customer.id, 'pm_card_chargeCustomerFail');
  await world.to(keep.length === 0 ? '2026-02-02' : '2026-03-02');
  const [newest] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(await statusOf(subscription.id)).toBe('past_due');
  await stripe.invoices.voidInvoice(newest!.id);
  expect(await statusOf(subscription.id)).toBe(status);
});

test('[S 3.5] send_invoice: a change of collection needs its days, and takes them away again', async () => {
  const { stripe, subscription } = await subscribed();
  const update = (params: Stripe.SubscriptionUpdateParams) => stripe.subscriptions.update(subscription.id, params);
  expect(await refusal(update({ collection_method: 'send_invoice' }))).toMatchObject({ statusCode: 400, param: 'days_until_due' });
  expect(await update({ collection_method: 'send_invoice', days_until_due: 10 })).toMatchObject({ days_until_due: 10 });
  await world.to('2026-02-01T02:00:00Z');
  const [sent] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(sent).toMatchObject({ status: 'open', due_date: at('2026-02-11T01:00:00Z'), next_payment_attempt: null });
  expect(await statusOf(subscription.id)).toBe('active');
  expect(await update({ collection_method: 'charge_automatically' })).toMatchObject({ days_until_due: null });
});

test('[S 3.3] a trial given up for a paid plan is paid at once, and told', async () => {
  const { stripe, other, subscription, item } = await subscribed({ trial_period_days: 20 });
  await world.to('2026-01-11');
  await world.fresh();
  // During the trial a change costs nothing and bills nothing.
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: other.id }] });
  expect(await world.fresh()).toEqual(['customer.subscription.updated']);
  const paid = await stripe.subscriptions.update(subscription.id, { trial_end: 'now', expand: ['latest_invoice'] });
  expect(paid).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', amount_paid: 10_000 } });
  expect(iso(paid.items.data[0]?.current_period_end)).toBe('2026-02-11');
});

test('[S 3.6 (4)] the upcoming invoice is told seven days ahead, without an id, with what is pending', async () => {
  const { stripe, other, subscription, item } = await subscribed({}, { upcoming_days: 7 });
  await world.to('2026-01-16');
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: other.id }] });
  await world.fresh();
  await world.to('2026-01-25');
  expect(await world.fresh()).toEqual(['invoice.upcoming']);
  const event = (await world.events()).filter((entry) => entry.type === 'invoice.upcoming').at(-1) as unknown as Stripe.Event;
  const upcoming = event.data.object as Stripe.Invoice;
  expect([upcoming.id, upcoming.total, upcoming.billing_reason]).toEqual([undefined, 12_580, 'upcoming']);
});
