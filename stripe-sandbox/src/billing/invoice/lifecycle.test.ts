import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import type { AccountSettings } from '../../kernel/types.ts';
import { at, iso, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function start(settings: Partial<AccountSettings> = {}, method = 'pm_card_visa') {
  world = await openWorld({ now: '2026-03-02T08:00:00Z', settings });
  const customer = await world.customer(method);
  await world.fresh();
  return { stripe: world.stripe, customer };
}

async function draftOf(customer: string, amount: number, more: Partial<Stripe.InvoiceCreateParams> = {}) {
  const draft = await world.stripe.invoices.create({ customer, ...more });
  await world.stripe.invoiceItems.create({ customer, invoice: draft.id, amount, currency: draft.currency });
  return world.stripe.invoices.retrieve(draft.id);
}

test('[S 3.5] 2 to 12 March: a sent invoice will be due, is due, is overdue, is written off and is paid in the end', async () => {
  const { stripe, customer } = await start({ will_be_due_days: 3, overdue_days: 2 });
  const draft = await draftOf(customer.id, 5000, { collection_method: 'send_invoice', days_until_due: 7, auto_advance: true });
  expect(draft).toMatchObject({ automatically_finalizes_at: at('2026-03-02T09:00:00Z'), next_payment_attempt: null });
  await world.fresh();
  await world.to('2026-03-02T09:00:00Z');
  expect(await world.fresh()).toEqual(['payment_intent.created', 'invoice.updated', 'invoice.finalized', 'invoice.sent']);
  const open = await stripe.invoices.retrieve(draft.id);
  expect([iso(open.due_date), open.next_payment_attempt, open.automatically_finalizes_at]).toEqual(['2026-03-09T09:00:00Z', null, null]);
  await world.to('2026-03-06T08:59:59Z');
  expect(await world.fresh()).toEqual([]);
  await world.to('2026-03-06T09:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.will_be_due']);
  await world.to('2026-03-11T08:00:00Z');
  expect(await world.fresh()).toEqual([]);
  await world.to('2026-03-11T09:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.overdue']);
  const off = await stripe.invoices.markUncollectible(draft.id);
  expect(off).toMatchObject({ status: 'uncollectible', auto_advance: false, amount_remaining: 5000 });
  expect(iso(off.status_transitions.marked_uncollectible_at)).toBe('2026-03-11T09:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.marked_uncollectible']);
  expect(await stripe.invoices.pay(draft.id)).toMatchObject({ status: 'paid', amount_paid: 5000, auto_advance: false });
  const late = await refusal(stripe.invoices.voidInvoice(draft.id));
  expect(late.code).toBe('status_transition_invalid');
});

test('an invoice paid before is not told of again', async () => {
  const { stripe, customer } = await start({ will_be_due_days: 3 });
  const draft = await draftOf(customer.id, 5000, { collection_method: 'send_invoice', due_date: at('2026-03-20') });
  expect((await stripe.invoices.sendInvoice(draft.id)).due_date).toBe(at('2026-03-20'));
  await stripe.invoices.pay(draft.id);
  await world.fresh();
  await world.to('2026-04-01');
  expect(await world.fresh()).toEqual([]);
});

test('[S 3.5] uncollectible → void; draft and paid neither', async () => {
  const { stripe, customer } = await start();
  const invoice = await draftOf(customer.id, 5000);
  await stripe.invoices.finalizeInvoice(invoice.id);
  await stripe.invoices.markUncollectible(invoice.id);
  await world.fresh();
  expect(await stripe.invoices.voidInvoice(invoice.id)).toMatchObject({ status: 'void', auto_advance: false });
  expect(await world.fresh()).toEqual(['payment_intent.canceled', 'invoice.voided']);
  const paid = await draftOf(customer.id, 5000);
  await stripe.invoices.pay(paid.id);
  expect((await refusal(stripe.invoices.markUncollectible(paid.id))).code).toBe('status_transition_invalid');
  expect((await refusal(stripe.invoices.pay(paid.id))).message).toBe('Invoice is already paid');
  expect((await refusal(stripe.invoices.del(paid.id))).code).toBe('invoice_not_editable');
});

