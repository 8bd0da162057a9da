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
  await expect(create({ automatic_tax: { enabled: true } })).rejects.toMatchObject({
    code: 'sandbox_not_emulated',
    param: 'automatic_tax',
  });
  const link = await create({});
  await expect(stripe.paymentLinks.update(link.id, { line_items: [{ id: 'li_none', quantity: 1 }] })).rejects.toMatchObject({
    code: 'resource_missing',
  });
  expect((await visit(world.sandbox, '/a/test_none')).status).toBe(404);
});
