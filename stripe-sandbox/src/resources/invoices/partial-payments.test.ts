import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

/** An open invoice of 100.00 to a customer with a card. */
async function openInvoice(amount = 10_000, method = 'pm_card_visa') {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer(method);
  const draft = await stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 30 });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount });
  const invoice = await stripe.invoices.finalizeInvoice(draft.id);
  const card = (await stripe.customers.listPaymentMethods(customer.id)).data[0]!.id;
  await world.fresh();
  return { stripe, customer, invoice, card };
}

const intentOf = (customer: string, amount: number, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  world.stripe.paymentIntents.create({ amount, currency: 'usd', customer, ...more });
const paid = (card: string) => ({ payment_method: card, confirm: true, off_session: true }) as const;
const withPayments = (id: string) => world.stripe.invoices.retrieve(id, { expand: ['payments'] });
const shown = (invoice: Stripe.Invoice) =>
  invoice.payments!.data.map((payment) => [payment.is_default, payment.status, payment.amount_requested, payment.amount_paid]);

test('an invoice is paid in two parts; the default payment always asks for the rest', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const first = await intentOf(customer.id, 4000, paid(card));
  await world.fresh();
  const after = await stripe.invoices.attachPayment(invoice.id, { payment_intent: first.id });
  expect(after).toMatchObject({ status: 'open', amount_due: 10_000, amount_paid: 4000, amount_remaining: 6000, amount_overpaid: 0 });
  expect(await world.fresh()).toEqual(['invoice.updated', 'invoice_payment.paid']);
  expect(shown(await withPayments(invoice.id))).toEqual([
    [true, 'open', 6000, null],
    [false, 'paid', 4000, 4000],
  ]);
  const rest = await stripe.invoices.pay(invoice.id);
  expect(rest).toMatchObject({ status: 'paid', amount_paid: 10_000, amount_remaining: 0 });
  expect(await world.fresh()).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ]);
  expect(shown(await withPayments(invoice.id))).toEqual([
    [true, 'paid', 6000, 6000],
    [false, 'paid', 4000, 4000],
  ]);
});

test('a part attached before it is paid counts when it succeeds; the last part calls the default payment off', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const waiting = await intentOf(customer.id, 10_000);
  expect(await stripe.invoices.attachPayment(invoice.id, { payment_intent: waiting.id })).toMatchObject({ amount_paid: 0 });
  expect(await world.fresh()).toEqual(['payment_intent.created']);
  await stripe.paymentIntents.confirm(waiting.id, { payment_method: card, off_session: true });
  expect(await world.fresh()).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'payment_intent.canceled',
    'invoice_payment.paid',
  ]);
  expect(shown(await withPayments(invoice.id))).toEqual([
    [true, 'canceled', 10_000, null],
    [false, 'paid', 10_000, 10_000],
  ]);
});

test('two payments that together are too much: the rest is the customer’s credit, and the next invoice uses it', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const parts = [await intentOf(customer.id, 7000), await intentOf(customer.id, 6000)];
  for (const part of parts) await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  await stripe.paymentIntents.confirm(parts[0]!.id, { payment_method: card, off_session: true });
  await world.fresh();
  await stripe.paymentIntents.confirm(parts[1]!.id, { payment_method: card, off_session: true });
  expect(await world.fresh()).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice.overpaid',
    'payment_intent.canceled',
    'invoice_payment.paid',
  ]);
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 10_000, amount_overpaid: 3000 });
  const [move] = (await stripe.customers.listBalanceTransactions(customer.id)).data;
  expect(move).toMatchObject({ type: 'invoice_overpaid', amount: -3000, ending_balance: -3000, invoice: invoice.id });
  const next = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: next.id, amount: 5000 });
  expect(await stripe.invoices.finalizeInvoice(next.id)).toMatchObject({ amount_due: 2000, starting_balance: -3000, ending_balance: 0 });
});

test('a declined or canceled part changes nothing on the invoice', async () => {
  const { stripe, customer, invoice } = await openInvoice(10_000, 'pm_card_chargeCustomerFail');
  const card = (await stripe.customers.listPaymentMethods(customer.id)).data[0]!.id;
  const part = await intentOf(customer.id, 4000);
  await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  await refusal(stripe.paymentIntents.confirm(part.id, { payment_method: card, off_session: true }));
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open', attempt_count: 0, amount_remaining: 10_000 });
  expect((await refusal(stripe.invoices.voidInvoice(invoice.id))).code).toBe('status_transition_invalid');
  expect((await refusal(stripe.invoices.markUncollectible(invoice.id))).code).toBe('status_transition_invalid');
  await stripe.paymentIntents.cancel(part.id);
  expect(shown(await withPayments(invoice.id))[1]).toEqual([false, 'canceled', 4000, null]);
  expect((await stripe.invoices.voidInvoice(invoice.id)).status).toBe('void');
});