test('[S 3.5] a grace period of 24 hours; switching auto_advance off stops it, on starts it again', async () => {
  const { stripe, customer } = await start({ draft_hours: 24 });
  const draft = await draftOf(customer.id, 5000, { auto_advance: true });
  expect(iso(draft.automatically_finalizes_at)).toBe('2026-03-03T08:00:00Z');
  await world.to('2026-03-02T20:00:00Z');
  expect(await stripe.invoices.update(draft.id, { auto_advance: false })).toMatchObject({
    automatically_finalizes_at: null,
    next_payment_attempt: null,
  });
  await world.to('2026-03-04T00:00:00Z');
  expect((await stripe.invoices.retrieve(draft.id)).status).toBe('draft');
  const on = await stripe.invoices.update(draft.id, { auto_advance: true });
  expect(iso(on.automatically_finalizes_at)).toBe('2026-03-05');
  await world.to('2026-03-05T00:00:00Z');
  expect((await stripe.invoices.retrieve(draft.id)).status).toBe('paid');
});

test('[S 3.5, 3.7] attempts: the first and automatic retries count, attempts by hand do not; the money arrives on the third', async () => {
  const { stripe, customer } = await start({ retry_days: [1, 3] });
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    times: 3,
    outcome: { kind: 'decline', code: 'card_declined' },
  });
  const draft = await draftOf(customer.id, 5000, { auto_advance: true });
  await world.to('2026-03-02T09:00:00Z');
  const seen = async () => {
    const invoice = await stripe.invoices.retrieve(draft.id);
    return [invoice.status, invoice.attempt_count, iso(invoice.next_payment_attempt)];
  };
  expect(await seen()).toEqual(['open', 1, '2026-03-03T09:00:00Z']);
  await refusal(stripe.invoices.pay(draft.id));
  expect(await seen()).toEqual(['open', 1, '2026-03-03T09:00:00Z']);
  await world.to('2026-03-03T09:00:00Z');
  expect(await seen()).toEqual(['open', 2, '2026-03-05T09:00:00Z']);
  await world.to('2026-03-05T09:00:00Z');
  expect(await seen()).toEqual(['paid', 3, null]);
});

test('[S 3.5] finalize with auto_advance: sent at once, or charged an hour later', async () => {
  const { stripe, customer } = await start();
  const sent = await draftOf(customer.id, 5000, { collection_method: 'send_invoice', days_until_due: 7 });
  await world.fresh();
  await stripe.invoices.finalizeInvoice(sent.id, { auto_advance: true });
  expect((await world.fresh()).at(-1)).toBe('invoice.sent');
  const charged = await draftOf(customer.id, 5000);
  const open = await stripe.invoices.finalizeInvoice(charged.id, { auto_advance: true });
  expect([open.status, iso(open.next_payment_attempt)]).toEqual(['open', '2026-03-02T09:00:00Z']);
  await world.to('2026-03-02T09:00:00Z');
  expect((await stripe.invoices.retrieve(charged.id)).status).toBe('paid');
  expect((await refusal(stripe.invoices.sendInvoice(charged.id))).statusCode).toBe(400);
});

test('[S 3.5] balances: a credit larger than the invoice pays it, the rest stays; a debt is added; both ends are shown', async () => {
  const { stripe, customer } = await start();
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -8000, currency: 'usd' });
  const first = await draftOf(customer.id, 5000);
  expect(first).toMatchObject({ starting_balance: -8000, ending_balance: null, amount_due: 0 });
  await world.fresh();
  const covered = await stripe.invoices.finalizeInvoice(first.id);
  expect(covered).toMatchObject({ status: 'paid', total: 5000, amount_due: 0, amount_paid: 0, attempt_count: 0, ending_balance: -3000 });
  expect(await world.fresh()).toEqual([
    'invoice.updated',
    'invoice.finalized',
    'invoice.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
  ]);
  await stripe.customers.createBalanceTransaction(customer.id, { amount: 4500, currency: 'usd' });
  const second = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, 5000)).id);
  expect(second).toMatchObject({ starting_balance: 1500, amount_due: 6500, ending_balance: 0 });
  const credit = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, -2000)).id);
  expect(credit).toMatchObject({ status: 'paid', total: -2000, amount_due: 0, ending_balance: -2000 });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -2000 });
});

test('a credit in another currency is left alone; each currency has its own', async () => {
  const { stripe, customer } = await start();
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -1000, currency: 'usd' });
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -700, currency: 'eur' });
  const euros = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, 5000, { currency: 'eur' })).id);
  expect(euros).toMatchObject({ starting_balance: -700, amount_due: 4300, ending_balance: 0 });
  const pounds = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, -300, { currency: 'gbp' })).id);
  expect(pounds).toMatchObject({ status: 'paid', starting_balance: 0, ending_balance: -300 });
  const all = await stripe.customers.retrieve(customer.id, { expand: ['invoice_credit_balance'] });
  expect(all).toMatchObject({ balance: -1000, currency: 'usd', invoice_credit_balance: { usd: -1000, gbp: -300 } });
  await stripe.invoices.voidInvoice(euros.id);
  const back = (await stripe.customers.listBalanceTransactions(customer.id)).data[0];
  expect(back).toMatchObject({ type: 'unapplied_from_invoice', amount: -700, currency: 'eur', ending_balance: -700 });
});

