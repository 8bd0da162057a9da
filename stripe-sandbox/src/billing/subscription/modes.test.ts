/** Classic and flexible billing [S 3.3 billing_mode; docs: billing-mode/compare]. */
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, iso, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

type Mode = 'classic' | 'flexible';
/** Half of January is left. */
const HALF = '2026-01-16T12:00:00Z';

/** 50.00 a month since 1 January. */
async function onFifty(mode: Mode, more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  world = await openWorld({ now: '2026-01-01' });
  const [fifty, hundred] = [await world.price(5000), await world.price(10_000, {}, 'Business')];
  const customer = await world.customer();
  const subscription = await world.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: fifty.id }],
    billing_mode: { type: mode },
    ...more,
  });
  await world.fresh();
  return { stripe: world.stripe, fifty, hundred, customer, subscription, item: subscription.items.data[0]!.id };
}
const pendingOf = async (customer: string) =>
  (await world.stripe.invoiceItems.list({ customer, pending: true })).data.map((item) => item.amount).reverse();

test.each([
  ['flexible', [-2500, 2500]],
  ['classic', [-5000, 2500]],
] as const)('[S 3.3] credit after an unbilled change, %s: by what was debited, or by the present price', async (mode, amounts) => {
  const { stripe, fifty, hundred, customer, subscription, item } = await onFifty(mode);
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: hundred.id }], proration_behavior: 'none' });
  await world.to(HALF);
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: fifty.id }] });
  expect(await pendingOf(customer.id)).toEqual(amounts);
});

test.each([
  ['flexible', [-1250, 1250, -1250, -1250, 5000]],
  ['classic', [-1250, 1250, -2500, 5000]],
] as const)('[S 3.3] time billed in two debits, %s: a credit for each, or one in all', async (mode, amounts) => {
  const { stripe, hundred, customer, subscription, item } = await onFifty(mode);
  await world.to(HALF);
  // The end moves to three quarters of the month and away again: the last quarter is debited a second time.
  await stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-01-24T06:00:00Z') });
  await stripe.subscriptions.update(subscription.id, { cancel_at: '' });
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: hundred.id }] });
  expect(await pendingOf(customer.id)).toEqual(amounts);
});

test.each([
  ['flexible', '2026-01-01', 2500],
  ['classic', '2026-01-16T12:00:00Z', 5000],
] as const)('[S 3.3] free → paid, %s: billed at once, anchor %s', async (mode, anchor, paid) => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [free, fifty, customer] = [await world.price(0, {}, 'Free'), await world.price(5000), await world.customer()];
  const start = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: free.id }], billing_mode: { type: mode } });
  await world.to(HALF);
  const changed = await stripe.subscriptions.update(start.id, {
    items: [{ id: start.items.data[0]!.id, price: fifty.id }],
    expand: ['latest_invoice'],
  });
  expect(iso(changed.billing_cycle_anchor)).toBe(anchor);
  expect(changed.latest_invoice).toMatchObject({ status: 'paid', amount_paid: paid, billing_reason: 'subscription_update' });
  expect(await pendingOf(customer.id)).toEqual([]);
});

test('[S 3.3] month → year: flexible keeps the anchor and debits the rest of the year, classic bills a plain year from now', async () => {
  const flexible = await onFifty('flexible');
  const yearly = await world.price(36_500, { recurring: { interval: 'year' } }, 'Yearly');
  await world.to('2026-01-16');
  const kept = await flexible.stripe.subscriptions.update(flexible.subscription.id, {
    items: [{ id: flexible.item, price: yearly.id }],
    expand: ['latest_invoice'],
  });
  expect(iso(kept.billing_cycle_anchor)).toBe('2026-01-01');
  // 350 of 365 days at 1.00; 16 of 31 days of 50.00 back.
  expect((kept.latest_invoice as Stripe.Invoice).lines.data.map((line) => [line.amount, line.description])).toEqual([
    [-2581, 'Unused time on Pro after 16 Jan 2026'],
    [35_000, 'Remaining time on Yearly after 16 Jan 2026'],
  ]);
  const classic = await flexible.stripe.subscriptions.create({
    customer: flexible.customer.id,
    items: [{ price: flexible.fifty.id }],
    billing_mode: { type: 'classic' },
  });
  await world.to('2026-01-20');
  const moved = await flexible.stripe.subscriptions.update(classic.id, {
    items: [{ id: classic.items.data[0]!.id, price: yearly.id }],
    proration_behavior: 'none',
    expand: ['latest_invoice'],
  });
  expect(iso(moved.items.data[0]?.current_period_end)).toBe('2027-01-20');
  expect((moved.latest_invoice as Stripe.Invoice).lines.data.map((line) => line.amount)).toEqual([36_500]);
});

