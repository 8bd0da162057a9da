import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeAuthentication } from '../../billing/payments/index.ts';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import type { Doc } from '../../kernel/types.ts';

const RETURN = 'https://shop.example/back';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What the 3DS page does when the customer answers. */
async function customerAnswers(id: string, result: 'ok' | 'failed'): Promise<void> {
  await world.inTransaction(async (tx) => {
    const intent = (await tx.get(id)) as Doc;
    return completeAuthentication(tx, { intent, succeed: result === 'ok' });
  });
}

function pay(more: Partial<Stripe.PaymentIntentCreateParams>): Promise<Stripe.PaymentIntent> {
  return world.stripe.paymentIntents.create({ amount: 4900, currency: 'usd', confirm: true, return_url: RETURN, ...more });
}

test('on-session the customer is sent to the 3DS page, comes back, and the payment succeeds', async () => {
  await world.fresh();
  const intent = await pay({ payment_method: 'pm_card_authenticationRequired' });
  expect(intent).toMatchObject({
    status: 'requires_action',
    latest_charge: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: RETURN } },
  });
  expect(intent.next_action?.redirect_to_url?.url).toContain(`/3ds/${intent.id}`);
  expect(await world.fresh()).toEqual(['payment_intent.created', 'payment_intent.requires_action']);
  await customerAnswers(intent.id, 'ok');
  const paid = await world.stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
  expect(paid).toMatchObject({ status: 'succeeded', next_action: null });
  expect((paid.latest_charge as Stripe.Charge).payment_method_details?.card?.three_d_secure).toMatchObject({ result: 'authenticated' });
  expect(await world.fresh()).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
});

