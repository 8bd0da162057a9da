import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

const DAY = 86_400;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-01-05T09:00:00Z');
});
afterEach(() => world.close());

const sourceOf = async (customer: string) => (await world.stripe.customers.retrieve(customer)) as Stripe.Customer;

test('5 January: a customer comes with a token, and its card is a source and a payment method at once', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ email: 'old@example.com', source: 'tok_visa' });
  expect(customer.default_source).toMatch(/^card_\w{24}$/);
  expect(await world.fresh()).toEqual(['payment_method.attached', 'customer.source.created', 'customer.created']);
  const card = await stripe.customers.retrieveSource(customer.id, customer.default_source as string);
  expect(card).toMatchObject({
    id: customer.default_source,
    object: 'card',
    brand: 'Visa',
    last4: '4242',
    customer: customer.id,
    exp_year: 2027,
  });
  expect(await stripe.paymentMethods.retrieve(card.id)).toMatchObject({ id: card.id, object: 'payment_method', card: { brand: 'visa' } });
  expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((method) => method.id)).toEqual([card.id]);
});

test('an expanded default source is the card; the customer embeds its sources when asked', async () => {
  const { stripe } = world;
  const { id } = await stripe.customers.create({ source: 'tok_mastercard' });
  const customer = (await stripe.customers.retrieve(id, { expand: ['default_source', 'sources'] })) as Stripe.Customer;
  expect(customer.default_source).toMatchObject({ object: 'card', brand: 'MasterCard', last4: '4444' });
  expect(customer.sources).toMatchObject({ object: 'list', total_count: 1, data: [{ object: 'card', last4: '4444' }] });
});

test('the first source becomes the default, a second does not; the list is newest first', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ name: 'Max' });
  await world.fresh();
  const first = await stripe.customers.createSource(customer.id, { source: 'tok_visa', metadata: { from: 'phone' } });
  expect(first).toMatchObject({ object: 'card', metadata: { from: 'phone' } });
  const second = await stripe.customers.createSource(customer.id, { source: 'tok_amex' });
  expect(await world.fresh()).toEqual([
    'payment_method.attached',
    'customer.source.created',
    'payment_method.attached',
    'customer.source.created',
  ]);
  expect((await sourceOf(customer.id)).default_source).toBe(first.id);
  expect((await stripe.customers.listSources(customer.id)).data.map((source) => source.id)).toEqual([second.id, first.id]);
  expect((await stripe.customers.listSources(customer.id, { object: 'card', limit: 1 })).has_more).toBe(true);
  expect((await stripe.customers.listSources(customer.id, { object: 'bank_account' })).data).toEqual([]);
});

test('name, address and expiry of a card change, and the event says what they were', async () => {
  const { stripe, sandbox, account } = world;
  const customer = await stripe.customers.create({ source: 'tok_visa' });
  const id = customer.default_source as string;
  const card = await stripe.customers.updateSource(customer.id, id, {
    name: 'Max Old',
    exp_month: '7',
    exp_year: '2031',
    address_line1: 'Street 1',
    address_zip: '12345',
    metadata: { k: 'v' },
  });
  expect(card).toMatchObject({
    name: 'Max Old',
    exp_month: 7,
    exp_year: 2031,
    address_line1: 'Street 1',
    address_zip: '12345',
    metadata: { k: 'v' },
  });
  const [event] = await sandbox.control.events({ account, types: ['customer.source.updated'] });
  expect(event!.data.previous_attributes).toMatchObject({
    name: null,
    exp_month: 1,
    exp_year: 2027,
    address_line1: null,
    metadata: { k: null },
  });
  expect(await stripe.paymentMethods.retrieve(id)).toMatchObject({
    billing_details: { name: 'Max Old', address: { line1: 'Street 1', postal_code: '12345' } },
  });
  const wrong = await refusal(stripe.customers.updateSource(customer.id, id, { exp_month: '13' }));
  expect([wrong.statusCode, wrong.code, wrong.param]).toEqual([400, 'invalid_expiry_month', 'exp_month']);
});

