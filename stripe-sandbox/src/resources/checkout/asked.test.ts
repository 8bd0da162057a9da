/** What a session asks on its page, and where the answers end up. */
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const URLS = { success_url: 'http://shop.test/thanks', cancel_url: 'http://shop.test/cart' };
const VISA = {
  email: 'jane@example.com',
  name: 'Jane Roe',
  card_number: '4242 4242 4242 4242',
  card_expiry: '12 / 34',
  card_cvc: '123',
  action: 'pay',
};
const HOME = { line1: 'Hauptstr. 1', line2: null, city: 'Berlin', state: null, postal_code: '10115', country: 'DE' };
const address = (prefix: string) => ({
  [`${prefix}_line1`]: 'Hauptstr. 1',
  [`${prefix}_city`]: 'Berlin',
  [`${prefix}_postal_code`]: '10115',
  [`${prefix}_country`]: 'DE',
});

let world: TestSandbox;
let stripe: Stripe;
let price: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const mug = await stripe.products.create({ name: 'Mug' });
  price = await stripe.prices.create({ product: mug.id, currency: 'eur', unit_amount: 1200 });
});
afterEach(() => world.close());

const open = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price: price.id, quantity: 1 }], ...URLS, ...more });
const pay = (session: { id: string }, fields: Record<string, string> = {}) =>
  submit(world.sandbox, `/c/${session.id}`, { ...VISA, ...fields });
const reload = (session: { id: string }) => stripe.checkout.sessions.retrieve(session.id);

test('phone, billing and shipping address are asked, checked, and kept on session, customer, payment and card', async () => {
  const session = await open({
    customer_creation: 'always',
    phone_number_collection: { enabled: true },
    billing_address_collection: 'required',
    shipping_address_collection: { allowed_countries: ['DE', 'AT'] },
    custom_text: { shipping_address: { message: 'No parcel stations, please.' } },
  });
  expect(session.collected_information).toEqual({ business_name: null, individual_name: null, shipping_details: null });
  const empty = await pay(session);
  expect(empty.status).toBe(422);
  for (const words of ['No parcel stations', 'Enter a phone number', 'Enter an address.', 'Enter the name of who receives', 'Germany'])
    expect(empty.html).toContain(words);
  const abroad = await pay(session, {
    phone: '+49 30 1234',
    shipping_name: 'R. Roe',
    ...address('billing'),
    ...address('shipping'),
    shipping_country: 'FR',
  });
  expect([abroad.status, abroad.html.includes('Choose a country from the list.')]).toEqual([422, true]);
  expect((await stripe.customers.list()).data).toEqual([]);

  await pay(session, { phone: '+49 30 12345', shipping_name: 'R. Roe', ...address('billing'), ...address('shipping') });
  const done = await reload(session);
  expect(done).toMatchObject({
    status: 'complete',
    customer_details: { email: 'jane@example.com', name: 'Jane Roe', phone: '+493012345', address: HOME, tax_exempt: 'none', tax_ids: [] },
    collected_information: { shipping_details: { name: 'R. Roe', address: HOME } },
  });
  const customer = (await stripe.customers.retrieve(done.customer as string)) as Stripe.Customer;
  expect(customer).toMatchObject({ phone: '+493012345', address: HOME, shipping: { name: 'R. Roe', address: HOME } });
  const intent = await stripe.paymentIntents.retrieve(done.payment_intent as string, { expand: ['latest_charge'] });
  expect(intent.shipping).toMatchObject({ name: 'R. Roe', phone: '+493012345', address: HOME });
  expect((intent.latest_charge as Stripe.Charge).billing_details).toMatchObject({ name: 'Jane Roe', phone: '+493012345', address: HOME });
});

test('a customer that exists keeps name and address, unless customer_update says auto', async () => {
  const customer = await stripe.customers.create({ email: 'old@example.com', name: 'Old Name' });
  await pay(await open({ customer: customer.id, billing_address_collection: 'required' }), address('billing'));
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ name: 'Old Name', address: null });
  const told = await open({
    customer: customer.id,
    billing_address_collection: 'required',
    customer_update: { name: 'auto', address: 'auto' },
  });
  await pay(told, address('billing'));
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
    email: 'old@example.com',
    name: 'Jane Roe',
    address: HOME,
  });
  expect((await world.eventTypes(customer.id)).filter((type) => type === 'customer.updated').length).toBeGreaterThan(0);
});