test('without return_url the next action is use_stripe_sdk', async () => {
  const intent = await world.stripe.paymentIntents.create({
    amount: 4900,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_threeDSecure2Required',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  expect(intent.next_action?.type).toBe('use_stripe_sdk');
});

test('a customer who fails to authenticate leaves the intent waiting for another card', async () => {
  const intent = await pay({ payment_method: 'pm_card_authenticationRequired' });
  await world.fresh();
  await customerAnswers(intent.id, 'failed');
  const failed = await world.stripe.paymentIntents.retrieve(intent.id);
  expect(failed).toMatchObject({
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: null,
    last_payment_error: { type: 'invalid_request_error', code: 'payment_intent_authentication_failure' },
  });
  expect(await world.fresh()).toEqual(['payment_intent.payment_failed']);
});

test('[S 3.12] 3178 authenticates and is then out of funds', async () => {
  const intent = await pay({ payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds' });
  expect(intent.status).toBe('requires_action');
  await customerAnswers(intent.id, 'ok');
  expect((await world.stripe.paymentIntents.retrieve(intent.id)).last_payment_error?.decline_code).toBe('insufficient_funds');
});

test('[S 3.12] off-session a card that must authenticate is declined with a failed charge', async () => {
  const customer = await world.customer('pm_card_authenticationRequired');
  const method = customer.invoice_settings.default_payment_method as string;
  const error = await refusal(pay({ customer: customer.id, payment_method: method, off_session: true }));
  expect([error.statusCode, error.code, error.decline_code]).toEqual([402, 'authentication_required', 'authentication_required']);
  expect(error.payment_intent).toMatchObject({ status: 'requires_payment_method', payment_method: null, latest_charge: error.charge });
});

test('[S 3.12] 3155 charged off-session fails unless it was set up with its owner present', async () => {
  const customer = await world.customer('pm_card_authenticationRequiredOnSetup');
  const method = customer.invoice_settings.default_payment_method as string;
  const early = await refusal(pay({ customer: customer.id, payment_method: method, off_session: true }));
  expect(early.code).toBe('authentication_required');
  const setup = await world.stripe.setupIntents.create({
    customer: customer.id,
    payment_method: method,
    confirm: true,
    return_url: RETURN,
  });
  expect(setup.status).toBe('requires_action');
  await customerAnswers(setup.id, 'ok');
  expect((await world.stripe.setupIntents.retrieve(setup.id)).status).toBe('succeeded');
  expect((await pay({ customer: customer.id, payment_method: method, off_session: true })).status).toBe('succeeded');
  expect((await pay({ customer: customer.id, payment_method: method })).status).toBe('requires_action');
});

test('[S 3.12] 0446 is set up already: off-session succeeds, on-session asks', async () => {
  const customer = await world.customer('pm_card_authenticationRequiredSetupForOffSession');
  const method = customer.invoice_settings.default_payment_method as string;
  expect((await pay({ customer: customer.id, payment_method: method, off_session: true })).status).toBe('succeeded');
  expect((await pay({ customer: customer.id, payment_method: method })).status).toBe('requires_action');
});

test('error_on_requires_action declines instead of asking', async () => {
  const error = await refusal(pay({ payment_method: 'pm_card_authenticationRequired', error_on_requires_action: true }));
  expect([error.statusCode, error.code, error.charge]).toEqual([402, 'authentication_required', undefined]);
});

test('the control API asks a good card for authentication, once', async () => {
  const customer = await world.customer('pm_card_visa');
  const method = customer.invoice_settings.default_payment_method as string;
  await world.order({ kind: 'requires_action' }, { payment_method: method });
  const intent = await pay({ customer: customer.id, payment_method: method });
  expect(intent.status).toBe('requires_action');
  await customerAnswers(intent.id, 'ok');
  expect((await world.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  expect((await pay({ customer: customer.id, payment_method: method })).status).toBe('succeeded');
});

test('an intent that is not waiting cannot be authenticated', async () => {
  const intent = await pay({ payment_method: 'pm_card_visa' });
  await expect(customerAnswers(intent.id, 'ok')).rejects.toThrow('payment_intent_unexpected_state');
});

test('the merchant asks for 3D Secure of a card that would not', async () => {
  const options = { card: { request_three_d_secure: 'any' } } as const;
  const intent = await pay({ payment_method: 'pm_card_visa', payment_method_options: options });
  expect([intent.status, intent.payment_method_options?.card?.request_three_d_secure]).toEqual(['requires_action', 'any']);
  await customerAnswers(intent.id, 'ok');
  expect((await world.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  const other = await refusal(pay({ payment_method: 'pm_card_visa', payment_method_options: { klarna: { setup_future_usage: 'none' } } }));
  expect([other.statusCode, other.code]).toEqual([400, 'sandbox_not_emulated']);
});

test('with manual confirmation the proof waits for the server, counts once and only for its card', async () => {
  const intent = await pay({ payment_method: 'pm_card_authenticationRequired', confirmation_method: 'manual' });
  expect(intent).toMatchObject({ status: 'requires_action', confirmation_method: 'manual' });
  await world.fresh();
  await customerAnswers(intent.id, 'ok');
  const waiting = await world.stripe.paymentIntents.retrieve(intent.id);
  expect(waiting).toMatchObject({ status: 'requires_confirmation', next_action: null, latest_charge: null, amount_received: 0 });
  expect(await world.fresh()).toEqual([]);
  const paid = await world.stripe.paymentIntents.confirm(intent.id, { return_url: RETURN });
  expect(paid).toMatchObject({ status: 'succeeded', amount_received: 4900 });
  expect(await world.fresh()).toEqual(['charge.succeeded', 'payment_intent.succeeded']);

  const other = await pay({ payment_method: 'pm_card_authenticationRequired', confirmation_method: 'manual' });
  await customerAnswers(other.id, 'ok');
  const another = await world.stripe.paymentIntents.confirm(other.id, {
    payment_method: 'pm_card_threeDSecure2Required',
    return_url: RETURN,
  });
  expect(another.status).toBe('requires_action');
});