test('[S 3.3] mixed intervals: flexible bills each item at its own boundary, classic refuses them', async () => {
  const { stripe, subscription, customer, fifty } = await onFifty('flexible');
  const yearly = await world.price(12_000, { recurring: { interval: 'year' } }, 'Support');
  await stripe.subscriptions.update(subscription.id, { items: [{ price: yearly.id }], proration_behavior: 'always_invoice' });
  const both = await stripe.subscriptions.retrieve(subscription.id);
  expect(both.items.data.map((item) => iso(item.current_period_end))).toEqual(['2026-02-01', '2027-01-01']);
  await world.to('2026-02-01T02:00:00Z');
  const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(invoices.map((invoice) => invoice.total)).toEqual([5000, 12_000, 5000]);
  const items = [{ price: fifty.id }, { price: yearly.id }];
  expect(await refusal(stripe.subscriptions.create({ customer: customer.id, items, billing_mode: { type: 'classic' } }))).toMatchObject({
    statusCode: 400,
    param: 'items',
  });
  const classic = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: fifty.id }],
    billing_mode: { type: 'classic' },
  });
  expect(await refusal(stripe.subscriptions.update(classic.id, { items: [{ price: yearly.id }] }))).toMatchObject({ param: 'items' });
  // Its only item may change its interval.
  const changed = await stripe.subscriptions.update(classic.id, { items: [{ id: classic.items.data[0]!.id, price: yearly.id }] });
  expect(changed.items.data[0]?.price.id).toBe(yearly.id);
});

test.each([
  // 12.00 off 90.00 in two items of 60.00 and 30.00: 8.00 and 4.00, or 6.00 each. Half a month of the first, and of its double.
  ['flexible', -(6000 - 800) / 2, (12_000 - 960) / 2],
  ['classic', -(6000 - 600) / 2, (12_000 - 600) / 2],
] as const)('[compare] an amount off several items, %s: in proportion, or evenly', async (mode, credit, debit) => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [big, small, customer] = [await world.price(6000), await world.price(3000, {}, 'Extra'), await world.customer()];
  const coupon = await stripe.coupons.create({ amount_off: 1200, currency: 'usd', duration: 'forever' });
  const start = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: big.id }, { price: small.id }],
    discounts: [{ coupon: coupon.id }],
    billing_mode: { type: mode },
  });
  await world.to(HALF);
  await stripe.subscriptions.update(start.id, { items: [{ id: start.items.data[0]!.id, quantity: 2 }] });
  expect(await pendingOf(customer.id)).toEqual([credit, debit]);
});

test('[S 3.3] migration goes one way, and tells it', async () => {
  const { stripe, subscription } = await onFifty('classic');
  await world.to(HALF);
  await world.fresh();
  const migrated = await stripe.subscriptions.migrate(subscription.id, {
    billing_mode: { type: 'flexible', flexible: { proration_discounts: 'itemized' } },
  });
  expect(migrated.billing_mode).toEqual({ type: 'flexible', flexible: { proration_discounts: 'itemized' }, updated_at: at(HALF) });
  expect(await world.fresh()).toEqual(['customer.subscription.updated']);
  const again = await refusal(stripe.subscriptions.migrate(subscription.id, { billing_mode: { type: 'flexible' } }));
  expect(again).toMatchObject({ statusCode: 400, param: 'billing_mode[type]' });
});