test('yen have no cents, dinars three decimals', async () => {
  const { stripe, customer } = await start();
  const rate = await stripe.taxRates.create({ display_name: 'JCT', percentage: 10, inclusive: false });
  const yen = await draftOf(customer.id, 1995, { currency: 'jpy', default_tax_rates: [rate.id] });
  expect(yen).toMatchObject({ subtotal: 1995, total: 2195, total_taxes: [{ amount: 200 }] });
  expect(await stripe.invoices.pay(yen.id)).toMatchObject({ status: 'paid', amount_paid: 2195 });
  // 49 ¥ are below the minimum charge of 50 ¥.
  const small = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, 49, { currency: 'jpy' })).id);
  expect(small).toMatchObject({ status: 'paid', amount_due: 0, ending_balance: 49 });
  const dinars = await draftOf(customer.id, 12_340, { currency: 'kwd' });
  expect(await stripe.invoices.pay(dinars.id)).toMatchObject({ amount_paid: 12_340 });
  const half = await draftOf(customer.id, 12_345, { currency: 'kwd' });
  expect((await refusal(stripe.invoices.finalizeInvoice(half.id))).code).toBe('invalid_charge_amount_no_decimal_compatible');
});

test('tax is rounded on each line, or once after the subtotal, as the account chose', async () => {
  const { stripe, customer } = await start();
  const rate = await stripe.taxRates.create({ display_name: 'Tax', percentage: 8.25, inclusive: false });
  const three = async () => {
    const draft = await stripe.invoices.create({ customer: customer.id, default_tax_rates: [rate.id] });
    for (let line = 0; line < 3; line += 1) await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 33 });
    return stripe.invoices.retrieve(draft.id);
  };
  expect(await three()).toMatchObject({ total: 99 + 9, total_taxes: [{ amount: 9, taxable_amount: 99 }] });
  await world.sandbox.control.updateAccount({ account: world.account, settings: { tax_rounding: 'subtotal' } });
  const spread = await three();
  expect(spread).toMatchObject({ total: 99 + 8, total_taxes: [{ amount: 8, taxable_amount: 99 }] });
  expect(spread.lines.data.reduce((sum, line) => sum + line.taxes![0]!.amount, 0)).toBe(8);
});

test('lists by status, due date and subscription; search by number, total and metadata', async () => {
  const { stripe, customer } = await start();
  const sent = await draftOf(customer.id, 5000, {
    collection_method: 'send_invoice',
    due_date: at('2026-04-01'),
    metadata: { order: '7' },
  });
  await stripe.invoices.finalizeInvoice(sent.id);
  const other = await draftOf(customer.id, 700);
  const ids = (list: { data: Stripe.Invoice[] }) => list.data.map((invoice) => invoice.id);
  expect(ids(await stripe.invoices.list({ status: 'draft' }))).toEqual([other.id]);
  expect(ids(await stripe.invoices.list({ due_date: { lt: at('2026-04-02') } }))).toEqual([sent.id]);
  expect(ids(await stripe.invoices.list({ collection_method: 'charge_automatically' }))).toEqual([other.id]);
  expect(ids(await stripe.invoices.search({ query: "metadata['order']:'7' AND total>4000" }))).toEqual([sent.id]);
  const { number } = await stripe.invoices.retrieve(sent.id);
  expect(ids(await stripe.invoices.search({ query: `number:'${number}'` }))).toEqual([sent.id]);
  expect(ids(await stripe.invoices.search({ query: 'total<1000 AND status:"draft"' }))).toEqual([other.id]);
});

test('confirmation_secret is the default payment’s, null on drafts and where nothing is due', async () => {
  const { stripe, customer } = await start();
  const draft = await draftOf(customer.id, 5000);
  const secret = async (id: string) => (await stripe.invoices.retrieve(id, { expand: ['confirmation_secret'] })).confirmation_secret;
  expect(await secret(draft.id)).toBeNull();
  await stripe.invoices.finalizeInvoice(draft.id);
  const [payment] = (await stripe.invoicePayments.list({ invoice: draft.id })).data;
  const intent = await stripe.paymentIntents.retrieve(payment!.payment.payment_intent as string);
  expect(await secret(draft.id)).toEqual({ client_secret: intent.client_secret, type: 'payment_intent' });
  const nothing = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, 0)).id);
  expect(await secret(nothing.id)).toBeNull();
});
