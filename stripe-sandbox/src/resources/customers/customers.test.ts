import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a customer is created, changed and found again', async () => {
  const { stripe } = world;
  await world.fresh();
  const created = await stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    address: { line1: '12 St James', city: 'London', country: 'GB' },
    preferred_locales: ['en-GB'],
    metadata: { plan: 'team', note: 'old' },
  });
  expect(created.id).toMatch(/^cus_[A-Za-z0-9]{24}$/);
  expect(created).toMatchObject({
    balance: 0,
    created: Date.parse('2026-01-05T09:00:00Z') / 1000,
    delinquent: false,
    tax_exempt: 'none',
    livemode: false,
    next_invoice_sequence: 1,
    address: { city: 'London', country: 'GB', line1: '12 St James', line2: null, postal_code: null, state: null },
  });
  expect(created.invoice_prefix).toMatch(/^[A-Z0-9]{8}$/);
  const updated = await stripe.customers.update(created.id, {
    name: '',
    metadata: { note: '', seats: '5' },
    description: 'first customer',
  });
  expect([updated.name, updated.description, updated.metadata]).toEqual([null, 'first customer', { plan: 'team', seats: '5' }]);
  expect((await stripe.customers.update(created.id, { metadata: '' })).metadata).toEqual({});
  expect((await stripe.customers.list({ email: 'ada@example.com' })).data.map((customer) => customer.id)).toEqual([created.id]);
  expect((await stripe.customers.search({ query: "name:null AND email:'ada@example.com'" })).data).toHaveLength(1);
  expect(await world.fresh()).toEqual(['customer.created', 'customer.updated', 'customer.updated']);
  const [event] = (await stripe.events.list({ limit: 2 })).data.slice(1);
  expect(event?.data.previous_attributes).toMatchObject({
    name: 'Ada Lovelace',
    description: null,
    metadata: { note: 'old', seats: null },
  });
});

test('the first payment method comes with the customer and becomes the default, also by shared token', async () => {
  const { stripe } = world;
  await world.fresh();
  const customer = await world.customer('pm_card_visa');
  const methods = await stripe.customers.listPaymentMethods(customer.id);
  expect(methods.data.map((method) => [method.id, method.card?.last4])).toEqual([
    [customer.invoice_settings.default_payment_method, '4242'],
  ]);
  expect(await world.fresh()).toEqual(['payment_method.attached', 'customer.created']);
  const [method] = methods.data;
  expect((await stripe.customers.retrievePaymentMethod(customer.id, method!.id)).id).toBe(method!.id);
});

test('a card that declines leaves no customer behind', async () => {
  const { stripe } = world;
  const before = (await stripe.customers.list({ limit: 100 })).data.length;
  const error = await refusal(stripe.customers.create({ payment_method: 'pm_card_chargeDeclined' }));
  expect([error.statusCode, error.code, error.decline_code]).toEqual([402, 'card_declined', 'generic_decline']);
  expect((await stripe.customers.list({ limit: 100 })).data).toHaveLength(before);
});

test('a default payment method must be attached to the customer', async () => {
  const { stripe } = world;
  const [one, other] = [await world.customer(), await world.customer('pm_card_visa')];
  const foreign = other.invoice_settings.default_payment_method as string;
  const error = await refusal(stripe.customers.update(one.id, { invoice_settings: { default_payment_method: foreign } }));
  expect([error.statusCode, error.code, error.param]).toEqual([400, 'resource_missing', 'invoice_settings[default_payment_method]']);
  expect(error.message).toContain('The payment method must be attached to the customer.');
});

test('[S 3.9] unknown customers are 404, unknown parameters 400, cash balances are refused loudly', async () => {
  const { stripe } = world;
  const missing = await refusal(stripe.customers.retrieve('cus_UFHok2V9yiUPsO'));
  expect([missing.statusCode, missing.code, missing.param]).toEqual([404, 'resource_missing', 'id']);
  expect(missing.message).toBe("No such customer: 'cus_UFHok2V9yiUPsO'");
  const unknown = await refusal(stripe.customers.create({ emial: 'x@example.com' } as never));
  expect([unknown.statusCode, unknown.code, unknown.param]).toEqual([400, 'parameter_unknown', 'emial']);
  const cash = await refusal(stripe.customers.create({ cash_balance: { settings: { reconciliation_mode: 'manual' } } }));
  expect([cash.statusCode, cash.code, cash.param]).toEqual([400, 'sandbox_not_emulated', 'cash_balance']);
});