test('an invoice with a paid part is not voided, but may be written off and paid later', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const part = await intentOf(customer.id, 2500, paid(card));
  await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  expect((await refusal(stripe.invoices.voidInvoice(invoice.id))).code).toBe('status_transition_invalid');
  expect(await stripe.invoices.markUncollectible(invoice.id)).toMatchObject({ status: 'uncollectible', amount_remaining: 7500 });
  expect(await stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 10_000 });
});

test('a part by card, the rest outside of Stripe', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const part = await intentOf(customer.id, 4000, paid(card));
  await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  await world.fresh();
  await stripe.invoices.pay(invoice.id, { paid_out_of_band: true });
  expect(await world.fresh()).toEqual(['invoice.updated', 'invoice.paid', 'payment_intent.canceled']);
  const settled = await stripe.invoices.retrieve(invoice.id, { expand: ['amount_paid_off_stripe'] });
  expect(settled).toMatchObject({ status: 'paid', amount_paid: 10_000, amount_remaining: 0, amount_paid_off_stripe: 6000 });
});

test('a credit note on a partly paid invoice first lowers what remains, then gives back what was paid: `mixed`', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const part = await intentOf(customer.id, 4000, paid(card));
  await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 8000, credit_amount: 2000 });
  expect(note).toMatchObject({ type: 'mixed', total: 8000, pre_payment_amount: 6000, post_payment_amount: 2000 });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
    status: 'paid',
    amount_due: 4000,
    amount_paid: 4000,
    amount_remaining: 0,
    pre_payment_credit_notes_amount: 6000,
    post_payment_credit_notes_amount: 2000,
  });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -2000 });
});

test('what cannot be attached', async () => {
  const { stripe, customer, invoice, card } = await openInvoice();
  const tooMuch = await intentOf(customer.id, 10_001);
  expect((await refusal(stripe.invoices.attachPayment(invoice.id, { payment_intent: tooMuch.id }))).message).toContain('amount remaining');
  const other = await world.customer();
  const foreign = await intentOf(other.id, 1000);
  expect((await refusal(stripe.invoices.attachPayment(invoice.id, { payment_intent: foreign.id }))).message).toContain('customer');
  const euros = await intentOf(customer.id, 1000, { currency: 'eur' });
  expect((await refusal(stripe.invoices.attachPayment(invoice.id, { payment_intent: euros.id }))).message).toContain('currency');
  expect((await refusal(stripe.invoices.attachPayment(invoice.id, {}))).code).toBe('parameter_missing');
  expect((await refusal(stripe.invoices.attachPayment(invoice.id, { payment_intent: 'pi_none' }))).code).toBe('resource_missing');
  const part = await intentOf(customer.id, 1000, paid(card));
  await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id });
  // Twice is once.
  expect(await stripe.invoices.attachPayment(invoice.id, { payment_intent: part.id })).toMatchObject({ amount_paid: 1000 });
  const second = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: second.id, amount: 5000 });
  await stripe.invoices.finalizeInvoice(second.id);
  expect((await refusal(stripe.invoices.attachPayment(second.id, { payment_intent: part.id }))).code).toBe('sandbox_not_emulated');
  const price = await world.price(3000);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    payment_behavior: 'default_incomplete',
  });
  const half = await intentOf(customer.id, 1500, paid(card));
  const refused = await refusal(stripe.invoices.attachPayment(subscription.latest_invoice as string, { payment_intent: half.id }));
  expect(refused.message).toContain('Partial payments are not supported');
});

test('[DTS is_default] the payment Stripe made is the invoice’s: neither edited nor canceled directly', async () => {
  const { stripe, invoice, card } = await openInvoice();
  const id = (await withPayments(invoice.id)).payments!.data[0]!.payment.payment_intent as string;
  const edited = await refusal(stripe.paymentIntents.update(id, { amount: 1 }));
  expect(edited).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  expect((await refusal(stripe.paymentIntents.cancel(id))).message).toContain('Void the invoice instead.');
  expect((await stripe.paymentIntents.update(id, { metadata: { order: '7' } })).metadata).toEqual({ order: '7' });
  await stripe.paymentIntents.confirm(id, { payment_method: card, off_session: true });
  expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
});
