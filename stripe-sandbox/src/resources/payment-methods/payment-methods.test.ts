import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a shared token becomes a fresh payment method each time it is attached', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await world.fresh();
  const one = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const two = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  expect(one.id).not.toBe(two.id);
  expect(one).toMatchObject({
    customer: customer.id,
    type: 'card',
    allow_redisplay: 'unspecified',
    card: { brand: 'visa', last4: '4242', exp_month: 1, exp_year: 2027, funding: 'credit', country: 'US', checks: { cvc_check: 'pass' } },
  });
  expect(one.card?.fingerprint).toBe(two.card?.fingerprint);
  expect(await world.fresh()).toEqual(['payment_method.attached', 'payment_method.attached']);
  expect((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data.map((method) => method.id)).toEqual([
    two.id,
    one.id,
  ]);
  expect((await stripe.paymentMethods.attach(one.id, { customer: customer.id })).id).toBe(one.id);
});

test.each([
  ['4242424242424242', 'visa', 'US'],
  ['5555555555554444', 'mastercard', 'US'],
  ['378282246310005', 'amex', 'US'],
  ['4000002760000016', 'visa', 'DE'],
])('test number %s makes a %s card of %s', async (number, brand, country) => {
  const method = await world.stripe.paymentMethods.create({ type: 'card', card: { number, exp_month: 4, exp_year: 2030, cvc: '123' } });
  expect(method.card).toMatchObject({ brand, country, last4: number.slice(-4), exp_month: 4, exp_year: 2030 });
  expect(method.customer).toBeNull();
});

test('[S 3.12] the plain decline cards refuse to be attached with 402; nothing is kept', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await world.fresh();
  const tokens: [string, string, string | undefined][] = [
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ];
  for (const [token, code, declineCode] of tokens) {
    const error = await refusal(stripe.paymentMethods.attach(token, { customer: customer.id }));
    expect([token, error.statusCode, error.type, error.code, error.decline_code || undefined]).toEqual([
      token,
      402,
      'StripeCardError',
      code,
      declineCode,
    ]);
  }
  expect(await world.fresh()).toEqual([]);
  expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
});

test('[S 3.12] 0341 attaches', async () => {
  const customer = await world.customer('pm_card_chargeCustomerFail');
  expect(customer.invoice_settings.default_payment_method).toMatch(/^pm_/);
});

test('numbers outside the table are declined and never stored', async () => {
  const { stripe } = world;
  const wrong = await refusal(
    stripe.paymentMethods.create({ type: 'card', card: { number: '4242424242424241', exp_month: 1, exp_year: 2030 } }),
  );
  expect([wrong.statusCode, wrong.code, wrong.param]).toEqual([402, 'incorrect_number', 'number']);
  const real = await refusal(
    stripe.paymentMethods.create({ type: 'card', card: { number: '4539578763621486', exp_month: 1, exp_year: 2030 } }),
  );
  expect([real.statusCode, real.code, real.decline_code]).toEqual([402, 'card_declined', 'test_mode_live_card']);
  const stored = JSON.stringify((await world.sandbox.control.state()) as unknown);
  expect(stored).not.toContain('4539578763621486');
});

test('expiry dates must lie ahead of the account clock', async () => {
  const { stripe } = world;
  const card = { number: '4242424242424242', cvc: '123' };
  const year = await refusal(stripe.paymentMethods.create({ type: 'card', card: { ...card, exp_month: 12, exp_year: 2025 } }));
  expect([year.statusCode, year.code, year.param]).toEqual([402, 'invalid_expiry_year', 'exp_year']);
  const month = await refusal(stripe.paymentMethods.create({ type: 'card', card: { ...card, exp_month: 13, exp_year: 2030 } }));
  expect([month.code, month.param]).toEqual(['invalid_expiry_month', 'exp_month']);
});

test('a detached method is gone for good and no longer the default', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  const id = customer.invoice_settings.default_payment_method as string;
  await world.fresh();
  expect((await stripe.paymentMethods.detach(id)).customer).toBeNull();
  expect(await world.fresh()).toEqual(['payment_method.detached', 'customer.updated']);
  const detached = (await stripe.events.list({ type: 'payment_method.detached', limit: 1 })).data[0];
  expect(detached?.data.previous_attributes).toEqual({ customer: customer.id });
  const now = await stripe.customers.retrieve(customer.id);
  expect(now).toMatchObject({ invoice_settings: { default_payment_method: null } });
  const again = await refusal(stripe.paymentMethods.attach(id, { customer: customer.id }));
  expect(again.message).toContain('It may not be used again.');
  expect((await refusal(stripe.paymentMethods.detach(id))).message).toContain('is not attached to a customer');
});

