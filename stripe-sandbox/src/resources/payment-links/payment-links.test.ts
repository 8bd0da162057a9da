import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const VISA = {
  email: 'jane@example.com',
  name: 'Jane Roe',
  card_number: '4242 4242 4242 4242',
  card_expiry: '12 / 34',
  card_cvc: '123',
  action: 'pay',
};

let world: TestSandbox;
let stripe: Stripe;
let mug: Stripe.Price;
let seat: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const product = await stripe.products.create({ name: 'Mug' });
  mug = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1200 });
  seat = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2500, recurring: { interval: 'month' } });
});
afterEach(() => world.close());

const open = async (url: string): Promise<string> => (await visit(world.sandbox, url)).location!;
const sessionAt = (path: string) => stripe.checkout.sessions.retrieve(path.slice(3));

test('a link sells the same thing to everybody who opens it, and thanks by itself', async () => {
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: mug.id, quantity: 2 }],
    metadata: { campaign: 'spring' },
    after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'See you at the fair!' } },
  });
  expect(link).toMatchObject({
    active: true,
    currency: 'usd',
    customer_creation: 'if_required',
    submit_type: 'auto',
    metadata: { campaign: 'spring' },
  });
  expect(new URL(link.url).pathname).toMatch(/^\/a\/test_\w{18}$/);
  const [one, two] = [await open(link.url), await open(`${link.url}?prefilled_email=jane%40example.com&client_reference_id=visit_7`)];
  expect(one).not.toBe(two);
  expect(await sessionAt(two)).toMatchObject({
    payment_link: link.id,
    mode: 'payment',
    amount_total: 2400,
    customer_email: 'jane@example.com',
    client_reference_id: 'visit_7',
    metadata: { campaign: 'spring' },
    success_url: null,
  });
  const paid = await submit(world.sandbox, two, VISA);
  const thanks = await visit(world.sandbox, paid.location!);
  expect([thanks.html.includes('See you at the fair!'), thanks.headers.get('refresh')]).toEqual([true, null]);
  expect((await stripe.checkout.sessions.list({ payment_link: link.id })).data.map((session) => session.payment_status)).toEqual([
    'paid',
    'unpaid',
  ]);
  expect(await world.eventTypes(link.id)).toEqual(['payment_link.created']);
});

test('a subscription link leads on after paying; a promotion code in the address is taken along', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'once' });
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FAIR' });
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: seat.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 9 } }],
    allow_promotion_codes: true,
    subscription_data: { metadata: { via: 'link' } },
    after_completion: { type: 'redirect', redirect: { url: 'http://shop.test/hello?s={CHECKOUT_SESSION_ID}' } },
  });
  const path = await open(`${link.url}?prefilled_promo_code=fair`);
  expect(await sessionAt(path)).toMatchObject({ mode: 'subscription', amount_total: 2000 });
  const paid = await submit(world.sandbox, path, VISA);
  const done = await visit(world.sandbox, paid.location!);
  expect(done.headers.get('refresh')).toBe(`0; url=http://shop.test/hello?s=${path.slice(3)}`);
  const { subscription } = await sessionAt(path);
  expect(await stripe.subscriptions.retrieve(subscription as string)).toMatchObject({ status: 'active', metadata: { via: 'link' } });
  expect((await sessionAt(await open(`${link.url}?prefilled_promo_code=wrong`))).amount_total).toBe(2500);
  const half = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
  await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: half.id },
    code: 'BIG',
    restrictions: { minimum_amount: 2501, minimum_amount_currency: 'usd' },
  });
  expect((await sessionAt(await open(`${link.url}?prefilled_promo_code=big`))).amount_total).toBe(2500);
});

test('a link for one buyer is switched off after its sale', async () => {
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: mug.id, quantity: 1 }],
    restrictions: { completed_sessions: { limit: 1 } },
    inactive_message: 'Sold out.',
  });
  await submit(world.sandbox, await open(link.url), VISA);
  expect(await stripe.paymentLinks.retrieve(link.id)).toMatchObject({
    active: false,
    restrictions: { completed_sessions: { count: 1, limit: 1 } },
  });
  const late = await visit(world.sandbox, link.url);
  expect([late.status, late.html.includes('Sold out.')]).toEqual([410, true]);
  expect(await world.eventTypes(link.id)).toEqual(['payment_link.created', 'payment_link.updated']);
  await stripe.paymentLinks.update(link.id, { active: true, restrictions: '' });
  expect((await visit(world.sandbox, link.url)).status).toBe(303);
});

