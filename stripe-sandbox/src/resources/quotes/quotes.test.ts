import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function opened() {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const setup = await stripe.prices.create({ currency: 'usd', unit_amount: 5000, product_data: { name: 'Onboarding' } });
  const [monthly, customer] = [await world.price(1500), await world.customer()];
  await world.fresh();
  return { stripe, setup, monthly, customer };
}

test('[sandbox.md tier 2] drafted, changed, finalized, accepted: a subscription and its first invoice', async () => {
  const { stripe, setup, monthly, customer } = await opened();
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
  const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false });
  await world.fresh();
  const draft = await stripe.quotes.create({ line_items: [{ price: monthly.id }], description: 'An offer', metadata: { deal: '7' } });
  expect(draft).toMatchObject({
    status: 'draft',
    number: null,
    customer: null,
    amount_total: 1500,
    currency: 'usd',
    expires_at: at('2026-01-31'),
  });
  expect((await refusal(stripe.quotes.finalizeQuote(draft.id))).param).toBe('customer');
  const changed = await stripe.quotes.update(draft.id, {
    customer: customer.id,
    line_items: [{ price: monthly.id, quantity: 10 }, { price: setup.id }],
    discounts: [{ coupon: coupon.id }],
    default_tax_rates: [vat.id],
    subscription_data: { metadata: { from: 'quote' } },
    expand: ['line_items'],
  });
  // 200.00 less a tenth, and a fifth of that on top; every month 150.00 by the same rule.
  expect(changed).toMatchObject({
    amount_subtotal: 20_000,
    amount_total: 21_600,
    total_details: { amount_discount: 2000, amount_tax: 3600 },
    computed: {
      recurring: { amount_subtotal: 15_000, amount_total: 16_200, interval: 'month', interval_count: 1 },
      upfront: { amount_subtotal: 20_000, amount_total: 21_600 },
    },
  });
  expect(changed.line_items?.data.map((item) => [item.description, item.quantity, item.amount_total])).toEqual([
    ['Pro', 10, 16_200],
    ['Onboarding', 1, 5400],
  ]);
  const open = await stripe.quotes.finalizeQuote(draft.id);
  expect(open).toMatchObject({ status: 'open', number: expect.stringMatching(/^QT-[0-9A-Z]{8}-0001-1$/) });
  expect((await refusal(stripe.quotes.update(draft.id, { description: 'x' }))).statusCode).toBe(400);
  expect(await world.fresh()).toEqual(['quote.created', 'quote.finalized']);

  const accepted = await stripe.quotes.accept(draft.id, { expand: ['subscription', 'invoice'] });
  expect(accepted).toMatchObject({
    status: 'accepted',
    subscription: { status: 'active', metadata: { from: 'quote' } },
    invoice: { status: 'paid', total: 21_600, billing_reason: 'subscription_create' },
  });
  const told = await world.fresh();
  expect([told[1], told.at(-2), told.at(-1)]).toEqual(['customer.subscription.created', 'quote.accepted', 'invoice_payment.paid']);
  await world.to('2026-02-01T02:00:00Z');
  const { subscription } = await stripe.quotes.retrieve(draft.id);
  expect((await stripe.invoices.list({ subscription: subscription as string, limit: 1 })).data[0]?.total).toBe(16_200);
  expect((await refusal(stripe.quotes.accept(draft.id))).statusCode).toBe(400);
  expect((await refusal(stripe.quotes.cancel(draft.id))).statusCode).toBe(400);
});

test('one-time lines alone become a draft invoice that nobody pays by itself', async () => {
  const { stripe, setup, customer } = await opened();
  const inline = { currency: 'usd', product: setup.product as string, unit_amount: 333 };
  const { id } = await stripe.quotes.create({
    customer: customer.id,
    line_items: [{ price: setup.id, quantity: 2 }, { price_data: inline }],
  });
  await stripe.quotes.finalizeQuote(id);
  const accepted = await stripe.quotes.accept(id, { expand: ['invoice'] });
  expect(accepted.subscription).toBeNull();
  const invoice = accepted.invoice as Stripe.Invoice;
  expect(invoice).toMatchObject({
    status: 'draft',
    auto_advance: false,
    total: 10_333,
    parent: { type: 'quote_details', quote_details: { quote: id } },
  });
  await world.to('2026-01-03');
  const paid = await stripe.invoices.pay((await stripe.invoices.finalizeInvoice(invoice.id)).id);
  expect([paid.status, paid.amount_paid]).toEqual(['paid', 10_333]);
});

