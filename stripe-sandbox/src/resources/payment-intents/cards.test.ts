/** Every row of the card table, played through the API: what attaches, what is charged, and what the bank says [S 3.12; docs.stripe.com/testing]. */
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';
import { TEST_CARDS } from '../../cards/index.ts';

const NO_REDIRECTS = { enabled: true, allow_redirects: 'never' } as const;
const EXPIRY = { exp_month: 12, exp_year: 2030 };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const pay = (method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  world.stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: method,
    automatic_payment_methods: NO_REDIRECTS,
    confirm: true,
    ...more,
  });

/** Token, code, decline_code, param, advice of every card whose charge is refused. */
const DECLINES: [string, string, string | undefined, string | undefined, string | undefined][] = [
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline', undefined, 'try_again_later'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', undefined, 'try_again_later'],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', undefined, 'do_not_try_again'],
  ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', undefined, 'do_not_try_again'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined, 'exp_month', 'do_not_try_again'],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined, 'cvc', 'confirm_card_data'],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined, undefined, 'try_again_later'],
  ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded', undefined, 'try_again_later'],
  ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline', undefined, 'try_again_later'],
  ['pm_card_radarBlock', 'card_declined', 'fraudulent', undefined, 'do_not_try_again'],
  ['pm_card_riskLevelHighest', 'card_declined', 'fraudulent', undefined, 'do_not_try_again'],
];

describe('declines', () => {
  it.each(DECLINES)('%s: %s %s', async (token, code, declineCode, param, advice) => {
    const error = (await refusal(pay(token))) as Stripe.errors.StripeCardError;
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect([error.statusCode, error.code, error.decline_code || undefined, error.param]).toEqual([402, code, declineCode, param]);
    expect((error.raw as { advice_code?: string }).advice_code).toBe(advice);
    const intent = error.payment_intent!;
    expect([intent.status, intent.payment_method, intent.amount_received]).toEqual(['requires_payment_method', null, 0]);
    expect(intent.last_payment_error).toMatchObject({ type: 'card_error', code, charge: intent.latest_charge });
    const charge = await world.stripe.charges.retrieve(intent.latest_charge as string);
    const blocked = declineCode === 'fraudulent';
    expect(charge).toMatchObject({
      status: 'failed',
      paid: false,
      captured: false,
      failure_code: code,
      balance_transaction: null,
      outcome: {
        type: blocked ? 'blocked' : 'issuer_declined',
        network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
        reason: blocked ? 'highest_risk_level' : (declineCode ?? code),
        risk_level: blocked ? 'highest' : 'normal',
      },
    });
  });

  it('[S 3.12] of these only 0341 and the ones Stripe itself blocks can be saved', async () => {
    for (const [token, code] of DECLINES) {
      const customer = await world.stripe.customers.create({});
      const attach = world.stripe.paymentMethods.attach(token, { customer: customer.id });
      if (['pm_card_chargeCustomerFail', 'pm_card_radarBlock', 'pm_card_riskLevelHighest'].includes(token)) {
        expect((await attach).customer).toBe(customer.id);
      } else expect([(await refusal(attach)).statusCode, (await refusal(attach)).code]).toEqual([402, code]);
    }
  });
});

describe('good cards', () => {
  it('every card without a decline or an authentication pays, with its brand, country and funding', async () => {
    const good = TEST_CARDS.filter((card) => card.charge === undefined && card.authentication === 'none');
    expect(good.length).toBeGreaterThan(40);
    for (const card of good) {
      const method = await world.stripe.paymentMethods.create({ type: 'card', card: { number: card.number, ...EXPIRY } });
      const intent = await pay(method.id, { expand: ['latest_charge'] });
      const details = (intent.latest_charge as Stripe.Charge).payment_method_details!.card!;
      expect([card.name, intent.status, details.brand, details.country, details.funding]).toEqual([
        card.name,
        'succeeded',
        card.brand,
        card.country,
        card.funding,
      ]);
    }
  });

  it('failed checks and elevated risk are shown on the charge, the money comes all the same', async () => {
    const rows: [string, object][] = [
      ['pm_card_cvcCheckFail', { cvc_check: 'fail' }],
      ['pm_card_avsZipFail', { address_postal_code_check: 'fail', cvc_check: 'pass' }],
      ['pm_card_avsLine1Fail', { address_line1_check: 'fail' }],
      ['pm_card_avsFail', { address_line1_check: 'fail', address_postal_code_check: 'fail' }],
      ['pm_card_avsUnchecked', { address_line1_check: 'unavailable', address_postal_code_check: 'unavailable' }],
    ];
    for (const [token, checks] of rows) {
      const intent = await pay(token, { expand: ['latest_charge'] });
      expect((intent.latest_charge as Stripe.Charge).payment_method_details?.card?.checks).toMatchObject(checks);
    }
    const risky = await pay('pm_card_riskLevelElevated', { expand: ['latest_charge'] });
    expect((risky.latest_charge as Stripe.Charge).outcome).toMatchObject({ risk_level: 'elevated', type: 'authorized' });
  });
});

