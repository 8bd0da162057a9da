import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function withCustomer(method = 'pm_card_visa') {
  world = await openWorld({ now: '2026-03-02T08:00:00Z' });
  const customer = await world.customer(method);
  await world.fresh();
  return { stripe: world.stripe, customer };
}

test('[S 3.6] an invoice by hand: draft, item, pay; every step in its order', async () => {
  const { stripe, customer } = await withCustomer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  expect(draft).toMatchObject({
    status: 'draft',
    auto_advance: false,
    number: null,
    billing_reason: 'manual',
    amount_due: 0,
    automatically_finalizes_at: null,
    parent: null,
  });
  const item = await stripe.invoiceItems.create({
    customer: customer.id,
    invoice: draft.id,
    amount: 4800,
    currency: 'usd',
    description: 'Setup',
  });
  expect(item).toMatchObject({ amount: 4800, invoice: draft.id, quantity: 1 });
  expect(item.pricing?.unit_amount_decimal?.toString()).toBe('4800');
  const paid = await stripe.invoices.pay(draft.id);
  expect(paid).toMatchObject({
    status: 'paid',
    amount_paid: 4800,
    attempted: true,
    attempt_count: 1,
    effective_at: at('2026-03-02T08:00:00Z'),
  });
  expect(paid.hosted_invoice_url).toMatch(/^http:\/\/sandbox\.test\/i\/test_[A-Za-z0-9]{48}$/);
  expect(paid.invoice_pdf).toBe(`${paid.hosted_invoice_url}/pdf`);
  expect(await world.fresh()).toEqual([
    'invoice.created',
    'invoiceitem.created',
    'invoice.updated',
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
  const events = await world.events();
  const [, opened, settled] = events.filter((event) => event.type === 'invoice.updated').map((event) => event.data.previous_attributes);
  expect(Object.keys(opened!).sort()).toEqual([
    'effective_at',
    'ending_balance',
    'hosted_invoice_url',
    'invoice_pdf',
    'number',
    'rendering',
    'status',
    'status_transitions',
  ]);
  expect(Object.keys(settled!).sort()).toEqual([
    'amount_paid',
    'amount_remaining',
    'attempt_count',
    'attempted',
    'status',
    'status_transitions',
  ]);
  expect(events.at(-1)).toMatchObject({ type: 'invoice_payment.paid', request: { id: null, idempotency_key: null } });
});

test('from a payment to its invoice: only through invoice payments', async () => {
  const { stripe, customer } = await withCustomer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000 });
  await stripe.invoices.pay(draft.id);
  const [payment] = (await stripe.invoicePayments.list({ invoice: draft.id })).data;
  expect(payment).toMatchObject({ invoice: draft.id, status: 'paid', amount_requested: 1000, amount_paid: 1000, is_default: true });
  const intent = payment!.payment.payment_intent as string;
  const found = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } });
  expect(found.data.map((entry) => entry.invoice)).toEqual([draft.id]);
  expect((await stripe.invoicePayments.retrieve(payment!.id)).id).toBe(payment!.id);
});

test('a declined payment is 402 and stays on record; void calls the payment off', async () => {
  const { stripe, customer } = await withCustomer('pm_card_chargeCustomerFail');
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000 });
  const error = await refusal(stripe.invoices.pay(draft.id));
  expect([error.statusCode, error.code]).toEqual([402, 'card_declined']);
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'open',
    attempted: true,
    attempt_count: 1,
    next_payment_attempt: null,
  });
  await world.fresh();
  const gone = await stripe.invoices.voidInvoice(draft.id);
  expect(gone).toMatchObject({ status: 'void', status_transitions: { voided_at: at('2026-03-02T08:00:00Z') } });
  expect(await world.fresh()).toEqual(['payment_intent.canceled', 'invoice.voided']);
  expect((await stripe.invoicePayments.list({ invoice: draft.id })).data[0]?.status).toBe('canceled');
  expect((await refusal(stripe.invoices.pay(draft.id))).statusCode).toBe(400);
});

test('auto_advance: an hour as draft, then finalized and charged', async () => {
  const { stripe, customer } = await withCustomer();
  await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true, pending_invoice_items_behavior: 'include' });
  expect(draft).toMatchObject({
    amount_due: 700,
    automatically_finalizes_at: at('2026-03-02T09:00:00Z'),
    next_payment_attempt: at('2026-03-02T09:00:00Z'),
  });
  await world.to('2026-03-02T09:00:00Z');
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid', auto_advance: false });
});

test('[S 3.5] below the minimum charge: paid, and the amount waits as a debit', async () => {
  const { stripe, customer } = await withCustomer();
  const small = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: small.id, amount: 30 });
  expect(await stripe.invoices.finalizeInvoice(small.id)).toMatchObject({
    status: 'paid',
    total: 30,
    amount_due: 0,
    attempt_count: 0,
    ending_balance: 30,
  });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: 30 });
  const next = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: next.id, amount: 1000 });
  expect(await stripe.invoices.pay(next.id)).toMatchObject({ total: 1000, amount_paid: 1030, starting_balance: 30, ending_balance: 0 });
  const moves = await stripe.customers.listBalanceTransactions(customer.id);
  expect(moves.data.map((move) => [move.type, move.amount, move.ending_balance])).toEqual([
    ['applied_to_invoice', -30, 0],
    ['invoice_too_small', 30, 30],
  ]);
});

