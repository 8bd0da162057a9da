import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;
const HOUR = 3600;
const OWNER = { name: 'Jenny Rosen', email: 'jenny@example.com' };
const CONSENT = { customer_acceptance: { type: 'online', online: { ip_address: '127.0.0.1', user_agent: 'test' } } } as const;
// biome-ignore lint/suspicious/noThenProperty: the control API calls it so
const SUCCEEDS_IN_FIVE_DAYS = { kind: 'processing', seconds: 5 * DAY, then: 'succeed' } as const;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-05T09:00:00Z');
});
afterEach(() => world.close());

function account(iban: string): Promise<Stripe.PaymentMethod> {
  return world.stripe.paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban }, billing_details: OWNER });
}

function debit(method: string, extra: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> {
  return world.stripe.paymentIntents.create({
    amount: 2500,
    currency: 'eur',
    payment_method: method,
    allowed_payment_method_types: ['sepa_debit'],
    mandate_data: CONSENT,
    return_url: 'https://example.com/back',
    confirm: true,
    ...extra,
  });
}

const settle = () => world.sandbox.control.idle(world.account);

/** A customer with a debited account saved and set as default, on 5 January. */
async function debitCustomer(iban: string): Promise<Stripe.Customer> {
  const { stripe } = world;
  const customer = await stripe.customers.create({ name: OWNER.name, email: OWNER.email });
  const intent = await stripe.setupIntents.create({
    customer: customer.id,
    payment_method: (await account(iban)).id,
    mandate_data: CONSENT,
    confirm: true,
    return_url: 'https://example.com/back',
  });
  const method = intent.payment_method as string;
  return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method } });
}

async function monthly(customer: string): Promise<Stripe.Subscription> {
  const { stripe } = world;
  const price = await stripe.prices.create({
    currency: 'eur',
    unit_amount: 2500,
    recurring: { interval: 'month' },
    product_data: { name: 'Team' },
  });
  return stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
}

test('[docs payments/sepa-debit] DE89…3000: processing with a pending payment, then the money arrives', async () => {
  const { stripe } = world;
  const method = await account('DE89 3704 0044 0532 0130 00');
  expect(method).toMatchObject({ type: 'sepa_debit', customer: null, sepa_debit: { country: 'DE', bank_code: '37040044', last4: '3000' } });
  const intent = await debit(method.id);
  expect(intent).toMatchObject({ status: 'processing', processing: null, amount_received: 0, payment_method_types: ['sepa_debit'] });
  const pending = await stripe.charges.retrieve(intent.latest_charge as string);
  expect(pending.id).toMatch(/^py_/);
  await settle();
  const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge.balance_transaction'] });
  expect([paid.status, paid.amount_received]).toEqual(['succeeded', 2500]);
  const charge = paid.latest_charge as Stripe.Charge;
  expect(charge).toMatchObject({ status: 'succeeded', outcome: { risk_level: 'not_assessed', type: 'authorized' } });
  expect(charge.balance_transaction).toMatchObject({ type: 'payment', reporting_category: 'charge', amount: 2500, fee: 35, net: 2465 });
  const mandate = await stripe.mandates.retrieve(charge.payment_method_details!.sepa_debit!.mandate!);
  expect(mandate).toMatchObject({ type: 'single_use', single_use: { amount: 2500, currency: 'eur' }, status: 'active' });
  expect(await world.fresh()).toEqual([
    'payment_intent.created',
    'charge.pending',
    'payment_intent.processing',
    'charge.succeeded',
    'payment_intent.succeeded',
  ]);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
  expect([refund.id.slice(0, 4), refund.status]).toEqual(['pyr_', 'succeeded']);
  const movement = await stripe.balanceTransactions.retrieve(refund.balance_transaction as string);
  expect([movement.type, movement.net]).toEqual(['payment_refund', -500]);
});

test('the delayed accounts take three minutes, the failing ones end in requires_payment_method with the bank’s reason', async () => {
  const { stripe } = world;
  const slow = await debit((await account('AT321904300235473204')).id);
  const slowFailure = await debit('pm_failedDelayed_de');
  await settle();
  expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('processing');
  await world.advance(180);
  expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('succeeded');
  expect((await stripe.paymentIntents.retrieve(slowFailure.id)).status).toBe('requires_payment_method');

  const failures: [string, string][] = [
    ['DE62370400440532013001', 'generic_could_not_process'],
    ['DE65370400440000343434', 'charge_exceeds_source_limit'],
    ['DE27370400440000121212', 'charge_exceeds_weekly_limit'],
    ['DE65370400440002222227', 'insufficient_funds'],
  ];
  for (const [iban, code] of failures) {
    const intent = await debit((await account(iban)).id);
    await settle();
    const failed = await stripe.paymentIntents.retrieve(intent.id);
    expect([failed.status, failed.payment_method, failed.last_payment_error?.code]).toEqual(['requires_payment_method', null, code]);
    const charge = await stripe.charges.retrieve(failed.latest_charge as string);
    expect([charge.status, charge.failure_code, charge.balance_transaction]).toEqual(['failed', code, null]);
  }
});