test('one method belongs to one customer', async () => {
  const { stripe } = world;
  const [one, other] = [await world.customer('pm_card_visa'), await world.customer()];
  const error = await refusal(stripe.paymentMethods.attach(one.invoice_settings.default_payment_method as string, { customer: other.id }));
  expect([error.statusCode, error.message]).toEqual([400, 'The payment method you provided has already been attached to a customer.']);
});

test('unknown methods answer 404 in the path of attach, with the hint about connected accounts', async () => {
  const customer = await world.customer();
  const error = await refusal(world.stripe.paymentMethods.attach('abcd', { customer: customer.id }));
  expect([error.statusCode, error.code, error.param]).toEqual([404, 'resource_missing', 'payment_method']);
  expect(error.message).toMatch(/^No such PaymentMethod: 'abcd'; It's possible/);
});

test('billing details and expiry of a saved method can change, others must be saved first', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  const id = customer.invoice_settings.default_payment_method as string;
  await world.fresh();
  const updated = await stripe.paymentMethods.update(id, {
    billing_details: { name: 'J. Rosen', address: { city: 'Berlin', country: 'DE' } },
    card: { exp_year: 2031 },
    metadata: { seen: 'yes' },
  });
  expect(updated.billing_details).toMatchObject({ name: 'J. Rosen', address: { city: 'Berlin', country: 'DE', line1: null } });
  expect([updated.card?.exp_year, updated.metadata]).toEqual([2031, { seen: 'yes' }]);
  expect(await world.fresh()).toEqual(['payment_method.updated']);
  const loose = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  expect((await refusal(stripe.paymentMethods.update(loose.id, { metadata: { a: 'b' } }))).message).toContain(
    'You must save this PaymentMethod',
  );
});

test('other kinds of payment methods are refused loudly', async () => {
  const error = await refusal(world.stripe.paymentMethods.create({ type: 'us_bank_account', us_bank_account: {} }));
  expect([error.statusCode, error.code, error.param]).toEqual([400, 'sandbox_not_emulated', 'type']);
});

test('a shared token can be read without leaving anything behind', async () => {
  const method = await world.stripe.paymentMethods.retrieve('pm_card_mastercard');
  expect(method.card).toMatchObject({ brand: 'mastercard', last4: '4444' });
});

test('a changed expiry must lie ahead, and a bank account has none', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({});
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const past = await refusal(stripe.paymentMethods.update(card.id, { card: { exp_month: 1, exp_year: 2020 } }));
  expect([past.statusCode, past.code, past.param]).toEqual([402, 'invalid_expiry_year', 'exp_year']);
  const month = await refusal(stripe.paymentMethods.update(card.id, { card: { exp_month: 13 } }));
  expect([month.statusCode, month.code]).toEqual([402, 'invalid_expiry_month']);
  const newer = await stripe.paymentMethods.update(card.id, { card: { exp_month: 11, exp_year: 2031 } });
  expect([newer.card?.exp_month, newer.card?.exp_year]).toEqual([11, 2031]);
  const debit = await stripe.paymentMethods.attach('pm_success_de', { customer: customer.id });
  const bank = await refusal(stripe.paymentMethods.update(debit.id, { card: { exp_year: 2031 } }));
  expect([bank.statusCode, bank.param]).toEqual([400, 'card']);
  const details = await stripe.paymentMethods.update(debit.id, { billing_details: { name: 'J. Rosen' }, metadata: { iban: 'de' } });
  expect([details.billing_details.name, details.metadata]).toEqual(['J. Rosen', { iban: 'de' }]);
  const byType = async (type: 'card' | 'sepa_debit') =>
    (await stripe.paymentMethods.list({ customer: customer.id, type })).data.map((one) => one.id);
  expect([await byType('card'), await byType('sepa_debit')]).toEqual([[card.id], [debit.id]]);
  expect((await stripe.customers.listPaymentMethods(customer.id, { type: 'sepa_debit' })).data).toHaveLength(1);
});
