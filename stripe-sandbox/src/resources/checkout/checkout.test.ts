import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

const URLS = { success_url: 'http://shop.test/thanks?session={CHECKOUT_SESSION_ID}', cancel_url: 'http://shop.test/cart' };
const JANE = { email: 'jane@example.com', name: 'Jane Roe', card_expiry: '12 / 34', card_cvc: '123', action: 'pay' };
const VISA = { ...JANE, card_number: '4242 4242 4242 4242' };

let world: TestSandbox;
let stripe: Stripe;
let monthly: Stripe.Price;
let once: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const product = await stripe.products.create({ name: 'Team plan' });
  monthly = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2500, recurring: { interval: 'month' } });
  const mug = await stripe.products.create({ name: 'Mug' });
  once = await stripe.prices.create({ product: mug.id, currency: 'usd', unit_amount: 1200 });
});
afterEach(() => world.close());

const pathOf = (session: { id: string }) => `/c/${session.id}`;
const pay = (session: { id: string }, fields: Record<string, string> = VISA) => submit(world.sandbox, pathOf(session), fields);
const reload = (session: { id: string }) => stripe.checkout.sessions.retrieve(session.id);

const subscriptionSession = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({ mode: 'subscription', line_items: [{ price: monthly.id, quantity: 2 }], ...URLS, ...more });
const paymentSession = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ price: once.id, quantity: 1 }], ...URLS, ...more });

describe('subscription mode', () => {
  test('2026-03-01: two seats are bought; customer, subscription, paid invoice and the completed event follow', async () => {
    const session = await subscriptionSession({ client_reference_id: 'order-7', metadata: { a: 'b' } });
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 5000, currency: 'usd', customer: null });
    expect(session.url).toBe(`http://127.0.0.1:12111/c/${session.id}`);

    const answer = await pay(session);
    expect([answer.status, answer.location]).toEqual([303, `/c/${session.id}/done`]);
    const done = await visit(world.sandbox, answer.location!);
    expect(done.headers.get('refresh')).toBe(`0; url=http://shop.test/thanks?session=${session.id}`);

    const complete = await reload(session);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, client_reference_id: 'order-7' });
    expect(complete.customer_details).toMatchObject({ email: 'jane@example.com', name: 'Jane Roe' });
    const subscription = await stripe.subscriptions.retrieve(complete.subscription as string);
    expect(subscription).toMatchObject({ status: 'active', customer: complete.customer, latest_invoice: complete.invoice });
    const invoice = await stripe.invoices.retrieve(complete.invoice as string);
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: 5000 });
    expect(subscription.default_payment_method).toMatch(/^pm_/);
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'checkout.session.completed')).toHaveLength(1);
    expect(types.indexOf('customer.subscription.created')).toBeLessThan(types.indexOf('customer.subscription.updated'));
  });

  test('prices given in line, recurring and one-time; one archived meanwhile: what was agreed is sold', async () => {
    const data = (name: string, unit_amount: number) => ({ currency: 'usd', unit_amount, product_data: { name } });
    const line_items = [
      { quantity: 2, price_data: { ...data('Seat', 900), recurring: { interval: 'month' as const } } },
      { quantity: 1, price_data: data('Setup', 5000) },
      { quantity: 1, price: monthly.id },
    ];
    const session = await subscriptionSession({ line_items });
    expect(session.amount_total).toBe(9300);
    await stripe.prices.update(monthly.id, { active: false });
    await pay(session);
    const complete = await reload(session);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'paid', amount_total: 9300 });
    const subscription = await stripe.subscriptions.retrieve(complete.subscription as string);
    expect(subscription.items.data.map((item) => [item.price.unit_amount, item.quantity, item.price.active])).toEqual([
      [900, 2, false],
      [2500, 1, false],
    ]);
    expect(await stripe.invoices.retrieve(complete.invoice as string)).toMatchObject({ status: 'paid', total: 9300 });
    await world.advance('2026-04-01T11:00:00Z');
    const [renewal] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
    expect(renewal).toMatchObject({ billing_reason: 'subscription_cycle', status: 'paid', total: 4300 });
  });

  test('a declined card is shown, the page stays, and the next card pays the same subscription', async () => {
    const session = await subscriptionSession();
    const declined = await pay(session, { ...JANE, card_number: '4000000000009995' });
    expect(declined.status).toBe(402);
    expect(declined.html).toContain('insufficient funds');
    expect((await reload(session)).status).toBe('open');

    await pay(session);
    const complete = await reload(session);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'paid' });
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toHaveLength(1);
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  test('a trial asks for the card, charges nothing and starts trialing with the card kept', async () => {
    const session = await subscriptionSession({ subscription_data: { trial_period_days: 14, metadata: { plan: 'team' } } });
    expect(session.amount_total).toBe(0);
    expect((await visit(world.sandbox, pathOf(session))).html).toContain('14 days free, then $50.00 every month');
    await pay(session);
    const complete = await reload(session);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'no_payment_required' });
    const subscription = await stripe.subscriptions.retrieve(complete.subscription as string);
    expect(subscription).toMatchObject({ status: 'trialing', metadata: { plan: 'team' } });
    expect(subscription.default_payment_method).toMatch(/^pm_/);
    await world.advance('2026-03-15T11:00:00Z');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    expect((await stripe.charges.list()).data.map((charge) => charge.amount)).toEqual([5000]);
  });

  test('a given customer pays with the saved card; coupon, one-time line and tax are on the invoice', async () => {
    const customer = await stripe.customers.create({ email: 'old@example.com', name: 'Old', payment_method: 'pm_card_visa' });
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer: customer.id,
      line_items: [
        { price: monthly.id, quantity: 1, tax_rates: [vat.id] },
        { price: once.id, quantity: 1 },
      ],
      discounts: [{ coupon: coupon.id }],
      ...URLS,
    });
    expect(session).toMatchObject({ amount_subtotal: 3700, amount_total: 1975, total_details: { amount_discount: 1850, amount_tax: 125 } });
    const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
    await pay(session, { ...JANE, method: card!.id });
    const complete = await reload(session);
    const invoice = await stripe.invoices.retrieve(complete.invoice as string);
    expect([invoice.total, invoice.status]).toEqual([1975, 'paid']);
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ email: 'old@example.com', name: 'Old' });
  });
});