test('a disputed debit: the money arrives and the bank takes it back for good', async () => {
  const { stripe } = world;
  const intent = await debit('pm_disputed_de');
  await settle();
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  expect(dispute).toMatchObject({ status: 'lost', reason: 'debit_not_authorized', amount: 2500, evidence_details: { due_by: null } });
  expect(dispute!.balance_transactions.map((one) => one.net)).toEqual([-4500]);
  expect((await world.fresh()).slice(-3)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.dispute.closed']);
});

test('a setup with a mandate: the account is saved and later debits need no new consent', async () => {
  const { stripe } = world;
  const customer = await debitCustomer('DE89370400440532013000');
  const [intent] = (await stripe.setupIntents.list({ customer: customer.id, expand: ['data.latest_attempt'] })).data;
  expect(intent).toMatchObject({
    status: 'succeeded',
    latest_attempt: { status: 'succeeded', payment_method_details: { type: 'sepa_debit' } },
  });
  const mandate = await stripe.mandates.retrieve(intent!.mandate as string);
  expect(mandate).toMatchObject({ type: 'multi_use', payment_method_details: { type: 'sepa_debit' } });
  const page = await world.sandbox.fetch(mandate.payment_method_details.sepa_debit!.url);
  const html = await page.text();
  expect([page.status, html.includes(mandate.payment_method_details.sepa_debit!.reference)]).toEqual([200, true]);
  expect(html).toContain('<dd>2026-01-05</dd>');
  const later = await debit(intent!.payment_method as string, { customer: customer.id, off_session: true, mandate_data: '' });
  expect(later.status).toBe('processing');
  const charge = await stripe.charges.retrieve(later.latest_charge as string);
  expect(charge.payment_method_details?.sepa_debit?.mandate).toBe(mandate.id);
});

test('refusals: no mandate, another currency, manual capture, another kind of method, accounts that are no test accounts', async () => {
  const { stripe } = world;
  const { id } = await account('DE89370400440532013000');
  const without = await refusal(debit(id, { mandate_data: '' }));
  expect([without.statusCode, without.code, without.param]).toEqual([400, 'payment_intent_mandate_invalid', 'mandate_data']);
  const dollars = await refusal(debit(id, { currency: 'usd' }));
  expect([dollars.statusCode, dollars.param]).toEqual([400, 'currency']);
  expect(dollars.message).toContain('sepa_debit only supports the following currencies: eur');
  expect((await refusal(debit(id, { capture_method: 'manual' }))).param).toBe('capture_method');
  const card = await refusal(debit('pm_card_visa'));
  expect([card.statusCode, card.code]).toEqual([400, 'payment_intent_incompatible_payment_method']);
  const cardOnly = await refusal(debit(id, { allowed_payment_method_types: ['card'] }));
  expect(cardOnly.message).toContain('(sepa_debit) is not allowed for this PaymentIntent');
  const refused: [string, string][] = [
    ['DE89370400440532013009', 'invalid_bank_account_iban'],
    ['GB82WEST12345698765432', 'bank_account_unusable'],
    ['AT511904300000066666', 'bank_account_unusable'],
  ];
  for (const [iban, code] of refused) {
    const error = await refusal(account(iban));
    expect([error.statusCode, error.code, error.param]).toEqual([400, code, 'sepa_debit[iban]']);
  }
  const nameless = await refusal(
    stripe.paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban: 'DE89370400440532013000' }, billing_details: { name: 'X' } }),
  );
  expect([nameless.code, nameless.param]).toEqual(['parameter_missing', 'billing_details[email]']);
  expect((await stripe.paymentIntents.list()).data).toEqual([]);
});

test('an invoice paid by debit is open while the bank works and paid after it', async () => {
  const { stripe } = world;
  const customer = await debitCustomer('DE08370400440532013003');
  await stripe.invoiceItems.create({ customer: customer.id, amount: 2500, currency: 'eur', description: 'Setup' });
  const draft = await stripe.invoices.create({ customer: customer.id, currency: 'eur', pending_invoice_items_behavior: 'include' });
  const invoice = await stripe.invoices.pay(draft.id!);
  expect([invoice.status, invoice.attempted, invoice.amount_paid]).toEqual(['open', true, 0]);
  await world.advance(180);
  const paid = await stripe.invoices.retrieve(draft.id!);
  expect([paid.status, paid.amount_paid, paid.attempt_count]).toEqual(['paid', 2500, 1]);
});

