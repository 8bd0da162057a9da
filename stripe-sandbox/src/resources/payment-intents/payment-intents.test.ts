import Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import type { Outcome } from '../../kernel/types.ts';

const DAY = 86_400;
const NO_REDIRECTS = { enabled: true, allow_redirects: 'never' } as const;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Creates and confirms, off-session unless told otherwise. */
function charge(customer: Stripe.Customer, more: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> {
  return world.stripe.paymentIntents.create({
    amount: 2900,
    currency: 'usd',
    customer: customer.id,
    payment_method: customer.invoice_settings.default_payment_method as string,
    automatic_payment_methods: NO_REDIRECTS,
    confirm: true,
    ...more,
  });
}

function twoDaysThen(end: 'succeed' | 'fail'): Outcome {
  // biome-ignore lint/suspicious/noThenProperty: the control API's own word; never awaited
  return { kind: 'processing', seconds: 2 * DAY, then: end };
}

test('[S 3.6] a good card pays at once: created, charge, succeeded, in that order', async () => {
  const customer = await world.customer('pm_card_visa');
  await world.fresh();
  const intent = await charge(customer, {
    description: 'Order 7',
    metadata: { order: '7' },
    expand: ['latest_charge.balance_transaction'],
  });
  expect(intent).toMatchObject({
    status: 'succeeded',
    amount: 2900,
    amount_received: 2900,
    amount_capturable: 0,
    capture_method: 'automatic_async',
    last_payment_error: null,
    next_action: null,
  });
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_[A-Za-z0-9]{25}$`));
  const paid = intent.latest_charge as Stripe.Charge;
  expect(paid).toMatchObject({
    amount: 2900,
    amount_captured: 2900,
    captured: true,
    paid: true,
    status: 'succeeded',
    description: 'Order 7',
    metadata: { order: '7' },
    payment_intent: intent.id,
    calculated_statement_descriptor: 'ACME LTD',
    outcome: { network_status: 'approved_by_network', seller_message: 'Payment complete.', type: 'authorized' },
    balance_transaction: { amount: 2900, fee: 114, net: 2786, type: 'charge' },
  });
  expect(await world.fresh()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
});

test('without a payment method an intent waits, then takes one and is confirmed', async () => {
  const { stripe } = world;
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur', automatic_payment_methods: NO_REDIRECTS });
  expect(intent.status).toBe('requires_payment_method');
  const missing = await refusal(stripe.paymentIntents.confirm(intent.id));
  expect([missing.statusCode, missing.code]).toEqual([400, 'payment_intent_unexpected_state']);
  expect(missing.message).toContain("because it's missing a payment method");
  const updated = await stripe.paymentIntents.update(intent.id, { payment_method: 'pm_card_visa', amount: 1200 });
  expect([updated.status, updated.amount]).toEqual(['requires_confirmation', 1200]);
  const confirmed = await stripe.paymentIntents.confirm(intent.id);
  expect([confirmed.status, confirmed.amount_received]).toEqual(['succeeded', 1200]);
  const again = await refusal(stripe.paymentIntents.confirm(intent.id));
  expect([again.code, again.message]).toEqual([
    'payment_intent_unexpected_state',
    'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
  ]);
  const used = await refusal(
    stripe.paymentIntents.create({ amount: 1000, currency: 'eur', payment_method: confirmed.payment_method as string }),
  );
  expect(used.message).toContain('It may not be used again.');
});

test('[S 3.12] 0341 fails every charge: 402, the intent wants another method, the failed charge stays', async () => {
  const customer = await world.customer('pm_card_chargeCustomerFail');
  const method = customer.invoice_settings.default_payment_method as string;
  await world.fresh();
  const error = await refusal(charge(customer, { off_session: true }));
  expect([error.statusCode, error.type, error.code, error.decline_code, error.message]).toEqual([
    402,
    'StripeCardError',
    'card_declined',
    'generic_decline',
    'Your card was declined.',
  ]);
  expect(error.payment_method?.id).toBe(method);
  const intent = await world.stripe.paymentIntents.retrieve(error.payment_intent!.id, { expand: ['latest_charge'] });
  expect(error.payment_intent).toMatchObject({ status: 'requires_payment_method', latest_charge: error.charge });
  expect(intent).toMatchObject({
    status: 'requires_payment_method',
    payment_method: null,
    amount_received: 0,
    last_payment_error: {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      charge: error.charge,
      payment_method: { id: method },
    },
    latest_charge: {
      id: error.charge,
      status: 'failed',
      paid: false,
      captured: false,
      balance_transaction: null,
      receipt_url: null,
      failure_code: 'card_declined',
      outcome: { type: 'issuer_declined', reason: 'generic_decline', network_status: 'declined_by_network' },
    },
  });
  expect(await world.fresh()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
  const saved = await world.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  expect([saved.status, saved.last_payment_error]).toEqual(['succeeded', null]);
  const charges = await world.stripe.charges.list({ payment_intent: intent.id });
  expect(charges.data.map((one) => one.status)).toEqual(['succeeded', 'failed']);
});

test.each([
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', undefined],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', undefined],
  ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', undefined],
  ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded', undefined],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined, 'exp_month'],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined, 'cvc'],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined, undefined],
  ['pm_card_radarBlock', 'card_declined', 'fraudulent', undefined],
])('[S 3.12] %s is declined: %s / %s', async (token, code, declineCode, param) => {
  const create = world.stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: token,
    automatic_payment_methods: NO_REDIRECTS,
    confirm: true,
  });
  const error = await refusal(create);
  expect([error.statusCode, error.code, error.decline_code || undefined, error.param]).toEqual([402, code, declineCode, param]);
});

test('authorize now, capture a part later: the rest goes back to the card', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  await world.fresh();
  const intent = await charge(customer, { capture_method: 'manual' });
  expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 2900, amount_received: 0 });
  const held = await stripe.charges.retrieve(intent.latest_charge as string);
  expect(held).toMatchObject({ captured: false, paid: true, amount_captured: 0, balance_transaction: null });
  const much = await refusal(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 3000 }));
  expect([much.statusCode, much.code, much.param]).toEqual([400, 'amount_too_large', 'amount_to_capture']);
  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2000, metadata: { parcel: '1' } });
  expect(captured).toMatchObject({ status: 'succeeded', amount_received: 2000, amount_capturable: 0, metadata: { parcel: '1' } });
  expect(await stripe.charges.retrieve(held.id)).toMatchObject({
    captured: true,
    amount_captured: 2000,
    amount_refunded: 900,
    refunded: false,
  });
  expect(await world.fresh()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.amount_capturable_updated',
    'charge.captured',
    'payment_intent.succeeded',
  ]);
  const twice = await refusal(stripe.paymentIntents.capture(intent.id));
  expect([twice.code, twice.message]).toEqual([
    'payment_intent_unexpected_state',
    'You cannot capture this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
  ]);
});

test('an authorization that is never captured runs out after seven days', async () => {
  const customer = await world.customer('pm_card_visa');
  const intent = await charge(customer, { capture_method: 'manual' });
  await world.fresh();
  await world.advance(7 * DAY);
  expect(await world.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic' });
  expect((await world.fresh()).filter((type) => !type.startsWith('test_helpers'))).toEqual(['charge.expired', 'payment_intent.canceled']);
});

test('an intent is canceled before money moves, never after', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: customer.id });
  await world.fresh();
  const canceled = await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
  expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
  expect(canceled.canceled_at).toBeGreaterThan(0);
  expect(await world.fresh()).toEqual(['payment_intent.canceled']);
  const confirm = await refusal(stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_visa' }));
  expect(confirm.message).toBe(
    'You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action.',
  );
  const paid = await charge(customer);
  const late = await refusal(stripe.paymentIntents.cancel(paid.id));
  expect([late.statusCode, late.code, late.payment_intent?.id]).toEqual([400, 'payment_intent_unexpected_state', paid.id]);
  const held = await charge(customer, { capture_method: 'manual' });
  await world.fresh();
  await stripe.paymentIntents.cancel(held.id);
  expect(await world.fresh()).toEqual(['charge.refunded', 'payment_intent.canceled']);
});

test('the control API makes a payment process for two days, then succeed or fail', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  await world.order(twoDaysThen('succeed'), { customer: customer.id });
  await world.fresh();
  const intent = await charge(customer);
  expect([intent.status, intent.processing?.type]).toEqual(['processing', 'card']);
  expect(await world.fresh()).toEqual(['payment_intent.created', 'charge.pending', 'payment_intent.processing']);
  await world.order(twoDaysThen('fail'), { customer: customer.id });
  const doomed = await charge(customer);
  await world.fresh();
  await world.advance(2 * DAY);
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'succeeded', amount_received: 2900, processing: null });
  expect(await stripe.paymentIntents.retrieve(doomed.id)).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { code: 'card_declined' },
  });
  expect((await world.fresh()).filter((type) => !type.startsWith('test_helpers'))).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.failed',
    'payment_intent.payment_failed',
  ]);
});

test('the control API declines the next payment with any code, and only the next', async () => {
  const customer = await world.customer('pm_card_visa');
  await world.order({ kind: 'decline', code: 'card_declined', decline_code: 'do_not_honor' }, { customer: customer.id });
  const error = await refusal(charge(customer));
  expect([error.code, error.decline_code]).toEqual(['card_declined', 'do_not_honor']);
  expect((await charge(customer)).status).toBe('succeeded');
});

test('[S 3.12] automatic payment methods want a return_url, unless nobody could be redirected', async () => {
  const customer = await world.customer('pm_card_visa');
  const error = await refusal(charge(customer, { automatic_payment_methods: { enabled: true } }));
  expect([error.statusCode, error.message.includes('you must provide a `return_url`')]).toEqual([400, true]);
  const returned = await charge(customer, { automatic_payment_methods: { enabled: true }, return_url: 'https://shop.example/back' });
  expect(returned).toMatchObject({ status: 'succeeded', automatic_payment_methods: { enabled: true, allow_redirects: 'always' } });
  expect((await charge(customer, { automatic_payment_methods: { enabled: true }, off_session: true })).status).toBe('succeeded');
  const early = await refusal(world.stripe.paymentIntents.create({ amount: 500, currency: 'usd', off_session: true }));
  expect([early.statusCode, early.param]).toEqual([400, 'off_session']);
});

test('[K 9] amounts: minimum by currency, eight digits, no zero, whole ISK', async () => {
  const { stripe } = world;
  const codes = async (amount: number, currency: string) => {
    const error = await refusal(stripe.paymentIntents.create({ amount, currency }));
    return [error.statusCode, error.code, error.param];
  };
  expect(await codes(49, 'usd')).toEqual([400, 'amount_too_small', 'amount']);
  expect(await codes(29, 'gbp')).toEqual([400, 'amount_too_small', 'amount']);
  expect(await codes(0, 'usd')).toEqual([400, 'parameter_invalid_integer', 'amount']);
  expect(await codes(100_000_000, 'usd')).toEqual([400, 'amount_too_large', 'amount']);
  expect(await codes(10_050, 'isk')).toEqual([400, 'invalid_charge_amount_no_decimal_compatible', 'amount']);
  const currency = await refusal(stripe.paymentIntents.create({ amount: 1000, currency: 'xyz' }));
  expect(currency.message).toMatch(/^Invalid currency: xyz\. Stripe currently supports these currencies: usd, aed/);
  expect((await stripe.paymentIntents.create({ amount: 30, currency: 'GBP' })).currency).toBe('gbp');
});

test("somebody else's card is refused", async () => {
  const [one, other] = [await world.customer('pm_card_visa'), await world.customer()];
  const method = one.invoice_settings.default_payment_method as string;
  const foreign = await refusal(
    world.stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: other.id, payment_method: method }),
  );
  expect([foreign.statusCode, foreign.param]).toEqual([400, 'payment_method']);
  const anonymous = await refusal(world.stripe.paymentIntents.create({ amount: 500, currency: 'usd', payment_method: method }));
  expect(anonymous.message).toContain('you must provide the customer in the request');
});

test('setup_future_usage keeps the card with the customer', async () => {
  const customer = await world.customer();
  await world.fresh();
  const intent = await charge(customer, { payment_method: 'pm_card_visa', setup_future_usage: 'off_session' });
  const [saved] = (await world.stripe.customers.listPaymentMethods(customer.id)).data;
  expect(saved?.id).toBe(intent.payment_method);
  expect(await world.fresh()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_method.attached',
    'payment_intent.succeeded',
  ]);
});

test('intents are listed by customer, searched, updated, and read with a client secret', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  const intent = await charge(customer, { metadata: { order: 'A-77' } });
  expect((await stripe.paymentIntents.list({ customer: customer.id })).data.map((one) => one.id)).toEqual([intent.id]);
  expect((await stripe.paymentIntents.search({ query: "metadata['order']:'A-77' AND status:'succeeded'" })).data).toHaveLength(1);
  expect((await stripe.paymentIntents.update(intent.id, { metadata: { seen: '1' } })).metadata).toEqual({ order: 'A-77', seen: '1' });
  const fixed = await refusal(stripe.paymentIntents.update(intent.id, { amount: 1 }));
  expect(fixed.code).toBe('payment_intent_unexpected_state');
  const missing = await refusal(stripe.paymentIntents.retrieve('pi_none'));
  expect([missing.statusCode, missing.code, missing.param]).toEqual([404, 'resource_missing', 'intent']);
  const wrong = await refusal(stripe.paymentIntents.retrieve(intent.id, { client_secret: 'nope' }));
  expect(wrong.statusCode).toBe(404);
});

test('a browser reads the intent with its publishable key only when it knows the client secret', async () => {
  const intent = await world.stripe.paymentIntents.create({ amount: 1500, currency: 'usd' });
  const browser = new Stripe(world.publishableKey, { httpClient: Stripe.createFetchHttpClient(world.sandbox.fetch), telemetry: false });
  const seen = await browser.paymentIntents.retrieve(intent.id, { client_secret: intent.client_secret as string });
  expect([seen.id, seen.status]).toEqual([intent.id, 'requires_payment_method']);
  expect((await refusal(browser.paymentIntents.retrieve(intent.id))).statusCode).toBe(404);
  expect([401, 403]).toContain((await refusal(browser.paymentIntents.list())).statusCode);
});

test('the same idempotency key charges once, a declined answer included', async () => {
  const customer = await world.customer('pm_card_chargeCustomerFail');
  const params = {
    amount: 900,
    currency: 'usd',
    customer: customer.id,
    payment_method: customer.invoice_settings.default_payment_method as string,
    confirm: true,
    off_session: true,
  };
  const first = await refusal(world.stripe.paymentIntents.create(params, { idempotencyKey: 'order-9' }));
  const second = await refusal(world.stripe.paymentIntents.create(params, { idempotencyKey: 'order-9' }));
  expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
  expect((await world.stripe.paymentIntents.list({ customer: customer.id })).data).toHaveLength(1);
});

test('shipping is shown whole: what was not sent is null, and empty clears it', async () => {
  const { stripe } = world;
  const shipping = { name: 'Jenny Rosen', address: { line1: '510 Townsend St', city: 'San Francisco' } };
  const intent = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd', shipping });
  expect(intent.shipping).toEqual({
    name: 'Jenny Rosen',
    address: { line1: '510 Townsend St', line2: null, city: 'San Francisco', state: null, postal_code: null, country: null },
    carrier: null,
    phone: null,
    tracking_number: null,
  });
  expect((await stripe.paymentIntents.update(intent.id, { shipping: '' })).shipping).toBeNull();
});