describe('3D Secure', () => {
  it.each([
    ['pm_card_authenticationRequired', 'requires_action', 'authentication_required'],
    ['pm_card_authenticationRequiredOnSetup', 'requires_action', 'authentication_required'],
    ['pm_card_threeDSecure2Required', 'requires_action', 'authentication_required'],
    ['pm_card_threeDSecureRequiredChargeDeclined', 'requires_action', 'authentication_required'],
    ['pm_card_authenticationRequiredSetupForOffSession', 'requires_action', null],
    ['pm_card_threeDSecureOptional', 'succeeded', null],
  ])('%s: %s on-session, off-session %s', async (token, onSession, offSession) => {
    expect((await pay(token)).status).toBe(onSession);
    if (offSession === null) {
      expect((await pay(token, { off_session: true })).status).toBe('succeeded');
      return;
    }
    const error = await refusal(pay(token, { off_session: true }));
    expect([error.statusCode, error.code, error.decline_code]).toEqual([402, offSession, offSession]);
  });

  it('a lookup that breaks declines without a page, for payments and setups', async () => {
    const payment = await refusal(pay('pm_card_threeDSecureRequiredProcessingError'));
    expect([payment.statusCode, payment.code]).toEqual([402, 'processing_error']);
    const setup = await refusal(
      world.stripe.setupIntents.create({
        payment_method: 'pm_card_threeDSecureRequiredProcessingError',
        automatic_payment_methods: NO_REDIRECTS,
        confirm: true,
      }),
    );
    expect([setup.statusCode, setup.code]).toEqual([402, 'processing_error']);
  });
});

describe('payment_method_options', () => {
  it('a setup may ask for 3D Secure; the wish is shown and asked for', async () => {
    const { stripe } = world;
    const intent = await stripe.setupIntents.create({
      payment_method: 'pm_card_visa',
      automatic_payment_methods: NO_REDIRECTS,
      payment_method_options: { card: { request_three_d_secure: 'any' } },
    });
    expect(intent.payment_method_options?.card).toEqual({ mandate_options: null, network: null, request_three_d_secure: 'any' });
    const confirmed = await stripe.setupIntents.confirm(intent.id, { expand: ['latest_attempt'] });
    expect([confirmed.status, confirmed.next_action?.type]).toEqual(['requires_action', 'use_stripe_sdk']);
    expect(confirmed.latest_attempt).toMatchObject({ status: 'requires_action', setup_intent: intent.id });
    const plain = await stripe.setupIntents.create({ payment_method: 'pm_card_visa', automatic_payment_methods: NO_REDIRECTS });
    const asked = await stripe.setupIntents.update(plain.id, { payment_method_options: { card: { request_three_d_secure: 'challenge' } } });
    expect(asked.payment_method_options?.card?.request_three_d_secure).toBe('challenge');
    const attempts = await stripe.setupAttempts.list({ setup_intent: intent.id });
    expect(attempts.data.map((one) => one.status)).toEqual(['requires_action']);
  });

  it('a card may be captured later or kept although the intent says otherwise', async () => {
    const { stripe } = world;
    const held = await pay('pm_card_visa', { payment_method_options: { card: { capture_method: 'manual' } } });
    expect([held.status, held.amount_capturable]).toEqual(['requires_capture', 2000]);
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500, final_capture: true });
    expect([taken.status, taken.amount_received]).toEqual(['succeeded', 1500]);
    const customer = await stripe.customers.create({});
    const kept = await pay('pm_card_visa', {
      customer: customer.id,
      payment_method_options: { card: { setup_future_usage: 'off_session' } },
    });
    expect((await stripe.paymentMethods.retrieve(kept.payment_method as string)).customer).toBe(customer.id);
    const dropped = await pay('pm_card_visa', {
      customer: customer.id,
      setup_future_usage: 'off_session',
      payment_method_options: { card: { setup_future_usage: 'none' } },
    });
    expect((await stripe.paymentMethods.retrieve(dropped.payment_method as string)).customer).toBeNull();
  });

  it('what has no behaviour is refused by name', async () => {
    const moto = await refusal(pay('pm_card_visa', { payment_method_options: { card: { moto: true } } }));
    expect([moto.statusCode, moto.code, moto.param]).toEqual([400, 'sandbox_not_emulated', 'payment_method_options[card][moto]']);
    const kind = await refusal(pay('pm_card_visa', { payment_method_options: { klarna: { preferred_locale: 'de-DE' } } }));
    expect(kind.param).toBe('payment_method_options[klarna]');
    const held = await pay('pm_card_visa', { capture_method: 'manual' });
    const parts = await refusal(world.stripe.paymentIntents.capture(held.id, { amount_to_capture: 500, final_capture: false }));
    expect([parts.code, parts.param]).toEqual(['sandbox_not_emulated', 'final_capture']);
    expect((await world.stripe.paymentIntents.retrieve(held.id)).status).toBe('requires_capture');
    const setup = await refusal(world.stripe.setupIntents.create({ payment_method_options: { card: { moto: true } } }));
    expect(setup.param).toBe('payment_method_options[card][moto]');
  });
});