describe('own fields', () => {
  const custom_fields: Stripe.Checkout.SessionCreateParams['custom_fields'] = [
    { key: 'engraving', label: { type: 'custom', custom: 'Engraving' }, type: 'text', text: { maximum_length: 5 } },
    { key: 'po', label: { type: 'custom', custom: 'Order number' }, type: 'numeric', optional: true, numeric: { minimum_length: 3 } },
    {
      key: 'size',
      label: { type: 'custom', custom: 'Size' },
      type: 'dropdown',
      dropdown: {
        options: [
          { label: 'Small', value: 's' },
          { label: 'Large', value: 'l' },
        ],
      },
    },
  ];

  test('text, digits and a choice: checked on the page, answered on the session', async () => {
    const session = await open({ custom_fields });
    const wrong = await pay(session, { custom_engraving: 'too long', custom_po: '12a', custom_size: 'xl' });
    for (const words of ['Enter at most 5 characters.', 'Enter digits only.', 'Choose one of the options.'])
      expect(wrong.html).toContain(words);
    expect((await pay(session, { custom_engraving: 'JR', custom_po: '12', custom_size: 's' })).html).toContain(
      'Enter at least 3 characters.',
    );
    await pay(session, { custom_engraving: 'JR', custom_size: 'l' });
    const done = await reload(session);
    expect(done.custom_fields.map((field) => (field.text ?? field.numeric ?? field.dropdown)?.value)).toEqual(['JR', null, 'l']);
  });

  test('what Stripe forbids is refused with its path', async () => {
    const text = (key: string) => ({ key, label: { type: 'custom' as const, custom: 'A' }, type: 'text' as const });
    const refused = (fields: typeof custom_fields) => expect(open({ custom_fields: fields })).rejects;
    await refused([text('a'), text('b'), text('c'), text('d')]).toMatchObject({ param: 'custom_fields' });
    await refused([text('a'), text('a')]).toMatchObject({ param: 'custom_fields[1][key]' });
    await refused([text('a b')]).toMatchObject({ param: 'custom_fields[0][key]' });
    await refused([{ ...text('a'), numeric: { maximum_length: 3 } }]).toMatchObject({ param: 'custom_fields[0][numeric]' });
    await refused([{ ...text('a'), type: 'dropdown' }]).toMatchObject({ param: 'custom_fields[0][dropdown][options]' });
    await refused([{ ...text('a'), text: { minimum_length: 9, maximum_length: 3 } }]).toMatchObject({
      param: 'custom_fields[0][text][minimum_length]',
    });
    await refused([{ ...text('a'), label: { type: 'custom', custom: 'x'.repeat(51) } }]).toMatchObject({
      param: 'custom_fields[0][label][custom]',
    });
    await expect(open({ custom_text: { submit: { message: 'x'.repeat(1201) } } })).rejects.toMatchObject({
      param: 'custom_text[submit][message]',
    });
  });
});

test('terms must be accepted; the wish for news and the shop’s words are kept', async () => {
  const session = await open({
    consent_collection: { terms_of_service: 'required', promotions: 'auto' },
    custom_text: { submit: { message: 'Made to <order>.' }, after_submit: { message: 'Ships on Monday.' } },
    submit_type: 'donate',
  });
  const page = await visit(world.sandbox, `/c/${session.id}`);
  for (const words of ['Made to &lt;order&gt;.', 'Ships on Monday.', 'Donate €12.00', 'I agree to the terms of service of Acme.'])
    expect(page.html).toContain(words);
  expect((await pay(session)).html).toContain('Accept the terms of service to go on.');
  await pay(session, { terms: 'yes', promotions: 'yes' });
  expect((await reload(session)).consent).toEqual({ terms_of_service: 'accepted', promotions: 'opt_in' });
});