test('a subscription by debit: a renewal that bounces makes it past_due, the retry with a good account makes it active', async () => {
  const { stripe } = world;
  const customer = await debitCustomer('DE89370400440532013000');
  const subscription = await monthly(customer.id);
  await settle();
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  const bad = await debitCustomerMethod(customer.id, 'DE65370400440002222227');
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad } });
  await stripe.subscriptions.update(subscription.id, { default_payment_method: bad });
  await world.advance(31 * DAY + 2 * HOUR);
  const late = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(late.status).toBe('past_due');
  expect(late.latest_invoice).toMatchObject({ status: 'open', attempt_count: 1 });
  const good = await debitCustomerMethod(customer.id, 'AT611904300234573201');
  await stripe.subscriptions.update(subscription.id, { default_payment_method: good });
  await world.advance(2 * DAY);
  const healed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect([healed.status, (healed.latest_invoice as Stripe.Invoice).status]).toEqual(['active', 'paid']);
});

test('[docs subscriptions/overview] a subscription begun by debit is active at once; when the bank bounces it the invoice is voided', async () => {
  const { stripe } = world;
  const customer = await debitCustomer('DE78370400440532013004');
  const subscription = await monthly(customer.id);
  expect(subscription.status).toBe('active');
  await world.advance(180);
  const later = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect([later.status, (later.latest_invoice as Stripe.Invoice).status]).toEqual(['active', 'void']);
  const types = (await world.fresh()).filter((type) => type.startsWith('invoice.') || type.startsWith('customer.subscription'));
  expect(types.slice(-2)).toEqual(['invoice.payment_failed', 'invoice.voided']);
});

test('allowed_payment_method_types decide what an intent takes: at creation, on update, with the currency', async () => {
  const { stripe } = world;
  const offered = await stripe.paymentIntents.create({ amount: 2500, currency: 'eur' });
  expect(offered.payment_method_types).toEqual(['card', 'sepa_debit']);
  const narrowed = await stripe.paymentIntents.update(offered.id, { allowed_payment_method_types: ['card'] });
  expect([narrowed.payment_method_types, narrowed.allowed_payment_method_types]).toEqual([['card'], ['card']]);
  const refused = await refusal(stripe.paymentIntents.update(offered.id, { payment_method: 'pm_success_de' }));
  expect([refused.statusCode, refused.code, refused.param]).toEqual([400, 'payment_intent_incompatible_payment_method', 'payment_method']);
  const excluded = await stripe.paymentIntents.create({ amount: 2500, currency: 'eur', excluded_payment_method_types: ['sepa_debit'] });
  expect(excluded.payment_method_types).toEqual(['card']);
  const moved = await stripe.paymentIntents.create({ amount: 2500, currency: 'eur' });
  expect((await stripe.paymentIntents.update(moved.id, { currency: 'usd' })).payment_method_types).toEqual(['card']);
  const early = await refusal(
    stripe.paymentIntents.create({
      amount: 2500,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['sepa_debit'],
    }),
  );
  expect(early.code).toBe('payment_intent_incompatible_payment_method');
  const setup = await stripe.setupIntents.create({ allowed_payment_method_types: ['sepa_debit'] });
  expect(setup.payment_method_types).toEqual(['sepa_debit']);
  const card = await refusal(stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa', return_url: 'https://example.com' }));
  expect([card.statusCode, card.code]).toEqual([400, 'setup_intent_incompatible_payment_method']);
});

async function debitCustomerMethod(customer: string, iban: string): Promise<string> {
  const intent = await world.stripe.setupIntents.create({
    customer,
    payment_method: (await account(iban)).id,
    mandate_data: CONSENT,
    confirm: true,
    return_url: 'https://example.com/back',
  });
  return intent.payment_method as string;
}

test('the control API decides debits too: a decline with its code, a success after days', async () => {
  const { stripe } = world;
  const customer = await debitCustomer('DE89370400440532013000');
  const method = customer.invoice_settings.default_payment_method as string;
  await world.order({ kind: 'decline', code: 'debit_not_authorized' }, { customer: customer.id });
  const refused = await debit(method, { customer: customer.id, mandate_data: '' });
  await settle();
  expect((await stripe.paymentIntents.retrieve(refused.id)).last_payment_error?.code).toBe('debit_not_authorized');
  await world.order(SUCCEEDS_IN_FIVE_DAYS, { customer: customer.id });
  const slow = await debit(method, { customer: customer.id, mandate_data: '' });
  await world.advance(4 * DAY);
  expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('processing');
  await world.advance(DAY);
  expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('succeeded');
});