test('a link can ask everything Checkout can, and its sessions ask it', async () => {
  const extra = await stripe.prices.create({ product: mug.product as string, currency: 'usd', unit_amount: 300 });
  const rate = await stripe.shippingRates.create({ display_name: 'Post', fixed_amount: { amount: 500, currency: 'usd' } });
  const asks = {
    billing_address_collection: 'required' as const,
    consent_collection: { terms_of_service: 'required' as const, promotions: 'auto' as const },
    custom_fields: [
      { key: 'size', type: 'text' as const, label: { type: 'custom' as const, custom: 'Size' }, text: { maximum_length: 3 } },
      {
        key: 'glaze',
        type: 'dropdown' as const,
        label: { type: 'custom' as const, custom: 'Glaze' },
        dropdown: { options: [{ label: 'Blue', value: 'blue' }] },
      },
    ],
    custom_text: { submit: { message: 'By hand.' } },
    customer_creation: 'always' as const,
    name_collection: { individual: { enabled: true } },
    phone_number_collection: { enabled: true },
    shipping_address_collection: { allowed_countries: ['DE' as const] },
    submit_type: 'book' as const,
    tax_id_collection: { enabled: true },
  };
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: mug.id, quantity: 1 }],
    optional_items: [{ price: extra.id, quantity: 1 }],
    payment_intent_data: { description: 'A mug', metadata: { from: 'link' } },
    shipping_options: [{ shipping_rate: rate.id }],
    ...asks,
  });
  expect(link.shipping_options).toEqual([{ shipping_amount: 500, shipping_rate: rate.id }]);
  expect(link.custom_fields[0]!.text).toEqual({ default_value: null, maximum_length: 3, minimum_length: null });
  const path = await open(link.url);
  const session = await sessionAt(path);
  expect(session).toMatchObject({
    amount_total: 1700,
    billing_address_collection: 'required',
    consent_collection: { terms_of_service: 'required', promotions: 'auto' },
    optional_items: [{ price: extra.id, quantity: 1 }],
    phone_number_collection: { enabled: true },
    shipping_address_collection: { allowed_countries: ['DE'] },
    submit_type: 'book',
  });
  const { html } = await visit(world.sandbox, path);
  for (const words of ['Book for $17.00', 'By hand.', 'Size', 'Glaze', 'Full name', 'Tax ID', 'Shipping address'])
    expect(html).toContain(words);
  const home = {
    shipping_line1: 'Weg 1',
    shipping_city: 'Ulm',
    shipping_postal_code: '89073',
    shipping_country: 'DE',
    same_address: 'yes',
  };
  const answers = {
    custom_size: 'L',
    custom_glaze: 'blue',
    terms: 'yes',
    individual_name: 'Jane',
    phone: '+49 731 12345',
    shipping_name: 'Jane',
  };
  await submit(world.sandbox, path, { ...VISA, ...home, ...answers });
  const done = await sessionAt(path);
  expect(done).toMatchObject({ payment_status: 'paid', customer_details: { address: { city: 'Ulm' } } });
  expect(await stripe.paymentIntents.retrieve(done.payment_intent as string)).toMatchObject({
    description: 'A mug',
    metadata: { from: 'link' },
  });
});

test('what it asks can be changed; items are listed; prices in line become prices that stay', async () => {
  const link = await stripe.paymentLinks.create({
    line_items: [{ price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'Pen' } }, quantity: 1 }],
    phone_number_collection: { enabled: true },
    shipping_options: [],
  });
  const items = await stripe.paymentLinks.listLineItems(link.id);
  expect(items.data.map((item) => [item.description, item.quantity, item.price!.active])).toEqual([['Pen', 1, true]]);
  const changed = await stripe.paymentLinks.update(link.id, {
    line_items: [{ id: items.data[0]!.id, quantity: 3 }],
    custom_text: { submit: { message: 'Thank you' } },
    phone_number_collection: { enabled: false },
  });
  expect(changed).toMatchObject({ phone_number_collection: { enabled: false }, custom_text: { submit: { message: 'Thank you' } } });
  expect((await sessionAt(await open(link.url))).amount_total).toBe(2700);
  expect((await sessionAt(await open(link.url))).amount_total).toBe(2700);
  expect((await stripe.paymentLinks.list({ active: true })).data.map((one) => one.id)).toEqual([link.id]);
});

test('what does not fit is refused', async () => {
  const line_items = [{ price: mug.id, quantity: 1 }];
  const create = (more: Partial<Stripe.PaymentLinkCreateParams>) => stripe.paymentLinks.create({ line_items, ...more });
  await expect(create({ line_items: [] })).rejects.toMatchObject({ param: 'line_items' });
  await expect(create({ line_items: [{ price: 'price_none', quantity: 1 }] })).rejects.toMatchObject({ code: 'resource_missing' });
  await expect(create({ after_completion: { type: 'redirect', redirect: { url: 'javascript:alert(1)' } } })).rejects.toMatchObject({
    code: 'url_invalid',
  });
  await expect(create({ subscription_data: { trial_period_days: 3 } })).rejects.toMatchObject({ param: 'subscription_data' });
  await expect(create({ restrictions: { completed_sessions: { limit: 0 } } })).rejects.toMatchObject({
    param: 'restrictions[completed_sessions][limit]',
  });
  await expect(create({ payment_method_types: ['klarna'] })).rejects.toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'payment_method_types',
  });
  await expect(create({ transfer_data: { destination: 'acct_1' } })).rejects.toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'transfer_data',
  });
  const other = { enabled: true, liability: { type: 'account' as const, account: 'acct_1' } };
  await expect(create({ automatic_tax: other })).rejects.toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'automatic_tax[liability][type]',
  });
  const link = await create({});
  await expect(stripe.paymentLinks.update(link.id, { line_items: [{ id: 'li_none', quantity: 1 }] })).rejects.toMatchObject({
    code: 'resource_missing',
  });
  expect((await visit(world.sandbox, '/a/test_none')).status).toBe(404);
});