test('a voided invoice gives an applied credit back', async () => {
  const { stripe, customer } = await withCustomer();
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -500, currency: 'usd' });
  const invoice = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: invoice.id, amount: 2000 });
  expect(await stripe.invoices.finalizeInvoice(invoice.id)).toMatchObject({ status: 'open', amount_due: 1500 });
  await stripe.invoices.voidInvoice(invoice.id);
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -500 });
});

test('items: by price and quantity, by unit amount, negative, changed, removed', async () => {
  const { stripe, customer } = await withCustomer();
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 250, product_data: { name: 'Sticker' } });
  const draft = await stripe.invoices.create({ customer: customer.id });
  const stickers = await stripe.invoiceItems.create({
    customer: customer.id,
    invoice: draft.id,
    pricing: { price: price.id },
    quantity: 4,
  });
  expect(stickers).toMatchObject({ amount: 1000, description: 'Sticker', quantity: 4, pricing: { price_details: { price: price.id } } });
  const discount = await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: -300, description: 'Thanks' });
  expect(discount.discountable).toBe(false);
  await stripe.invoiceItems.update(stickers.id, { quantity: 6 });
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ subtotal: 1200, total: 1200 });
  await stripe.invoiceItems.del(discount.id);
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 1500, lines: { total_count: 1 } });
  expect((await stripe.invoices.listLineItems(draft.id)).data.map((line) => line.amount)).toEqual([1500]);
  await stripe.invoices.finalizeInvoice(draft.id);
  expect(await refusal(stripe.invoiceItems.update(stickers.id, { quantity: 1 }))).toMatchObject({ code: 'invoice_not_editable' });
  expect(await refusal(stripe.invoices.update(draft.id, { discounts: '' }))).toMatchObject({ code: 'invoice_not_editable' });
  expect(await refusal(stripe.invoices.finalizeInvoice(draft.id))).toMatchObject({ code: 'invoice_not_editable' });
});

test('a one-off draft can be deleted, its items wait again; a subscription’s cannot', async () => {
  const { stripe, customer } = await withCustomer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  const item = await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000 });
  await world.fresh();
  expect(await stripe.invoices.del(draft.id)).toEqual(expect.objectContaining({ id: draft.id, deleted: true }));
  expect(await world.fresh()).toEqual(['invoice.deleted']);
  expect((await stripe.invoiceItems.retrieve(item.id)).invoice).toBeNull();
  const preview = await stripe.invoices.createPreview({ customer: customer.id });
  expect(preview.total).toBe(1000);
});

test('coupons: once on the first invoice, forever on all, and in the sums', async () => {
  const { stripe, customer } = await withCustomer();
  const price = await world.price(2000);
  const once = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
  const forever = await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'forever' });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    discounts: [{ coupon: once.id }, { coupon: forever.id }],
    expand: ['latest_invoice.total_discount_amounts.discount'],
  });
  const first = subscription.latest_invoice as Stripe.Invoice;
  expect(first).toMatchObject({ subtotal: 2000, total: 700, amount_paid: 700 });
  expect(first.total_discount_amounts?.map((part) => part.amount)).toEqual([1000, 300]);
  await world.to('2026-04-02T10:00:00Z');
  const [second] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(second).toMatchObject({ subtotal: 2000, total: 1700, amount_paid: 1700 });
  expect((await stripe.coupons.retrieve(once.id)).times_redeemed).toBe(1);
});

test('tax rates on a subscription: shown on lines and in the total', async () => {
  const { stripe, customer } = await withCustomer();
  const price = await world.price(10_000);
  const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false, country: 'DE' });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_tax_rates: [vat.id],
    expand: ['latest_invoice'],
  });
  expect(subscription.latest_invoice).toMatchObject({
    subtotal: 10_000,
    total: 11_900,
    total_excluding_tax: 10_000,
    total_taxes: [{ amount: 1900, tax_behavior: 'exclusive', taxable_amount: 10_000, tax_rate_details: { tax_rate: vat.id } }],
  });
  expect((await stripe.taxRates.list({ active: true })).data.map((rate) => rate.id)).toEqual([vat.id]);
});

