import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

async function firstInvoice(params: Omit<Stripe.SubscriptionCreateParams, 'customer'>): Promise<Stripe.Invoice> {
  const customer = await world.customer();
  const subscription = await world.stripe.subscriptions.create({ customer: customer.id, ...params, expand: ['latest_invoice'] });
  return subscription.latest_invoice as Stripe.Invoice;
}

test('graduated and volume tiers, packages and fractions of a cent on an invoice', async () => {
  world = await openWorld();
  const tiers = [
    { up_to: 5, unit_amount: 700 },
    { up_to: 'inf' as const, unit_amount: 600, flat_amount: 1000 },
  ];
  const graduated = await world.price(
    0,
    { unit_amount: undefined as never, billing_scheme: 'tiered', tiers_mode: 'graduated', tiers },
    'Seats',
  );
  const lines = (await firstInvoice({ items: [{ price: graduated.id, quantity: 7 }] })).lines.data;
  expect(lines.map((line) => [line.amount, line.description])).toEqual([
    [3500, '5 × Seats (Tier 1 at $7.00 / month)'],
    [1200, '2 × Seats (Tier 2 at $6.00 / month)'],
    [1000, 'Seats (Tier 2 at $10.00 / month)'],
  ]);
  const volume = await world.price(0, { unit_amount: undefined as never, billing_scheme: 'tiered', tiers_mode: 'volume', tiers }, 'Volume');
  expect((await firstInvoice({ items: [{ price: volume.id, quantity: 7 }] })).total).toBe(7 * 600 + 1000);
  const packages = await world.price(500, { transform_quantity: { divide_by: 1000, round: 'up' } }, 'Calls');
  expect((await firstInvoice({ items: [{ price: packages.id, quantity: 1001 }] })).total).toBe(1000);
  const fine = await world.stripe.prices.create({
    currency: 'usd',
    unit_amount_decimal: '0.0525' as never,
    recurring: { interval: 'month' },
    product_data: { name: 'Event' },
  });
  expect((await firstInvoice({ items: [{ price: fine.id, quantity: 10_000 }] })).total).toBe(525);
});

test('another currency of a price, and none it does not have', async () => {
  world = await openWorld();
  const price = await world.price(2000, { currency_options: { eur: { unit_amount: 1800 } } });
  expect(await firstInvoice({ items: [{ price: price.id }], currency: 'eur' })).toMatchObject({ currency: 'eur', total: 1800 });
  const customer = await world.customer();
  const error = await refusal(world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], currency: 'gbp' }));
  expect([error.statusCode, error.param]).toEqual([400, 'items[0][price]']);
});

test('a price given in line, several items, one-time extras', async () => {
  world = await openWorld();
  const product = await world.stripe.products.create({ name: 'Custom' });
  const setup = await world.stripe.prices.create({ currency: 'usd', unit_amount: 5000, product_data: { name: 'Onboarding' } });
  const invoice = await firstInvoice({
    items: [
      { price_data: { currency: 'usd', product: product.id, unit_amount: 900, recurring: { interval: 'month' } }, quantity: 2 },
      { price: (await world.price(1000)).id },
    ],
    add_invoice_items: [{ price: setup.id }],
  });
  expect(invoice.lines.data.map((line) => [line.amount, line.description])).toEqual([
    [1800, '2 × Custom (at $9.00 / month)'],
    [1000, '1 × Pro (at $10.00 / month)'],
    [5000, 'Onboarding'],
  ]);
});

test('a promotion code, a coupon for one product only, a coupon used up', async () => {
  world = await openWorld();
  const { stripe } = world;
  const [pro, extra] = [await world.price(2000), await world.price(1000, {}, 'Extra')];
  const coupon = await stripe.coupons.create({
    percent_off: 50,
    duration: 'repeating',
    duration_in_months: 2,
    applies_to: { products: [pro.product as string] },
  });
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF', max_redemptions: 1 });
  const invoice = await firstInvoice({ items: [{ price: pro.id }, { price: extra.id }], discounts: [{ promotion_code: code.id }] });
  expect([invoice.subtotal, invoice.total]).toEqual([3000, 2000]);
  const customer = await world.customer();
  const again = await refusal(
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }], discounts: [{ promotion_code: code.id }] }),
  );
  expect(again.param).toBe('discounts[0][promotion_code]');
  const totals = async () => (await stripe.invoices.list({ customer: invoice.customer as string })).data.map((entry) => entry.total);
  await world.to('2026-03-02');
  expect(await totals()).toEqual([3000, 2000, 2000]);
});

test('changing the price keeps a discount in the proration', async () => {
  world = await openWorld();
  const { stripe } = world;
  const [pro, business] = [await world.price(5000), await world.price(10_000, {}, 'Business')];
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
  const customer = await world.customer();
  const { id, items } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
    discounts: [{ coupon: coupon.id }],
  });
  await world.to('2026-01-16');
  await stripe.subscriptions.update(id, { items: [{ id: items.data[0]!.id, price: business.id }] });
  const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
  // 80 % of 100.00 and of 50.00, 16 of 31 days.
  expect(pending.data.map((item) => item.amount)).toEqual([4129, -2065]);
});