describe('payment mode', () => {
  test('a guest pays once; the session knows the payment and no customer', async () => {
    const session = await paymentSession({ payment_intent_data: { description: 'A mug', metadata: { sku: 'm1' } } });
    await pay(session);
    const complete = await reload(session);
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'paid', customer: null, amount_total: 1200 });
    const intent = await stripe.paymentIntents.retrieve(complete.payment_intent as string);
    expect(intent).toMatchObject({ status: 'succeeded', amount: 1200, description: 'A mug', metadata: { sku: 'm1' } });
    expect((await stripe.checkout.sessions.list({ payment_intent: intent.id })).data.map((one) => one.id)).toEqual([session.id]);
  });

  test('a card that asks the bank goes to its page and comes back paid, or back to the form', async () => {
    const session = await paymentSession({ customer_creation: 'always' });
    const asked = await pay(session, { ...JANE, card_number: '4000002760003184' });
    const bank = new URL(asked.location!);
    expect(bank.pathname).toMatch(/^\/3ds\/pi_/);
    const failed = await submit(world.sandbox, bank.href, { decision: 'fail' });
    const back = await visit(world.sandbox, failed.location!);
    expect(back.html).toContain('We are unable to authenticate your payment method');
    const again = await pay(session, { ...JANE, card_number: '4000002760003184' });
    const ok = await submit(world.sandbox, again.location!, { decision: 'complete' });
    expect((await visit(world.sandbox, ok.location!)).location).toBe(`/c/${session.id}/done`);
    expect(await reload(session)).toMatchObject({ status: 'complete', payment_status: 'paid', customer: expect.stringMatching(/^cus_/) });
  });

  test('a typed promotion code lowers the price and is counted; a wrong one is refused', async () => {
    const coupon = await stripe.coupons.create({ amount_off: 200, currency: 'usd', duration: 'once' });
    const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING' });
    const session = await paymentSession({ allow_promotion_codes: true });
    const wrong = await submit(world.sandbox, pathOf(session), { promotion: 'apply', code: 'nope' }, `${pathOf(session)}/promotion`);
    expect([wrong.status, wrong.html.includes('This code is not valid.')]).toEqual([422, true]);
    await submit(world.sandbox, pathOf(session), { promotion: 'apply', code: 'spring' }, `${pathOf(session)}/promotion`);
    expect(await reload(session)).toMatchObject({ amount_total: 1000, discounts: [{ coupon: coupon.id, promotion_code: code.id }] });
    await pay(session);
    expect((await stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1);
    expect((await stripe.charges.list()).data[0]!.amount).toBe(1000);
  });

  test('a code with a minimum waits for a cart that reaches it, and goes when it no longer does', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'BIG',
      restrictions: { minimum_amount: 2400, minimum_amount_currency: 'usd' },
    });
    const line_items = [{ price: once.id, quantity: 1, adjustable_quantity: { enabled: true } }];
    const session = await paymentSession({ allow_promotion_codes: true, line_items });
    const apply = () => submit(world.sandbox, pathOf(session), { promotion: 'apply', code: 'big' }, `${pathOf(session)}/promotion`);
    const item = (await stripe.checkout.sessions.listLineItems(session.id)).data[0]!.id;
    const buy = (quantity: string) => submit(world.sandbox, pathOf(session), { item, quantity }, `${pathOf(session)}/cart`);
    const early = await apply();
    expect([early.status, early.html.includes('This code is not valid.')]).toEqual([422, true]);
    await buy('2');
    expect((await apply()).status).toBe(303);
    expect(await reload(session)).toMatchObject({ amount_subtotal: 2400, amount_total: 1800, discounts: [{ promotion_code: code.id }] });
    await buy('1');
    expect(await reload(session)).toMatchObject({ amount_total: 1200, discounts: [], total_details: { amount_discount: 0 } });
    const euros = await stripe.prices.create({ product: once.product as string, currency: 'eur', unit_amount: 9900 });
    const abroad = await paymentSession({ allow_promotion_codes: true, line_items: [{ price: euros.id, quantity: 1 }] });
    const refused = await submit(world.sandbox, pathOf(abroad), { promotion: 'apply', code: 'big' }, `${pathOf(abroad)}/promotion`);
    expect(refused.status).toBe(422);
  });

  test('a slow payment completes unpaid and is told later', async () => {
    const session = await paymentSession({
      customer_creation: 'always',
      expires_at: Math.floor(Date.parse('2026-03-01T12:00:00Z') / 1000),
    });
    const customer = await stripe.customers.create({ email: 'slow@example.com' });
    const slow = await paymentSession({ customer: customer.id });
    // biome-ignore lint/suspicious/noThenProperty: the control API's own word
    const outcome = { kind: 'processing' as const, seconds: 3600, then: 'succeed' as const };
    await world.sandbox.control.outcome({ account: world.account, customer: customer.id, outcome });
    await pay(slow);
    expect(await reload(slow)).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    await world.advance('2026-03-01T10:30:00Z');
    expect((await reload(slow)).payment_status).toBe('paid');
    expect(await world.eventTypes(slow.id)).toEqual(['checkout.session.completed', 'checkout.session.async_payment_succeeded']);
    expect((await reload(session)).status).toBe('open');
  });

  test('a card of the real world is declined and its number is nowhere', async () => {
    const session = await paymentSession();
    const answer = await pay(session, { ...JANE, card_number: '4111 1111 1111 1111' });
    expect(answer.status).toBe(402);
    expect(answer.html).not.toContain('1111');
    const dump = JSON.stringify(await world.sandbox.control.snapshot());
    expect(dump).not.toContain('1111 1111');
    expect(dump).not.toContain('411111');
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
  });
});