test('a deleted default gives way to the newest other card; nothing is left after the last', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ source: 'tok_visa' });
  const first = customer.default_source as string;
  const second = await stripe.customers.createSource(customer.id, { source: 'tok_amex' });
  await world.fresh();
  expect(await stripe.customers.deleteSource(customer.id, first)).toEqual(
    expect.objectContaining({ id: first, object: 'card', deleted: true }),
  );
  expect(await world.fresh()).toEqual(['payment_method.detached', 'customer.source.deleted', 'customer.updated']);
  expect((await sourceOf(customer.id)).default_source).toBe(second.id);
  await stripe.paymentMethods.detach(second.id);
  expect((await sourceOf(customer.id)).default_source).toBeNull();
  const gone = await refusal(stripe.customers.retrieveSource(customer.id, second.id));
  expect([gone.statusCode, gone.code, gone.message]).toEqual([404, 'resource_missing', `No such source: '${second.id}'`]);
});

test('a new token on a customer takes the place of the old card', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ source: 'tok_visa' });
  await world.fresh();
  const changed = await stripe.customers.update(customer.id, { source: 'tok_mastercard' });
  expect(changed.default_source).not.toBe(customer.default_source);
  expect(await world.fresh()).toEqual([
    'payment_method.attached',
    'customer.source.created',
    'payment_method.detached',
    'customer.source.deleted',
    'customer.updated',
  ]);
  expect((await stripe.customers.listSources(customer.id)).data.map((source) => source.id)).toEqual([changed.default_source]);
});

test('the default source pays: a subscription starts in January and renews in February', async () => {
  const { stripe } = world;
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 1500,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  });
  const customer = await stripe.customers.create({ source: 'tok_visa' });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  expect(subscription.status).toBe('active');
  await world.advance(32 * DAY);
  const invoices = await stripe.invoices.list({ customer: customer.id });
  expect(invoices.data.map(({ status, amount_paid }) => [status, amount_paid])).toEqual([
    ['paid', 1500],
    ['paid', 1500],
  ]);
  const charges = await stripe.charges.list({ customer: customer.id });
  expect(new Set(charges.data.map((charge) => charge.payment_method))).toEqual(new Set([customer.default_source]));
});

test('a token is used once, a declining one leaves nothing, and what is no card token is refused aloud', async () => {
  const { stripe } = world;
  const customer = await stripe.customers.create({ name: 'Max' });
  const token = await stripe.tokens.create({ card: { number: '4242424242424242', exp_month: '4', exp_year: '2030', cvc: '123' } });
  expect(await stripe.customers.createSource(customer.id, { source: token.id })).toMatchObject({ exp_month: 4, exp_year: 2030 });
  const again = await refusal(stripe.customers.createSource(customer.id, { source: token.id }));
  expect([again.statusCode, again.code]).toEqual([400, 'token_already_used']);
  const declined = await refusal(stripe.customers.createSource(customer.id, { source: 'tok_chargeDeclined' }));
  expect([declined.statusCode, declined.code]).toEqual([402, 'card_declined']);
  expect((await stripe.customers.listSources(customer.id)).data).toHaveLength(1);
  const bank = await refusal(stripe.customers.createSource(customer.id, { source: 'btok_us_verified' }));
  expect([bank.statusCode, bank.code, bank.param]).toEqual([400, 'sandbox_not_emulated', 'source']);
  const foreign = await refusal(stripe.customers.update(customer.id, { default_source: 'card_ofSomebodyElse000000000' }));
  expect([foreign.statusCode, foreign.code, foreign.param]).toEqual([400, 'resource_missing', 'default_source']);
  const empty = await refusal(stripe.customers.update(customer.id, { default_source: '' }));
  expect([empty.statusCode, empty.code, empty.param]).toEqual([400, 'parameter_invalid_empty', 'default_source']);
  const sources = await refusal(stripe.sources.create({ type: 'card' }));
  expect(sources.code).toBe('sandbox_not_emulated');
});