test('an effective date makes a schedule; a trial makes the start free', async () => {
  const { stripe, monthly, customer } = await opened();
  const line_items = [{ price: monthly.id }];
  const later = await stripe.quotes.create({ customer: customer.id, line_items, subscription_data: { effective_date: at('2026-02-01') } });
  await stripe.quotes.finalizeQuote(later.id);
  const accepted = await stripe.quotes.accept(later.id, { expand: ['subscription_schedule'] });
  expect(accepted).toMatchObject({ subscription: null, invoice: null, subscription_schedule: { status: 'not_started' } });
  await world.to('2026-02-01T02:00:00Z');
  const schedule = await stripe.subscriptionSchedules.retrieve((accepted.subscription_schedule as Stripe.SubscriptionSchedule).id);
  expect((await stripe.invoices.list({ subscription: schedule.subscription as string })).data[0]).toMatchObject({
    status: 'paid',
    total: 1500,
  });

  const trial = await stripe.quotes.create({ customer: customer.id, line_items, subscription_data: { trial_period_days: 14 } });
  expect([trial.amount_total, trial.computed.upfront.amount_total, trial.computed.recurring?.amount_total]).toEqual([1500, 0, 1500]);
  await stripe.quotes.finalizeQuote(trial.id);
  const tried = await stripe.quotes.accept(trial.id, { expand: ['subscription'] });
  expect(tried.subscription).toMatchObject({ status: 'trialing' });
});

test('it expires, is taken back, or is revised by a copy', async () => {
  const { stripe, monthly, customer } = await opened();
  const line_items = [{ price: monthly.id }];
  const short = await stripe.quotes.create({ customer: customer.id, line_items, expires_at: at('2026-01-05') });
  const first = await stripe.quotes.create({ customer: customer.id, line_items });
  const gone = await stripe.quotes.create({ customer: customer.id, line_items });
  await stripe.quotes.finalizeQuote(first.id);
  await stripe.quotes.cancel(gone.id);
  await world.to('2026-01-05');
  expect(await stripe.quotes.retrieve(short.id)).toMatchObject({
    status: 'canceled',
    status_transitions: { canceled_at: at('2026-01-05') },
  });
  const copy = await stripe.quotes.create({ from_quote: { quote: first.id, is_revision: true } });
  expect(copy).toMatchObject({
    status: 'draft',
    customer: customer.id,
    amount_total: 1500,
    from_quote: { is_revision: true, quote: first.id },
  });
  await stripe.quotes.update(copy.id, { line_items: [{ price: monthly.id, quantity: 2 }] });
  await world.fresh();
  const revised = await stripe.quotes.finalizeQuote(copy.id);
  expect(revised.number).toMatch(/-0001-2$/);
  expect(await world.fresh()).toEqual(['quote.finalized', 'quote.canceled']);
  expect((await stripe.quotes.list({ customer: customer.id, status: 'open' })).data.map((quote) => quote.id)).toEqual([copy.id]);
  await world.to('2026-02-10');
  expect((await stripe.quotes.retrieve(copy.id)).status).toBe('canceled');
  expect(iso((await stripe.quotes.retrieve(first.id)).status_transitions.canceled_at)).toBe('2026-01-05');
});

test('refusals name the parameter', async () => {
  const { stripe, monthly, setup, customer } = await opened();
  const yearly = await world.price(900, { recurring: { interval: 'year' } }, 'Yearly');
  const euro = await world.price(900, { currency: 'eur' }, 'Euro');
  const create = (more: object) => refusal(stripe.quotes.create({ customer: customer.id, line_items: [{ price: monthly.id }], ...more }));
  expect(await create({ line_items: [{ price: monthly.id }, { price: yearly.id }] })).toMatchObject({ param: 'line_items' });
  expect(await create({ line_items: [{ price: monthly.id }, { price: euro.id }] })).toMatchObject({ param: 'line_items[1][price]' });
  expect(await create({ line_items: [{ price: 'none' }] })).toMatchObject({ code: 'resource_missing', param: 'line_items[0][price]' });
  expect(await create({ expires_at: at('2025-01-01') })).toMatchObject({ param: 'expires_at' });
  expect(await create({ transfer_data: { destination: 'acct_1' } })).toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'transfer_data',
  });
  expect(await create({ subscription_data: { effective_date: at('2025-01-01') } })).toMatchObject({
    param: 'subscription_data[effective_date]',
  });
  const empty = await stripe.quotes.create({ customer: customer.id });
  expect((await refusal(stripe.quotes.finalizeQuote(empty.id))).param).toBe('line_items');
  expect((await refusal(stripe.quotes.accept(empty.id))).statusCode).toBe(400);
  const noCard = await stripe.customers.create({ email: 'no@example.com' });
  const unpaid = await stripe.quotes.create({ customer: noCard.id, line_items: [{ price: monthly.id }, { price: setup.id }] });
  await stripe.quotes.finalizeQuote(unpaid.id);
  expect(await refusal(stripe.quotes.accept(unpaid.id))).toMatchObject({ statusCode: 400, code: 'resource_missing' });
  expect((await stripe.quotes.retrieve(unpaid.id)).status).toBe('open');
});