test('setup mode saves the card to the customer', async () => {
  const customer = await stripe.customers.create({ email: 'jane@example.com' });
  const session = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', customer: customer.id, ...URLS });
  expect(session).toMatchObject({ amount_total: null, payment_status: 'no_payment_required' });
  await pay(session);
  const complete = await reload(session);
  expect(complete.status).toBe('complete');
  const intent = await stripe.setupIntents.retrieve(complete.setup_intent as string);
  expect(intent.status).toBe('succeeded');
  expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((one) => one.id)).toEqual([intent.payment_method]);
});

test('line items are listed and expanded; inline prices make inactive products', async () => {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 3, price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'Sticker' } } }],
    expand: ['line_items'],
    ...URLS,
  });
  expect(session.line_items?.data).toMatchObject([{ description: 'Sticker', quantity: 3, amount_total: 1500, currency: 'eur' }]);
  const listed = await stripe.checkout.sessions.listLineItems(session.id);
  expect(listed.data.map((item) => item.id)).toEqual(session.line_items?.data.map((item) => item.id));
});

test('a session expires after 24 hours, or when asked; its page says so', async () => {
  const session = await paymentSession();
  const other = await paymentSession();
  expect(await stripe.checkout.sessions.expire(other.id)).toMatchObject({ status: 'expired', url: null });
  await expect(stripe.checkout.sessions.expire(other.id)).rejects.toThrow(/Only Checkout Sessions with a status in \["open"\]/);
  await world.advance('2026-03-02T09:00:00Z');
  expect((await reload(session)).status).toBe('expired');
  expect(await world.eventTypes(session.id)).toEqual(['checkout.session.expired']);
  const shown = await visit(world.sandbox, pathOf(session));
  expect([shown.status, shown.html.includes('This checkout has expired')]).toEqual([410, true]);
  expect((await pay(session)).status).toBe(410);
});