test('a business gives its name and tax id; the customer gets both, once', async () => {
  const session = await open({ customer_creation: 'always', tax_id_collection: { enabled: true } });
  const business = { ...address('billing'), business_name: 'Roe GmbH', tax_id_type: 'eu_vat' };
  expect((await pay(session, { ...address('billing'), tax_id: 'DE123456789', tax_id_type: 'eu_vat' })).html).toContain(
    'Enter the name of your business.',
  );
  expect((await pay(session, { ...business, tax_id: '12' })).html).toContain('This tax ID is not valid.');
  await pay(session, { ...business, tax_id: 'DE123456789', card_number: '4000000000009995' });
  await pay(session, { ...business, tax_id: 'DE123456789' });
  const done = await reload(session);
  expect(done.customer_details).toMatchObject({ business_name: 'Roe GmbH', tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] });
  expect((await stripe.customers.retrieve(done.customer as string)) as Stripe.Customer).toMatchObject({
    name: 'Roe GmbH',
    business_name: 'Roe GmbH',
  });
  expect((await stripe.customers.listTaxIds(done.customer as string)).data.map((one) => one.value)).toEqual(['DE123456789']);

  const known = await stripe.customers.create({ email: 'x@example.com' });
  await expect(open({ customer: known.id, tax_id_collection: { enabled: true } })).rejects.toThrow(
    'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
  );
  await expect(open({ customer: known.id, tax_id_collection: { enabled: true }, customer_update: { name: 'auto' } })).rejects.toThrow(
    'We could not find a valid address on the provided customer. To enable tax ID collection, please set customer_update[address] to auto.',
  );
  await expect(open({ customer_update: { name: 'auto' } })).rejects.toMatchObject({ param: 'customer_update' });
});

test('names of person and business', async () => {
  const session = await open({
    customer_creation: 'always',
    name_collection: { individual: { enabled: true }, business: { enabled: true, optional: true } },
  });
  expect((await pay(session)).html).toContain('Enter your name.');
  await pay(session, { individual_name: 'Jane Q. Roe' });
  const done = await reload(session);
  expect(done.collected_information).toMatchObject({ individual_name: 'Jane Q. Roe', business_name: null });
  expect((await stripe.customers.retrieve(done.customer as string)) as Stripe.Customer).toMatchObject({
    name: 'Jane Q. Roe',
    individual_name: 'Jane Q. Roe',
  });
});

describe('saved cards', () => {
  test('a card is saved when the buyer says so, and shown by its filter; it can be removed', async () => {
    const session = await open({ saved_payment_method_options: { payment_method_save: 'enabled' } });
    await pay(session, { save: 'yes' });
    const { customer } = await reload(session);
    const [card] = (await stripe.customers.listPaymentMethods(customer as string)).data;
    expect(card!.allow_redisplay).toBe('always');
    await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer as string });
    const next = await open({
      customer: customer as string,
      saved_payment_method_options: { allow_redisplay_filters: ['always'], payment_method_remove: 'enabled' },
    });
    const page = await visit(world.sandbox, `/c/${next.id}`);
    expect([page.html.includes('Visa •••• 4242'), page.html.includes('Mastercard •••• 4444,')]).toEqual([true, false]);
    await submit(world.sandbox, `/c/${next.id}`, { remove: card!.id }, `/c/${next.id}/cards`);
    expect((await stripe.customers.listPaymentMethods(customer as string)).data.map((one) => one.card?.last4)).toEqual(['4444']);
  });

  test('without the buyer’s word nothing is saved, and no customer is made', async () => {
    const session = await open({ saved_payment_method_options: { payment_method_save: 'enabled' } });
    await pay(session);
    expect((await reload(session)).customer).toBeNull();
  });
});

test('3D Secure is asked for when the session wants it', async () => {
  const session = await open({ payment_method_options: { card: { request_three_d_secure: 'any' } } });
  expect(session.payment_method_options).toEqual({ card: { request_three_d_secure: 'any' } });
  expect(new URL((await pay(session)).location!).pathname).toMatch(/^\/3ds\/pi_/);
});

test('what has no behaviour here is refused by name; what belongs to another mode too', async () => {
  const refused = async (more: Stripe.Checkout.SessionCreateParams, param: string) =>
    expect(open(more)).rejects.toMatchObject({ code: 'sandbox_not_emulated', param });
  await refused({ allowed_payment_method_types: ['klarna'] }, 'allowed_payment_method_types');
  await refused({ adaptive_pricing: { enabled: true } }, 'adaptive_pricing');
  await refused({ payment_method_options: { card: { installments: { enabled: true } } } }, 'payment_method_options[card][installments]');
  await refused({ payment_method_options: { paypal: { capture_method: 'manual' } } }, 'payment_method_options[paypal]');
  await refused({ ui_mode: 'embedded_page' }, 'ui_mode');
  await refused({ branding_settings: { display_name: 'X' } }, 'branding_settings');
  await expect(open({ payment_method_collection: 'if_required' })).rejects.toMatchObject({ param: 'payment_method_collection' });
  await expect(open({ submit_type: 'subscribe' })).rejects.toMatchObject({ param: 'submit_type' });
  await expect(open({ custom_text: { shipping_address: { message: 'x' } } })).rejects.toMatchObject({
    param: 'custom_text[shipping_address]',
  });
});
