import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

/** Everything of an invoice that a preview can know: no ids, no number, no links, nothing of its payment. */
export function essence(invoice: Stripe.Invoice) {
  return {
    currency: invoice.currency,
    subtotal: invoice.subtotal,
    subtotal_excluding_tax: invoice.subtotal_excluding_tax,
    total: invoice.total,
    total_excluding_tax: invoice.total_excluding_tax,
    starting_balance: invoice.starting_balance,
    discounts: (invoice.total_discount_amounts ?? []).map((part) => part.amount),
    taxes: (invoice.total_taxes ?? []).map(({ amount, taxable_amount, taxability_reason, tax_behavior, tax_rate_details }) => ({
      amount,
      taxable_amount,
      taxability_reason,
      tax_behavior,
      rate: tax_rate_details?.tax_rate,
    })),
    customer: [invoice.customer, invoice.customer_address, invoice.customer_tax_exempt],
    lines: invoice.lines.data.map((line) => ({
      amount: line.amount,
      description: line.description,
      quantity: line.quantity,
      period: line.period,
      price: line.pricing?.price_details?.price,
      discounts: (line.discount_amounts ?? []).map((part) => part.amount),
      taxes: (line.taxes ?? []).map((tax) => [tax.amount, tax.taxable_amount]),
      type: line.parent?.type,
    })),
  };
}

/** Runs a preview and says that nothing was written. */
async function previewed(params: Stripe.InvoiceCreatePreviewParams): Promise<Stripe.Invoice> {
  const before = JSON.stringify(await world.sandbox.control.state(world.account));
  const events = (await world.events()).length;
  const preview = await world.stripe.invoices.createPreview(params);
  expect(JSON.stringify(await world.sandbox.control.state(world.account))).toBe(before);
  expect((await world.events()).length).toBe(events);
  return preview;
}

const scenes = fc.record({
  amounts: fc.array(fc.integer({ min: 100, max: 30_000 }), { minLength: 1, maxLength: 3 }),
  quantity: fc.integer({ min: 1, max: 5 }),
  percent: fc.integer({ min: 0, max: 100 }),
  balance: fc.integer({ min: -5000, max: 5000 }),
  tax: fc.constantFrom('none' as const, 'rates' as const, 'automatic' as const),
  inclusive: fc.boolean(),
  pending: fc.array(fc.integer({ min: -2000, max: 5000 }), { maxLength: 2 }),
  trial: fc.boolean(),
  days: fc.integer({ min: 1, max: 25 }),
  change: fc.integer({ min: 2, max: 9 }),
});
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

test('whatever is previewed is what is made: start, change and renewal of random subscriptions', { timeout: 90_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      world = await openWorld({ now: '2026-01-10T06:30:00Z' });
      try {
        await play(scene);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 20, seed: 20_260_110 },
  );
});

async function play(scene: Scene): Promise<void> {
  const { stripe } = world;
  const customer = await world.customer();
  await stripe.customers.update(customer.id, { address: { country: 'DE' }, balance: scene.balance });
  const tax_behavior = scene.inclusive ? ('inclusive' as const) : ('exclusive' as const);
  const items = [];
  for (const [index, amount] of scene.amounts.entries())
    items.push({ price: (await world.price(amount, { tax_behavior }, `P${index}`)).id, quantity: scene.quantity });
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: scene.inclusive });
  const coupon = scene.percent === 0 ? null : await stripe.coupons.create({ percent_off: scene.percent, duration: 'forever' });
  for (const amount of scene.pending)
    await stripe.invoiceItems.create({ customer: customer.id, amount, currency: 'usd', tax_behavior, description: 'Extra' });
  const discounts = coupon === null ? {} : { discounts: [{ coupon: coupon.id }] };
  const taxed = scene.tax === 'automatic' ? { automatic_tax: { enabled: true } } : {};
  const details = {
    items,
    ...(scene.tax === 'rates' ? { default_tax_rates: [rate.id] } : {}),
    ...(scene.trial ? { trial_end: at('2026-01-10T06:30:00Z') + 5 * 86_400 } : {}),
  };
  const start = await previewed({ customer: customer.id, subscription_details: details as never, ...discounts, ...taxed });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    ...details,
    ...discounts,
    ...taxed,
    expand: ['latest_invoice'],
  });
  expect(essence(subscription.latest_invoice as Stripe.Invoice)).toEqual(essence(start));

  const when = new Date((at('2026-01-16') + scene.days * 86_400) * 1000).toISOString();
  await world.to(when);
  const item = { id: subscription.items.data[0]!.id, quantity: scene.quantity + scene.change };
  const change = { items: [item], proration_behavior: 'always_invoice' as const };
  const next = await previewed({ subscription: subscription.id, subscription_details: change });
  const updated = await stripe.subscriptions.update(subscription.id, { ...change, expand: ['latest_invoice'] });
  expect(essence(updated.latest_invoice as Stripe.Invoice)).toEqual(essence(next));

  const upcoming = await previewed({ subscription: subscription.id });
  const end = Math.min(...updated.items.data.map((one) => one.current_period_end));
  await world.to(new Date(end * 1000).toISOString());
  const [renewal] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(essence(renewal!)).toEqual(essence(upcoming));
  expect([upcoming.created, upcoming.next_payment_attempt]).toEqual([end, end + 3600]);
}