test('[S 3.5] finalization waits while invoice.created is not acknowledged, at most 72 hours', async () => {
  let answers = 500;
  world = await openWorld({ now: '2026-03-02T08:00:00Z', sandbox: { deliver: async () => ({ status: answers, body: '' }), settle: 2000 } });
  const { stripe } = world;
  const customer = await world.customer();
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['invoice.created'] });
  const price = await world.price(2000, { recurring: { interval: 'week' } });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  expect((await stripe.invoices.retrieve(subscription.latest_invoice as string)).status).toBe('paid');
  await world.to('2026-03-09T12:00:00Z');
  const waiting = async () => (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data[0]!;
  expect((await waiting()).status).toBe('draft');
  await world.to('2026-03-12T08:00:00Z');
  expect(await waiting()).toMatchObject({ status: 'paid', status_transitions: { finalized_at: at('2026-03-12T08:00:00Z') } });
  answers = 200;
  await world.to('2026-03-16T09:00:00Z');
  expect([(await waiting()).status, iso((await waiting()).status_transitions.finalized_at)]).toEqual(['paid', '2026-03-16T09:00:00Z']);
});

test('[S 3.5] invoice.upcoming has no id and says when it would be charged', async () => {
  const { stripe, customer } = await withCustomer();
  const price = await world.price(2000);
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.to('2026-04-01');
  const upcoming = (await world.events()).find((event) => event.type === 'invoice.upcoming');
  expect(upcoming?.data.object).not.toHaveProperty('id');
  expect(upcoming?.data.object).toMatchObject({
    status: 'draft',
    billing_reason: 'upcoming',
    amount_due: 2000,
    created: at('2026-04-02T08:00:00Z'),
    next_payment_attempt: at('2026-04-02T09:00:00Z'),
  });
});

test('refusals', async () => {
  const { stripe, customer } = await withCustomer();
  expect(await refusal(stripe.invoices.retrieve('in_none'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  expect(await refusal(stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice' }))).toMatchObject({
    statusCode: 400,
    param: 'days_until_due',
  });
  expect(await refusal(stripe.invoices.createPreview({ customer: customer.id }))).toMatchObject({ code: 'invoice_upcoming_none' });
  const draft = await stripe.invoices.create({ customer: customer.id });
  expect(await refusal(stripe.invoices.voidInvoice(draft.id))).toMatchObject({ code: 'status_transition_invalid' });
  expect(await refusal(stripe.invoices.markUncollectible(draft.id))).toMatchObject({ code: 'status_transition_invalid' });
  expect((await refusal(stripe.invoiceItems.create({ customer: customer.id }))).statusCode).toBe(400);
});

test('lines of a draft are added, worded and taken off again', async () => {
  const { stripe, customer } = await withCustomer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  const added = await stripe.invoices.addLines(draft.id, { lines: [{ amount: 500, description: 'Hour' }, { amount: 300 }] });
  expect(added.total).toBe(800);
  const [hour, other] = added.lines.data;
  const worded = await stripe.invoices.updateLineItem(draft.id, hour!.id, { description: 'One hour', metadata: { by: 'Ada' } });
  expect(worded).toMatchObject({ description: 'One hour', metadata: { by: 'Ada' }, amount: 500 });
  const left = await stripe.invoices.removeLines(draft.id, { lines: [{ id: other!.id, behavior: 'unassign' }] });
  expect(left).toMatchObject({ total: 500, lines: { total_count: 1 } });
  expect((await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.map((item) => item.amount)).toEqual([300]);
});

test('a payment of one’s own pays an invoice', async () => {
  const { stripe, customer } = await withCustomer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000 });
  await stripe.invoices.finalizeInvoice(draft.id);
  const method = (await stripe.customers.listPaymentMethods(customer.id)).data[0]!;
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer: customer.id,
    payment_method: method.id,
    confirm: true,
    off_session: true,
  });
  expect(await stripe.invoices.attachPayment(draft.id, { payment_intent: intent.id })).toMatchObject({ status: 'paid', amount_paid: 1000 });
});

test('an invoice that cannot be finalized says why and stays a draft', async () => {
  const { stripe, customer } = await withCustomer();
  await stripe.invoiceItems.create({ customer: customer.id, amount: 60_000_000, currency: 'usd' });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 60_000_000, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true, pending_invoice_items_behavior: 'include' });
  await world.fresh();
  await world.to('2026-03-02T10:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.finalization_failed']);
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'draft',
    last_finalization_error: { code: 'amount_too_large' },
  });
});

test('a card that is gone by the renewal is a failed attempt, not a stop', async () => {
  const { stripe, customer } = await withCustomer();
  const price = await world.price(2000);
  const method = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.to('2026-04-02T08:30:00Z');
  const draft = (await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string;
  await stripe.invoices.update(draft, { default_payment_method: method.id });
  await stripe.paymentMethods.detach(method.id);
  await world.to('2026-04-02T09:00:00Z');
  expect((await stripe.invoices.retrieve(draft)).attempt_count).toBe(1);
});

test('nothing of a deleted customer is collected any more', async () => {
  const { stripe, customer } = await withCustomer();
  await stripe.invoiceItems.create({ customer: customer.id, amount: 900, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true, pending_invoice_items_behavior: 'include' });
  await stripe.customers.del(customer.id);
  await world.to('2026-03-03');
  expect((await stripe.invoices.retrieve(draft.id)).status).toBe('draft');
});