test('a deleted customer answers with its stub and releases its cards', async () => {
  const { stripe } = world;
  const customer = await world.customer('pm_card_visa');
  const method = customer.invoice_settings.default_payment_method as string;
  await world.fresh();
  expect(await stripe.customers.del(customer.id)).toMatchObject({ id: customer.id, object: 'customer', deleted: true });
  expect(await world.fresh()).toEqual(['customer.deleted']);
  const gone = await stripe.customers.retrieve(customer.id);
  expect(gone).toMatchObject({ id: customer.id, object: 'customer', deleted: true });
  expect((await stripe.customers.list({ limit: 100 })).data.map((one) => one.id)).not.toContain(customer.id);
  expect((await refusal(stripe.customers.update(customer.id, { name: 'Ghost' }))).statusCode).toBe(404);
  const other = await world.customer();
  const used = await refusal(stripe.paymentMethods.attach(method, { customer: other.id }));
  expect(used.message).toContain('It may not be used again.');
});

test('the credit balance moves by transactions and shows itself when expanded', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ balance: -500 });
  const credit = await stripe.customers.createBalanceTransaction(customer.id, { amount: -1000, currency: 'usd', description: 'goodwill' });
  expect(credit).toMatchObject({ amount: -1000, ending_balance: -1500, type: 'adjustment', description: 'goodwill' });
  const all = await stripe.customers.listBalanceTransactions(customer.id);
  expect(all.data.map((one) => [one.type, one.amount])).toEqual([
    ['adjustment', -1000],
    ['initial', -500],
  ]);
  const edited = await stripe.customers.updateBalanceTransaction(customer.id, credit.id, { metadata: { ticket: '7' } });
  expect(edited.metadata).toEqual({ ticket: '7' });
  expect((await stripe.customers.retrieveBalanceTransaction(customer.id, credit.id)).id).toBe(credit.id);
  const expanded = await stripe.customers.retrieve(customer.id, { expand: ['invoice_credit_balance', 'tax', 'tax_ids', 'sources'] });
  expect(expanded).toMatchObject({ balance: -1500, currency: 'usd', invoice_credit_balance: { usd: -1500 }, tax_ids: { data: [] } });
  // [S 3.9] one balance per currency; `balance` is that of the customer's own.
  const euros = await stripe.customers.createBalanceTransaction(customer.id, { amount: -250, currency: 'eur' });
  expect(euros).toMatchObject({ currency: 'eur', ending_balance: -250 });
  const both = await stripe.customers.retrieve(customer.id, { expand: ['invoice_credit_balance'] });
  expect(both).toMatchObject({ balance: -1500, currency: 'usd', invoice_credit_balance: { usd: -1500, eur: -250 } });
});

test('customers of a test clock keep its time and stay out of unscoped lists', async () => {
  const { stripe } = world;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Date.parse('2027-03-01T00:00:00Z') / 1000 });
  const customer = await stripe.customers.create({ test_clock: clock.id, payment_method: 'pm_card_visa' });
  expect(customer).toMatchObject({ created: clock.frozen_time, test_clock: clock.id });
  expect((await stripe.customers.list({ limit: 100 })).data.map((one) => one.id)).not.toContain(customer.id);
  expect((await stripe.customers.list({ test_clock: clock.id })).data.map((one) => one.id)).toEqual([customer.id]);
  const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  expect(method?.created).toBe(clock.frozen_time);
  const missing = await refusal(stripe.customers.create({ test_clock: 'clock_none' }));
  expect([missing.statusCode, missing.code, missing.param]).toEqual([400, 'resource_missing', 'test_clock']);
  await stripe.testHelpers.testClocks.del(clock.id);
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
});

test('a customer without a discount has none to delete', async () => {
  const customer = await world.customer();
  const error = await refusal(world.stripe.customers.deleteDiscount(customer.id));
  expect([error.statusCode, error.code]).toEqual([404, 'resource_missing']);
});
