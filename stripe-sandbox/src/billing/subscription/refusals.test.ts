/** What Stripe refuses: status, code, param, and nothing half-written [S 3.1–3.3, 3.9]. */
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from './test-world.ts';

let world: World;
afterEach(() => world.close());

async function opened() {
  world = await openWorld({ now: '2026-01-01' });
  const [price, customer] = [await world.price(2000), await world.customer()];
  const create = (more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    world.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...more });
  return { stripe: world.stripe, price, customer, create };
}
const many = (count: number, of: string) => Array.from({ length: count }, () => ({ price: of }));

test('[S 3.9] twenty items and no more, on create, on update, and of extras', async () => {
  const { stripe, price, create, customer } = await opened();
  const others = [];
  for (let index = 0; index < 20; index += 1) others.push({ price: (await world.price(100 + index, {}, `Part ${index}`)).id });
  expect(await refusal(create({ items: [{ price: price.id }, ...others] }))).toMatchObject({ statusCode: 400, param: 'items' });
  const full = await create({ items: others });
  expect(full.items.data).toHaveLength(20);
  expect(await refusal(stripe.subscriptions.update(full.id, { items: [{ price: price.id }] }))).toMatchObject({ param: 'items' });
  expect(await refusal(stripe.subscriptionItems.create({ subscription: full.id, price: price.id }))).toMatchObject({ param: 'items' });
  expect((await stripe.subscriptions.retrieve(full.id)).items.data).toHaveLength(20);
  const extra = await stripe.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'Setup' } });
  expect(await refusal(create({ add_invoice_items: many(21, extra.id) }))).toMatchObject({ param: 'add_invoice_items' });
  expect((await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data.filter((item) => !item.proration)).toEqual([]);
});

test('[S 3.9] one price, one item: on create, when added, and when an item is put on another’s price', async () => {
  const { stripe, price, create } = await opened();
  const other = await world.price(500, {}, 'Extra');
  expect(await refusal(create({ items: many(2, price.id) }))).toMatchObject({ statusCode: 400, param: 'items' });
  const two = await create({ items: [{ price: price.id }, { price: other.id }] });
  expect(await refusal(stripe.subscriptions.update(two.id, { items: [{ price: price.id }] }))).toMatchObject({ param: 'items[0]' });
  const moved = stripe.subscriptions.update(two.id, { items: [{ id: two.items.data[1]!.id, price: price.id }] });
  expect(await refusal(moved)).toMatchObject({ statusCode: 400, param: 'items[0]' });
  // Taking one off and adding its price again in one call is no duplicate.
  const again = await stripe.subscriptions.update(two.id, { items: [{ id: two.items.data[1]!.id, deleted: true }, { price: other.id }] });
  expect(again.items.data.map((item) => item.price.id)).toEqual([price.id, other.id]);
});

test('[S 3.9] product_inactive, and inactive prices; what runs already runs on', async () => {
  const { stripe, price, create } = await opened();
  const running = await create();
  const retired = await world.price(900, {}, 'Retired');
  await stripe.products.update(retired.product as string, { active: false });
  const inactive = { statusCode: 400, code: 'product_inactive', param: 'items[0][price]' };
  expect(await refusal(create({ items: [{ price: retired.id }] }))).toMatchObject(inactive);
  expect(await refusal(stripe.subscriptions.update(running.id, { items: [{ price: retired.id }] }))).toMatchObject(inactive);
  expect(await refusal(stripe.subscriptionItems.create({ subscription: running.id, price: retired.id }))).toMatchObject(inactive);
  const inline = { currency: 'usd', product: retired.product as string, unit_amount: 100, recurring: { interval: 'month' as const } };
  expect(await refusal(create({ items: [{ price_data: inline }] }))).toMatchObject({
    code: 'product_inactive',
    param: 'items[0][price_data][product]',
  });
  await stripe.prices.update(price.id, { active: false });
  expect(await refusal(create())).toMatchObject({ statusCode: 400, param: 'items[0][price]' });
  // Its own price stays its own: a quantity with the archived price named is no new use of it.
  const item = running.items.data[0]!.id;
  const changed = await stripe.subscriptions.update(running.id, { items: [{ id: item, price: price.id, quantity: 3 }] });
  expect(changed.items.data[0]).toMatchObject({ quantity: 3, price: { id: price.id } });
  await world.to('2026-02-01T02:00:00Z');
  expect((await stripe.invoices.list({ subscription: running.id, limit: 1 })).data[0]).toMatchObject({ status: 'paid' });
});

