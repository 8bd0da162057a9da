import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function start(now = '2026-01-31T12:00:00Z') {
  world = await openWorld({ now });
  const customer = await world.customer();
  await world.fresh();
  return { stripe: world.stripe, customer };
}

const totals = async (subscription: string) =>
  (await world.stripe.invoices.list({ subscription, limit: 20 })).data.map((invoice) => invoice.total).reverse();

test('three months off, from 31 January: ends at the very second of 30 April, so the renewal of that day pays in full', async () => {
  const { stripe, customer } = await start();
  const price = await world.price(1000);
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'repeating', duration_in_months: 3 });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    discounts: [{ coupon: coupon.id }],
    expand: ['discounts'],
  });
  const [discount] = subscription.discounts as Stripe.Discount[];
  expect(discount).toMatchObject({
    start: at('2026-01-31T12:00:00Z'),
    end: at('2026-04-30T12:00:00Z'),
    subscription: subscription.id,
    customer: customer.id,
    source: { type: 'coupon', coupon: coupon.id },
  });
  await world.to('2026-06-01');
  expect(await totals(subscription.id)).toEqual([750, 750, 750, 1000, 1000]);
  expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);
});

test('once on an item, for ever on the subscription, and an amount on one invoice: each where it belongs', async () => {
  const { stripe, customer } = await start('2026-01-01');
  const price = await world.price(1000);
  const other = await world.price(500, {}, 'Seats');
  const [once, forever, five] = [
    await stripe.coupons.create({ percent_off: 50, duration: 'once' }),
    await stripe.coupons.create({ percent_off: 10, duration: 'forever' }),
    await stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' }),
  ];
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id, discounts: [{ coupon: once.id }] }, { price: other.id }],
    discounts: [{ coupon: forever.id }],
    expand: ['latest_invoice.lines.data.discounts'],
  });
  const first = subscription.latest_invoice as Stripe.Invoice;
  // (1000 − 500 + 500) − 10 %
  expect(first.total).toBe(900);
  expect((first.lines.data[0]!.discounts[0] as Stripe.Discount).subscription_item).toBe(subscription.items.data[0]!.id);
  await world.to('2026-02-01T00:30:00Z');
  const draft = (await stripe.subscriptions.retrieve(subscription.id)).latest_invoice as string;
  const kept = (await stripe.invoices.retrieve(draft)).discounts as string[];
  await stripe.invoices.update(draft, { discounts: [...kept.map((discount) => ({ discount })), { coupon: five.id }] });
  await world.to('2026-03-01T02:00:00Z');
  const all = (await stripe.invoices.list({ subscription: subscription.id, expand: ['data.discounts'] })).data.reverse();
  // 1500 − 150 − 500, then only 10 % again.
  expect(all.map((invoice) => invoice.total)).toEqual([900, 850, 1350]);
  const onInvoice = (all[1]!.discounts as Stripe.Discount[]).find((discount) => discount.source.coupon === five.id);
  expect(onInvoice).toMatchObject({ invoice: draft, subscription: null });
});

test('a discount of an invoice item names it', async () => {
  const { stripe, customer } = await start();
  const coupon = await stripe.coupons.create({ percent_off: 20 });
  const item = await stripe.invoiceItems.create({
    customer: customer.id,
    amount: 1000,
    currency: 'usd',
    discounts: [{ coupon: coupon.id }],
    expand: ['discounts'],
  });
  expect((item.discounts as Stripe.Discount[])[0]).toMatchObject({ invoice_item: item.id, invoice: null });
  const invoice = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
  expect(invoice).toMatchObject({ subtotal: 1000, total: 800 });
});

test('the last redemptions go to whoever comes first; nobody gets one too many', async () => {
  const { stripe } = await start();
  const coupon = await stripe.coupons.create({ percent_off: 10, max_redemptions: 3 });
  const price = await world.price(1000);
  const customers = await Promise.all(Array.from({ length: 6 }, () => world.customer()));
  const results = await Promise.allSettled(
    customers.map((customer) =>
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], discounts: [{ coupon: coupon.id }] }),
    ),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
  expect(await stripe.coupons.retrieve(coupon.id)).toMatchObject({ times_redeemed: 3, valid: false });
  const refused = results.find((result) => result.status === 'rejected')!;
  expect(refused.reason).toMatchObject({ statusCode: 400, code: 'coupon_expired', param: 'discounts[0][coupon]' });
});

test('redeem_by counts by the clock; discounts given before stay', async () => {
  const { stripe, customer } = await start('2026-01-01');
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever', redeem_by: at('2026-01-15') });
  const price = await world.price(1000);
  const items = [{ price: price.id }];
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items, discounts: [{ coupon: coupon.id }] });
  await world.to('2026-01-20');
  const late = await refusal(
    stripe.subscriptions.create({ customer: (await world.customer()).id, items, discounts: [{ coupon: coupon.id }] }),
  );
  expect(late.code).toBe('coupon_expired');
  await stripe.coupons.del(coupon.id);
  await world.to('2026-02-02');
  expect(await totals(id)).toEqual([900, 900]);
});

