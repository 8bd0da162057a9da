/** Purchases that do not go straight: two windows, expiry at the bank, declines before a free order, slow payments that fail. */
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const URLS = { success_url: 'http://shop.test/thanks', cancel_url: 'http://shop.test/cart' };
const ENTRY = { email: 'jane@example.com', name: 'Jane Roe', card_expiry: '12 / 34', card_cvc: '123', action: 'pay' };
const [GOOD, ASKS, POOR] = ['4242424242424242', '4000002760003184', '4000000000009995'];

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

const open = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price: mug.id, quantity: 1 }], ...URLS, ...more });
const pay = (session: { id: string }, card_number: string, more: Record<string, string> = {}) =>
  submit(world.sandbox, `/c/${session.id}`, { ...ENTRY, card_number, ...more });
const reload = (session: { id: string }) => stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });

test('the bank’s page of an old amount cannot pay a cart that was changed in another window', async () => {
  const session = await open({ line_items: [{ price: mug.id, quantity: 1, adjustable_quantity: { enabled: true } }] });
  const asked = await pay(session, ASKS);
  const [item] = (await reload(session)).line_items!.data;
  await submit(world.sandbox, `/c/${session.id}`, { item: item!.id, quantity: '3' }, `/c/${session.id}/cart`);
  expect((await visit(world.sandbox, asked.location!)).status).toBe(409);
  expect((await stripe.charges.list()).data).toEqual([]);
  const again = await pay(session, ASKS);
  await submit(world.sandbox, again.location!, { decision: 'complete' });
  expect(await reload(session)).toMatchObject({ payment_status: 'paid', amount_total: 3600 });
  expect((await stripe.charges.list()).data.map((charge) => charge.amount)).toEqual([3600]);
});

test('closing the bank’s page leaves everything open; it can be finished later', async () => {
  const session = await open();
  const asked = await pay(session, ASKS);
  const closed = await submit(world.sandbox, asked.location!, { decision: 'close' });
  const back = await visit(world.sandbox, closed.location!);
  expect([back.status, back.html.includes('Your bank was not asked to the end.')]).toEqual([402, true]);
  await pay(session, GOOD);
  expect((await reload(session)).payment_status).toBe('paid');
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test.each(['payment', 'subscription', 'setup'] as const)(
  'a %s session that expires while the bank is asked cannot be finished',
  async (mode) => {
    const lines = { payment: [{ price: mug.id, quantity: 1 }], subscription: [{ price: seat.id, quantity: 1 }], setup: undefined }[mode];
    const customer = await stripe.customers.create({ email: 'jane@example.com' });
    const session = await stripe.checkout.sessions.create({
      mode,
      customer: customer.id,
      ...URLS,
      ...(lines === undefined ? { currency: 'usd' } : { line_items: lines }),
    });
    const asked = await pay(session, ASKS);
    await stripe.checkout.sessions.expire(session.id);
    expect((await submit(world.sandbox, asked.location!, { decision: 'complete' })).status).toBe(409);
    expect((await reload(session)).status).toBe('expired');
    expect((await stripe.charges.list()).data).toEqual([]);
    expect((await stripe.subscriptions.list({ status: 'all' })).data.map((one) => one.status)).toEqual(
      mode === 'subscription' ? ['incomplete_expired'] : [],
    );
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  },
);

test('2026-03-02 08:30: a subscription begun 23 hours ago is over, and the next try begins a new one', async () => {
  const session = await open({ mode: 'subscription', line_items: [{ price: seat.id, quantity: 1 }] });
  await pay(session, POOR);
  await world.advance('2026-03-02T08:30:00Z');
  await pay(session, GOOD);
  const done = await reload(session);
  expect(done).toMatchObject({ status: 'complete', payment_status: 'paid' });
  const all = await stripe.subscriptions.list({ status: 'all' });
  expect(all.data.map((one) => one.status)).toEqual(['active', 'incomplete_expired']);
  expect(all.data[0]!.id).toBe(done.subscription);
});

test('a code that makes the purchase free after a decline leaves no payment behind', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: 'once' });
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FREE' });
  const session = await open({ allow_promotion_codes: true });
  await pay(session, POOR);
  await submit(world.sandbox, `/c/${session.id}`, { promotion: 'apply', code: 'free' }, `/c/${session.id}/promotion`);
  await pay(session, '');
  expect(await reload(session)).toMatchObject({ payment_status: 'no_payment_required', payment_intent: null, amount_total: 0 });
  expect((await stripe.paymentIntents.list()).data.map((one) => one.status)).toEqual(['canceled']);
});

test('2026-03-01 10:30: a slow payment fails after completion and is told so', async () => {
  const customer = await stripe.customers.create({ email: 'jane@example.com' });
  const session = await open({ customer: customer.id });
  // biome-ignore lint/suspicious/noThenProperty: the control API's own word
  const outcome = { kind: 'processing' as const, seconds: 3600, then: 'fail' as const };
  await world.sandbox.control.outcome({ account: world.account, customer: customer.id, outcome });
  const paid = await pay(session, GOOD);
  expect((await visit(world.sandbox, paid.location!)).html).toContain('Your payment is on its way.');
  await world.advance('2026-03-01T10:30:00Z');
  expect(await reload(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
  expect(await world.eventTypes(session.id)).toEqual(['checkout.session.completed', 'checkout.session.async_payment_failed']);
});

test('an e-mail that the shop knows cannot be changed on the page', async () => {
  const session = await open({ customer_email: 'known@example.com', customer_creation: 'always' });
  expect((await visit(world.sandbox, `/c/${session.id}`)).html).toMatch(/value="known@example.com"[^>]* readonly/);
  await pay(session, GOOD, { email: 'other@example.com' });
  const done = await reload(session);
  expect(done.customer_details!.email).toBe('known@example.com');
  expect(((await stripe.customers.retrieve(done.customer as string)) as Stripe.Customer).email).toBe('known@example.com');
});

test('a session completed in another window is over everywhere; a form of an old page changes nothing', async () => {
  const session = await open();
  await pay(session, GOOD);
  const late = await pay(session, GOOD);
  expect([late.status, late.html.includes('completed already')]).toEqual([200, true]);
  expect((await stripe.charges.list()).data).toHaveLength(1);
  const other = await open();
  const stale = await submit(world.sandbox, `/c/${other.id}`, { ...ENTRY, card_number: GOOD!, form_token: 'stale' });
  expect([stale.status, (await reload(other)).status]).toEqual([400, 'open']);
});