test('[S 3.9] one currency for all live subscriptions of a customer', async () => {
  const { stripe, create } = await opened();
  const euro = await world.price(2000, { currency: 'eur' }, 'Euro');
  const dollars = await create();
  expect(await refusal(create({ items: [{ price: euro.id }] }))).toMatchObject({ statusCode: 400, param: 'currency' });
  await stripe.subscriptions.cancel(dollars.id);
  expect((await create({ items: [{ price: euro.id }] })).currency).toBe('eur');
});

test('[DTS create] five hundred live subscriptions of one customer, and not one more', { timeout: 60_000 }, async () => {
  const { stripe, customer, create } = await opened();
  const one = await create({ trial_period_days: 10 });
  const copies = Array.from({ length: 499 }, (_, index) => ({ ...one, id: `sub_copy${index}`, items: { ...one.items, data: [] } }));
  await world.sandbox.control.seed({ account: world.account, objects: copies as never });
  expect(await refusal(create())).toMatchObject({ statusCode: 400, code: 'customer_max_subscriptions' });
  await stripe.subscriptions.cancel(one.id);
  expect((await create({ customer: customer.id })).status).toBe('active');
});

test('[S 3.1] a canceled subscription takes metadata and cancellation_details, nothing else', async () => {
  const { stripe, create } = await opened();
  const { id } = await create();
  await stripe.subscriptions.cancel(id);
  expect(await refusal(stripe.subscriptions.update(id, { description: 'x' }))).toMatchObject({ statusCode: 400 });
  const said = await stripe.subscriptions.update(id, { metadata: { a: 'b' }, cancellation_details: { comment: 'late' } });
  expect(said).toMatchObject({ metadata: { a: 'b' }, cancellation_details: { comment: 'late' } });
  expect(await refusal(stripe.subscriptions.cancel(id))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
});

test('[S 3.2] pending_if_incomplete: not on create, not with other changes, not with sent invoices', async () => {
  const { stripe, create } = await opened();
  const pending = 'pending_if_incomplete' as const;
  expect(await refusal(create({ payment_behavior: pending }))).toMatchObject({ statusCode: 400, param: 'payment_behavior' });
  const { id } = await create();
  expect(await refusal(stripe.subscriptions.update(id, { payment_behavior: pending, description: 'x' }))).toMatchObject({
    param: 'description',
  });
  const sent = await create({ collection_method: 'send_invoice', days_until_due: 5 });
  const update = stripe.subscriptions.update(sent.id, {
    payment_behavior: pending,
    proration_behavior: 'always_invoice',
    items: [{ id: sent.items.data[0]!.id, quantity: 2 }],
  });
  expect(await refusal(update)).toMatchObject({ statusCode: 400 });
  expect((await stripe.subscriptions.retrieve(sent.id)).items.data[0]?.quantity).toBe(1);
});

test('[DTS discounts] a list replaces, an empty text clears, an empty list says nothing', async () => {
  const { stripe, create } = await opened();
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
  const half = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
  const { id, discounts } = await create({ discounts: [{ coupon: coupon.id }] });
  expect((await stripe.subscriptions.update(id, { discounts: [] })).discounts).toEqual(discounts);
  const replaced = await stripe.subscriptions.update(id, { discounts: [{ coupon: half.id }], expand: ['discounts'] });
  expect((replaced.discounts as Stripe.Discount[]).map((discount) => discount.source.coupon)).toEqual([half.id]);
  expect((await stripe.subscriptions.update(id, { discounts: '' })).discounts).toEqual([]);
});

test('[DTS add_invoice_items.period] by default the common part of the items’ periods, else what is given', async () => {
  const { stripe, create } = await opened();
  const extra = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Setup' } });
  const yearly = await world.price(12_000, { recurring: { interval: 'year' } }, 'Support');
  const lineOf = async (period?: Stripe.SubscriptionCreateParams.AddInvoiceItem['period']) => {
    const made = await create({
      items: [{ price: (await world.price(100, {}, 'Base')).id }, { price: yearly.id }],
      add_invoice_items: [{ price: extra.id, ...(period === undefined ? {} : { period }) }],
      expand: ['latest_invoice'],
    });
    return (made.latest_invoice as Stripe.Invoice).lines.data.at(-1)!.period;
  };
  expect(await lineOf()).toEqual({ start: at('2026-01-01'), end: at('2026-02-01') });
  const asked = { start: { type: 'now' as const }, end: { type: 'timestamp' as const, timestamp: at('2026-06-01') } };
  expect(await lineOf(asked)).toEqual({ start: at('2026-01-01'), end: at('2026-06-01') });
  const backwards = { start: { type: 'timestamp' as const, timestamp: at('2026-07-01') }, end: asked.end };
  expect(await refusal(lineOf(backwards))).toMatchObject({ statusCode: 400, param: 'add_invoice_items[0][period][end]' });
});