test('what does not fit is refused in Stripe’s words', async () => {
  const create = (params: Stripe.Checkout.SessionCreateParams) => stripe.checkout.sessions.create({ ...URLS, ...params });
  const line_items = [{ price: monthly.id, quantity: 1 }];
  await expect(create({ mode: 'payment', line_items })).rejects.toThrow(/You specified `payment` mode but passed a recurring price/);
  await expect(create({ mode: 'subscription', line_items: [{ price: once.id, quantity: 1 }] })).rejects.toThrow(
    /at least one recurring price/,
  );
  await expect(create({ mode: 'payment', line_items: [{ price: 'price_none', quantity: 1 }] })).rejects.toMatchObject({
    code: 'resource_missing',
  });
  await expect(create({ mode: 'subscription', line_items, success_url: 'javascript:alert(1)' })).rejects.toMatchObject({
    code: 'url_invalid',
  });
  await expect(create({ mode: 'subscription', line_items, ui_mode: 'elements' })).rejects.toMatchObject({ code: 'sandbox_not_emulated' });
  await expect(create({ mode: 'subscription', line_items, expires_at: 1 })).rejects.toThrow(/at least 30 minutes/);
});

test('the page after paying waits until endpoints have answered checkout.session.completed', async () => {
  const answers: (() => void)[] = [];
  const held = await startSandbox({
    deliver: () => new Promise((resolve) => answers.push(() => resolve({ status: 200, body: '' }))),
  });
  await held.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['checkout.session.completed'] });
  const data = { currency: 'usd', unit_amount: 900, product_data: { name: 'Pen' } };
  const session = await held.stripe.checkout.sessions.create({ mode: 'payment', line_items: [{ quantity: 1, price_data: data }], ...URLS });
  const paid = await submit(held.sandbox, pathOf(session), VISA);
  let shown = false;
  const waiting = visit(held.sandbox, paid.location!).then((answer) => {
    shown = true;
    return answer;
  });
  await expect.poll(() => answers.length).toBe(1);
  expect(shown).toBe(false);
  answers[0]!();
  expect((await waiting).headers.get('refresh')).toContain(session.id);
  await held.close();
});