test('an amount off counts in its own currency and its options, and is refused elsewhere', async () => {
  const { stripe, customer } = await start();
  const coupon = await stripe.coupons.create({
    amount_off: 500,
    currency: 'usd',
    currency_options: { eur: { amount_off: 450 } },
    duration: 'forever',
  });
  const invoiceIn = async (currency: string) => {
    await stripe.invoiceItems.create({ customer: customer.id, amount: 1000, currency });
    const discounts = [{ coupon: coupon.id }];
    return stripe.invoices.create({ customer: customer.id, currency, pending_invoice_items_behavior: 'include', discounts });
  };
  expect((await invoiceIn('usd')).total).toBe(500);
  expect((await invoiceIn('eur')).total).toBe(550);
  expect((await refusal(invoiceIn('gbp'))).param).toBe('discounts[0][coupon]');
});

test('codes for first orders and for a minimum', async () => {
  const { stripe, customer } = await start();
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
  const promotion = { type: 'coupon', coupon: coupon.id } as const;
  const first = await stripe.promotionCodes.create({ promotion, code: 'FIRST', restrictions: { first_time_transaction: true } });
  const big = await stripe.promotionCodes.create({
    promotion,
    code: 'BIG',
    restrictions: { minimum_amount: 2000, minimum_amount_currency: 'usd', currency_options: { eur: { minimum_amount: 1800 } } },
  });
  const price = await world.price(1999);
  const subscribe = (code: string, quantity: number) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id, quantity }], discounts: [{ promotion_code: code }] });
  const small = await refusal(subscribe(big.id, 1));
  expect([small.statusCode, small.param]).toEqual([400, 'discounts[0][promotion_code]']);
  expect(small.message).toContain('below its minimum');
  await subscribe(first.id, 1);
  const second = await refusal(subscribe(first.id, 1));
  expect(second.message).toContain('prior transactions');
  await subscribe(big.id, 2);
  expect((await stripe.promotionCodes.retrieve(big.id)).times_redeemed).toBe(1);
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(2);
  const draft = await stripe.invoices.create({ customer: customer.id, currency: 'eur' });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1700, currency: 'eur' });
  const add = () => stripe.invoices.update(draft.id, { discounts: [{ promotion_code: big.id }] });
  expect((await refusal(add())).message).toContain('below its minimum');
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 100, currency: 'eur' });
  expect((await add()).total).toBe(900);
});

test('a code of one customer is nobody else’s, and codes are letters and digits', async () => {
  const { stripe, customer } = await start();
  const coupon = await stripe.coupons.create({ percent_off: 50 });
  const promotion = { type: 'coupon', coupon: coupon.id } as const;
  const mine = await stripe.promotionCodes.create({ promotion, code: 'MINE', customer: customer.id, max_redemptions: 1 });
  const other = await world.customer();
  const invoice = (of: string) => stripe.invoices.create({ customer: of, discounts: [{ promotion_code: mine.id }] });
  expect((await refusal(invoice(other.id))).param).toBe('discounts[0][promotion_code]');
  await invoice(customer.id);
  expect((await stripe.promotionCodes.retrieve(mine.id)).active).toBe(false);
  expect((await refusal(invoice(customer.id))).param).toBe('discounts[0][promotion_code]');
  // The same spelling for another customer is another code; for everybody it is taken while one is active.
  await stripe.promotionCodes.create({ promotion, code: 'mine', customer: other.id });
  expect((await refusal(stripe.promotionCodes.create({ promotion, code: 'Mine' }))).code).toBe('resource_already_exists');
  expect((await refusal(stripe.promotionCodes.create({ promotion, code: 'no way!' }))).param).toBe('code');
});

test('only some products are discounted, spread to the cent', async () => {
  const { stripe, customer } = await start();
  const [book, bag] = [await stripe.products.create({ name: 'Book' }), await stripe.products.create({ name: 'Bag' })];
  const priceOf = (product: string, unit_amount: number) => stripe.prices.create({ currency: 'usd', unit_amount, product });
  const coupon = await stripe.coupons.create({ amount_off: 1000, currency: 'usd', applies_to: { products: [book.id] } });
  const draft = await stripe.invoices.create({ customer: customer.id, discounts: [{ coupon: coupon.id }] });
  for (const [product, amount] of [
    [book.id, 333],
    [bag.id, 5000],
    [book.id, 1667],
  ] as const) {
    const price = await priceOf(product, amount);
    await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, pricing: { price: price.id } });
  }
  const invoice = await stripe.invoices.retrieve(draft.id);
  expect(invoice.total).toBe(6000);
  expect(invoice.lines.data.map((line) => (line.discount_amounts ?? []).map((part) => part.amount))).toEqual([[167], [], [833]]);
});