test.each(['included', 'itemized'] as const)('[changelog 2025-09-30] proration_discounts %s', async (proration_discounts) => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const [fifty, hundred, customer] = [await world.price(5000), await world.price(10_000, {}, 'Business'), await world.customer()];
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
  const start = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: fifty.id }],
    discounts: [{ coupon: coupon.id }],
    billing_mode: { type: 'flexible', flexible: { proration_discounts } },
  });
  const [discount] = start.discounts as string[];
  await world.to(HALF);
  const item = start.items.data[0]!.id;
  await stripe.subscriptions.update(start.id, { items: [{ id: item, price: hundred.id }] });
  const [debit, credit] = (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data;
  const itemized = proration_discounts === 'itemized';
  expect([credit?.amount, debit?.amount]).toEqual(itemized ? [-2500, 5000] : [-2000, 4000]);
  expect([credit?.net_amount, debit?.net_amount]).toEqual([-2000, 4000]);
  expect(credit?.proration_details?.discount_amounts).toEqual([{ discount, amount: itemized ? -500 : 0 }]);
  expect(debit?.proration_details?.discount_amounts).toEqual([{ discount, amount: itemized ? 1000 : 0 }]);

  // Either way 1 February asks for 80.00 and the 20.00 of January.
  await world.to('2026-02-01T02:00:00Z');
  const invoice = (await stripe.invoices.list({ subscription: start.id, limit: 1 })).data[0]!;
  expect(invoice).toMatchObject({ status: 'paid', total: 10_000, amount_paid: 10_000 });
  const off = invoice.lines.data.map((line) => [line.amount, line.discount_amounts?.map((part) => part.amount)]);
  expect(off).toEqual(
    itemized
      ? [
          [10_000, [2000]],
          [-2500, [-500]],
          [5000, [1000]],
        ]
      : [
          [10_000, [2000]],
          [-2000, []],
          [4000, []],
        ],
  );
  expect(invoice.total_discount_amounts?.map((part) => part.amount)).toEqual([itemized ? 2500 : 2000]);

  // And a change back gives the whole of it back: what was debited net, shown as before.
  await world.to('2026-02-15');
  await stripe.subscriptions.update(start.id, { items: [{ id: item, price: fifty.id }] });
  const [newDebit, newCredit] = (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data;
  expect([newCredit?.net_amount, newDebit?.net_amount]).toEqual([-4000, 2000]);
  expect(newCredit?.amount).toBe(itemized ? -5000 : -4000);
});

test('[DTS proration_details.credited_items] a credit names the debit: its invoice line, or the item that still waits', async () => {
  const { stripe, hundred, fifty, customer, subscription, item } = await onFifty('flexible');
  await world.to(HALF);
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: hundred.id }] });
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: fifty.id }] });
  const items = (await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.reverse();
  expect(items.map((entry) => entry.amount)).toEqual([-2500, 5000, -5000, 2500]);
  expect(items[0]?.proration_details?.credited_items).toMatchObject({
    type: 'invoice_line_items',
    invoice_line_item_details: { invoice: subscription.latest_invoice },
  });
  expect(items[2]?.proration_details?.credited_items).toEqual({ type: 'invoice_item', invoice_item: items[1]?.id });
});

test('[S 3.3] classic: all items may change their interval in one call, a part of them may not', async () => {
  const { stripe, subscription, item, hundred } = await onFifty('classic');
  const two = await stripe.subscriptions.update(subscription.id, { items: [{ price: hundred.id }], proration_behavior: 'none' });
  const year = { recurring: { interval: 'year' as const } };
  const [a, b] = [await world.price(10_000, year, 'A'), await world.price(20_000, year, 'B')];
  const other = two.items.data[1]!.id;
  expect(await refusal(stripe.subscriptions.update(two.id, { items: [{ id: item, price: a.id }] }))).toMatchObject({ param: 'items' });
  await world.to(HALF);
  const moved = await stripe.subscriptions.update(two.id, {
    items: [
      { id: item, price: a.id },
      { id: other, price: b.id },
    ],
    expand: ['latest_invoice'],
  });
  expect(moved.items.data.map((entry) => iso(entry.current_period_end))).toEqual(['2027-01-16T12:00:00Z', '2027-01-16T12:00:00Z']);
  expect((moved.latest_invoice as Stripe.Invoice).lines.data.map((line) => line.amount)).toEqual([10_000, 20_000, -2500]);
});