test('a preview of what is pending is the invoice that takes it', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer();
  const coupon = await stripe.coupons.create({ percent_off: 15 });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 999, currency: 'usd', discounts: [{ coupon: coupon.id }] });
  await stripe.invoiceItems.create({ customer: customer.id, amount: -200, currency: 'usd' });
  const preview = await previewed({ customer: customer.id });
  expect(preview.total).toBe(999 - 150 - 200);
  const invoice = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
  expect(essence(invoice)).toEqual(essence(preview));
  expect((await refusal(stripe.invoices.createPreview({ customer: customer.id }))).code).toBe('invoice_upcoming_none');
  // A coupon tried in a preview is not used up.
  const last = await stripe.coupons.create({ percent_off: 50, max_redemptions: 1 });
  await stripe.invoiceItems.create({ customer: customer.id, amount: 1000, currency: 'usd' });
  for (let times = 0; times < 2; times += 1)
    expect((await previewed({ customer: customer.id, discounts: [{ coupon: last.id }] })).total).toBe(500);
});

test('[DTS id] a preview is told by its id; nobody needs to be a customer for one', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const price = await stripe.prices.create({ currency: 'eur', unit_amount: 29_900, product_data: { name: 'Service fee' } });
  const coupon = await stripe.coupons.create({ percent_off: 15 });
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'WINTERSALE' });
  const preview = await previewed({ invoice_items: [{ price: price.id, quantity: 2 }], discounts: [{ promotion_code: code.id }] });
  expect(preview.id).toMatch(/^upcoming_in_[A-Za-z0-9]{24}$/);
  expect(preview).toMatchObject({ customer: null, currency: 'eur', subtotal: 59_800, total: 50_830 });
  expect(preview.lines.data[0]).toMatchObject({ invoice: preview.id, description: 'Service fee' });
  expect((await refusal(stripe.invoices.retrieve(preview.id))).statusCode).toBe(404);
});

test('a pending item as it would be changed', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer();
  const item = await stripe.invoiceItems.create({ customer: customer.id, amount: 1000, currency: 'usd', description: 'Hour' });
  const invoice_items = [
    { invoiceitem: item.id, amount: 1500 },
    { amount: 200, currency: 'usd' },
  ];
  const preview = await previewed({ customer: customer.id, invoice_items });
  expect(preview.lines.data.map((line) => [line.description, line.amount])).toEqual([
    ['Hour', 1500],
    [null, 200],
  ]);
  expect((await stripe.invoiceItems.retrieve(item.id)).amount).toBe(1000);
  const draft = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
  const gone = await refusal(stripe.invoices.createPreview({ customer: customer.id, invoice_items }));
  expect([gone.param, draft.total]).toEqual(['invoice_items[0][invoiceitem]', 1000]);
});

test('refused in a preview by name, and nothing kept of it', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const price = await world.price(1000);
  const customer = await world.customer();
  const details = { items: [{ price: price.id }] };
  const refused = async (params: object) => {
    const error = await refusal(stripe.invoices.createPreview({ customer: customer.id, ...params } as never));
    return [error.statusCode, error.code, error.param];
  };
  expect(await refused({ preview_mode: 'recurring', subscription_details: details })).toEqual([
    400,
    'sandbox_not_emulated',
    'preview_mode',
  ]);
  expect(await refused({ subscription_details: { ...details, start_date: at('2026-02-01') } })).toEqual([
    400,
    'sandbox_not_emulated',
    'subscription_details[start_date]',
  ]);
  expect(await refused({ subscription: 'sub_none' })).toEqual([400, 'resource_missing', 'subscription']);
  expect((await refusal(stripe.invoices.createPreview({}))).code).toBe('parameter_missing');
});
