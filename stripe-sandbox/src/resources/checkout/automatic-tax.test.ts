/** Checkout with automatic tax: the address makes the tax, the buyer sees the total before paying it, and everything made has the same total. */
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
const place = (country: string, postal: string, prefix = 'billing') => ({
  [`${prefix}_line1`]: 'Hauptstr. 1',
  [`${prefix}_city`]: 'Town',
  [`${prefix}_postal_code`]: postal,
  [`${prefix}_country`]: country,
});
const BERLIN = place('DE', '10115');
const PARIS = place('FR', '75001');
const SEEN = 'The total is now the one for your address.';

let world: TestSandbox;
let stripe: Stripe;
let mug: Stripe.Price;
let book: Stripe.Price;
let plan: Stripe.Price;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  const price = async (name: string, amount: number, more: Partial<Stripe.PriceCreateParams> = {}, code?: string) => {
    const product = await stripe.products.create({ name, ...(code === undefined ? {} : { tax_code: code }) });
    return stripe.prices.create({ product: product.id, currency: 'eur', unit_amount: amount, tax_behavior: 'exclusive', ...more });
  };
  mug = await price('Mug', 1200);
  book = await price('Book', 1070, { tax_behavior: 'inclusive' }, 'txcd_35010000');
  plan = await price('Plan', 5000, { recurring: { interval: 'month' } });
});
afterEach(() => world.close());

type Create = Stripe.Checkout.SessionCreateParams;
const open = (more: Create = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: mug.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    ...URLS,
    ...more,
  });
const press = (session: { id: string }, fields: Record<string, string> = {}) =>
  submit(world.sandbox, `/c/${session.id}`, { ...VISA, ...fields });
const reload = (session: { id: string }) => stripe.checkout.sessions.retrieve(session.id, { expand: ['total_details.breakdown'] });
const refusal = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown) => thrown as Stripe.errors.StripeError,
  );
  return [error?.statusCode, error?.code, error?.param];
};

describe('payment mode', () => {
  test('2026-03-01: a guest in Berlin sees the total with tax, then pays it; per rate and line, to the cent', async () => {
    const line_items = [
      { price: mug.id, quantity: 2 },
      { price: book.id, quantity: 1 },
    ];
    const session = await open({ line_items });
    expect(session).toMatchObject({
      automatic_tax: { enabled: true, liability: { type: 'self' }, provider: 'stripe', status: 'requires_location_inputs' },
      amount_subtotal: 3470,
      amount_total: 3470,
      total_details: { amount_tax: 0 },
    });
    const page = await visit(world.sandbox, `/c/${session.id}`);
    for (const words of ['Billing address', 'Enter your address', '>Continue</button>']) expect(page.html).toContain(words);

    const incomplete = await press(session);
    expect([incomplete.status, incomplete.html.includes('Enter a postal code.')]).toEqual([422, true]);
    const told = await press(session, BERLIN);
    expect([told.status, told.html.includes(SEEN), told.html.includes('Pay €39.26')]).toEqual([200, true, true]);
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
    const paid = await press(session, BERLIN);
    expect(paid.location).toBe(`/c/${session.id}/done`);

    const done = await reload(session);
    // 24.00 + 19 % = 4.56 on top; 10.70 has 7 % inside: 0.70.
    expect(done).toMatchObject({
      status: 'complete',
      automatic_tax: { status: 'complete' },
      amount_subtotal: 3470,
      amount_total: 3926,
      total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 526 },
      customer_details: { address: { country: 'DE', postal_code: '10115' }, tax_exempt: 'none' },
    });
    const taxes = done.total_details!.breakdown!.taxes;
    expect(taxes.map((tax) => [tax.amount, tax.taxable_amount, tax.taxability_reason, tax.rate.percentage, tax.rate.inclusive])).toEqual([
      [456, 2400, 'standard_rated', 19, false],
      [70, 1000, 'reduced_rated', 7, true],
    ]);
    const lines = (await stripe.checkout.sessions.listLineItems(session.id)).data;
    expect(lines.map((line) => [line.amount_subtotal, line.amount_tax, line.amount_total]).sort()).toEqual([
      [1070, 70, 1070],
      [2400, 456, 2856],
    ]);
    expect((await stripe.charges.list()).data.map((charge) => charge.amount)).toEqual([3926]);
  });

  test('whoever moves while paying sees the new total before it is charged', async () => {
    const session = await open();
    await press(session, BERLIN);
    expect((await reload(session)).amount_total).toBe(1428);
    const moved = await press(session, PARIS);
    expect([moved.status, moved.html.includes('Pay €14.40')]).toEqual([200, true]);
    await press(session, PARIS);
    expect(await reload(session)).toMatchObject({ status: 'complete', amount_total: 1440, total_details: { amount_tax: 240 } });
    expect((await stripe.paymentIntents.list()).data.map((intent) => [intent.amount, intent.status])).toEqual([[1440, 'succeeded']]);
  });

  test('after a decline at one address the same payment is made for the other', async () => {
    const session = await open();
    await press(session, BERLIN);
    expect((await press(session, { ...BERLIN, card_number: '4000000000009995' })).status).toBe(402);
    await press(session, PARIS);
    await press(session, PARIS);
    expect((await stripe.paymentIntents.list()).data.map((intent) => [intent.amount, intent.amount_received])).toEqual([[1440, 1440]]);
  });

  test('tax that is inside changes nothing about the total: one press is enough', async () => {
    const session = await open({ line_items: [{ price: book.id, quantity: 1 }] });
    expect((await press(session, BERLIN)).location).toBe(`/c/${session.id}/done`);
    expect(await reload(session)).toMatchObject({ amount_total: 1070, total_details: { amount_tax: 70 } });
  });

  test('while tax cannot be worked out nothing is sold', async () => {
    const session = await open();
    const { control } = world.sandbox;
    await control.updateAccount({ account: world.account, settings: { tax: { outage: true } } });
    const down = await press(session, BERLIN);
    expect([down.status, down.html.includes('Tax could not be worked out just now.')]).toEqual([503, true]);
    expect(await reload(session)).toMatchObject({ status: 'open', automatic_tax: { status: 'failed' } });
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
    await control.updateAccount({ account: world.account, settings: { tax: {} } });
    await press(session, BERLIN);
    await press(session, BERLIN);
    expect(await reload(session)).toMatchObject({ status: 'complete', automatic_tax: { status: 'complete' }, amount_total: 1428 });
  });

  test('a ZIP code that is none of the United States is asked again', async () => {
    const session = await open();
    const nowhere = await press(session, place('US', '9'));
    expect([nowhere.status, nowhere.html.includes('Tax cannot be worked out for this address.')]).toEqual([422, true]);
    expect(await reload(session)).toMatchObject({ automatic_tax: { status: 'requires_location_inputs' }, amount_total: 1200 });
  });

  test('the parcel’s address decides, shipping is taxed, a discount lowers the tax', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
    const session = await open({
      discounts: [{ coupon: coupon.id }],
      shipping_address_collection: { allowed_countries: ['DE', 'FR'] },
      shipping_options: [
        {
          shipping_rate_data: {
            type: 'fixed_amount',
            display_name: 'Post',
            fixed_amount: { amount: 500, currency: 'eur' },
            tax_behavior: 'exclusive',
          },
        },
      ],
    });
    expect((await visit(world.sandbox, `/c/${session.id}`)).html).not.toContain('Billing address');
    const where = { shipping_name: 'R. Roe', ...place('DE', '10115', 'shipping') };
    expect((await press(session, where)).html).toContain(SEEN);
    await press(session, where);
    const done = await reload(session);
    // 9.00 + 5.00 of shipping, 19 % on both: 1.71 and 0.95.
    expect(done).toMatchObject({
      amount_subtotal: 1200,
      amount_total: 900 + 500 + 266,
      shipping_cost: { amount_subtotal: 500, amount_tax: 95, amount_total: 595 },
      total_details: { amount_discount: 300, amount_shipping: 500, amount_tax: 266 },
    });
    const { discounts, taxes } = done.total_details!.breakdown!;
    expect(discounts.map((part) => [part.amount, part.discount.source.coupon])).toEqual([[300, coupon.id]]);
    expect(taxes.map((tax) => [tax.amount, tax.taxable_amount])).toEqual([[266, 1400]]);
    expect((await stripe.charges.list()).data[0]!.amount).toBe(1666);
  });

  test('a tax id on the page makes the reverse charge', async () => {
    const session = await open({ tax_id_collection: { enabled: true } });
    const business = { ...BERLIN, business_name: 'Roe GmbH', tax_id_type: 'eu_vat', tax_id: 'DE123456789' };
    await press(session, BERLIN);
    expect((await reload(session)).amount_total).toBe(1428);
    const told = await press(session, business);
    expect([told.status, told.html.includes('Tax (reverse charge)')]).toEqual([200, true]);
    await press(session, business);
    const done = await reload(session);
    expect(done).toMatchObject({ status: 'complete', amount_total: 1200, customer_details: { tax_ids: [{ type: 'eu_vat' }] } });
    expect(done.total_details!.breakdown!.taxes).toMatchObject([{ amount: 0, taxable_amount: 0, taxability_reason: 'reverse_charge' }]);
  });

  test('invoice_creation: the paid invoice has the same tax and the same total', async () => {
    const coupon = await stripe.coupons.create({ amount_off: 199, currency: 'eur', duration: 'once' });
    const session = await open({
      invoice_creation: { enabled: true },
      discounts: [{ coupon: coupon.id }],
      line_items: [
        { price: mug.id, quantity: 3 },
        { price: book.id, quantity: 2 },
      ],
    });
    await press(session, PARIS);
    await press(session, PARIS);
    const done = await reload(session);
    const invoice = await stripe.invoices.retrieve(done.invoice as string);
    expect(invoice).toMatchObject({
      status: 'paid',
      subtotal: 5740,
      total: done.amount_total,
      amount_paid: done.amount_total,
      automatic_tax: { enabled: true, status: 'complete' },
    });
    // 1.99 off: 1.25 of the mugs, 0.74 of the books; 20 % on 34.75, and 5.5 % inside 20.66.
    expect(done).toMatchObject({ amount_total: 5740 - 199 + 695, total_details: { amount_discount: 199, amount_tax: 695 + 108 } });
    expect(invoice.total_taxes!.map((tax) => [tax.amount, tax.taxable_amount])).toEqual([
      [695, 3475],
      [108, 1958],
    ]);
  });
});

test('a slow payment: the invoice has the tax that was paid, though the customer has moved meanwhile', async () => {
  const customer = await stripe.customers.create({
    email: 'jane@example.com',
    address: { country: 'DE', postal_code: '10115', city: 'Berlin', line1: 'Hauptstr. 1' },
  });
  // biome-ignore lint/suspicious/noThenProperty: the control API's own word
  const outcome = { kind: 'processing' as const, seconds: 3600, then: 'succeed' as const };
  await world.sandbox.control.outcome({ account: world.account, customer: customer.id, outcome });
  const session = await open({ customer: customer.id, invoice_creation: { enabled: true } });
  await press(session);
  expect(await reload(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid', amount_total: 1428, invoice: null });
  await stripe.customers.update(customer.id, { address: { country: 'FR', postal_code: '75001' } });
  await world.advance('2026-03-01T10:30:00Z');
  const done = await reload(session);
  expect(done.payment_status).toBe('paid');
  expect(await stripe.invoices.retrieve(done.invoice as string)).toMatchObject({
    status: 'paid',
    total: 1428,
    amount_paid: 1428,
    amount_remaining: 0,
    total_taxes: [{ amount: 228, taxable_amount: 1200, taxability_reason: 'standard_rated' }],
  });
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: 0 });
});

describe('subscription mode', () => {
  test('2026-03-01: bought in Berlin with 19 %, renewed on 2026-04-01 for the same total', async () => {
    const line_items = [
      { price: plan.id, quantity: 1 },
      { price: mug.id, quantity: 1 },
    ];
    const session = await open({ mode: 'subscription', line_items });
    await press(session, BERLIN);
    await press(session, BERLIN);
    const done = await reload(session);
    expect(done).toMatchObject({ status: 'complete', amount_total: 7378, total_details: { amount_tax: 1178 } });
    const subscription = await stripe.subscriptions.retrieve(done.subscription as string);
    expect(subscription.automatic_tax).toEqual({ disabled_reason: null, enabled: true, liability: { type: 'self' } });
    const invoice = await stripe.invoices.retrieve(done.invoice as string);
    expect(invoice).toMatchObject({ status: 'paid', total: 7378, automatic_tax: { enabled: true, status: 'complete' } });
    await world.advance('2026-04-01T11:00:00Z');
    const [renewal] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
    expect(renewal).toMatchObject({ status: 'paid', billing_reason: 'subscription_cycle', total: 5950 });
  });

  test('a trial asks for the address too, and its first real invoice is taxed', async () => {
    const line_items = [{ price: plan.id, quantity: 1 }];
    const session = await open({ mode: 'subscription', line_items, subscription_data: { trial_period_days: 7 } });
    expect((await press(session, BERLIN)).location).toBe(`/c/${session.id}/done`);
    const done = await reload(session);
    expect(done).toMatchObject({ amount_total: 0, automatic_tax: { status: 'complete' }, payment_status: 'no_payment_required' });
    await world.advance('2026-03-08T11:00:00Z');
    const [first] = (await stripe.invoices.list({ subscription: done.subscription as string, limit: 1 })).data;
    expect(first).toMatchObject({ status: 'paid', total: 5950 });
  });
});

describe('a customer that exists', () => {
  const germany = { country: 'DE', postal_code: '10115', city: 'Berlin', line1: 'Hauptstr. 1' };

  test('is taxed at once where they are on file, and asked for nothing', async () => {
    const customer = await stripe.customers.create({ email: 'jane@example.com', address: germany });
    const session = await open({ customer: customer.id });
    expect(session).toMatchObject({ automatic_tax: { status: 'complete' }, amount_total: 1428, total_details: { amount_tax: 228 } });
    expect((await visit(world.sandbox, `/c/${session.id}`)).html).not.toContain('Billing address');
    await press(session);
    expect(await reload(session)).toMatchObject({ status: 'complete', amount_total: 1428 });
  });

  test('needs an address, or leave to write one down', async () => {
    const customer = await stripe.customers.create({ email: 'jane@example.com' });
    expect(await refusal(open({ customer: customer.id }))).toEqual([400, 'customer_tax_location_invalid', undefined]);
    expect((await stripe.checkout.sessions.list()).data).toEqual([]);
    const session = await open({ customer: customer.id, customer_update: { address: 'auto' } });
    expect(session.automatic_tax.status).toBe('requires_location_inputs');
    await press(session, PARIS);
    await press(session, PARIS);
    expect(await reload(session)).toMatchObject({ status: 'complete', amount_total: 1440 });
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ address: { country: 'FR' } });
  });

  test('who moved since the page was opened sees the new total first; whose address is gone cannot pay', async () => {
    const customer = await stripe.customers.create({ email: 'jane@example.com', address: germany });
    const session = await open({ customer: customer.id });
    await stripe.customers.update(customer.id, { address: { country: 'FR', postal_code: '75001' } });
    expect((await press(session)).html).toContain('Pay €14.40');
    await stripe.customers.update(customer.id, { address: '' });
    expect((await press(session)).html).toContain('Tax cannot be worked out without your address.');
    expect((await stripe.charges.list()).data).toEqual([]);
  });
});

test('a payment link with automatic tax: its sessions ask for the address', async () => {
  const link = await stripe.paymentLinks.create({ line_items: [{ price: mug.id, quantity: 1 }], automatic_tax: { enabled: true } });
  expect(link.automatic_tax).toEqual({ enabled: true, liability: { type: 'self' } });
  const { location } = await visit(world.sandbox, link.url);
  const session = { id: location!.slice('/c/'.length) };
  expect((await reload(session)).automatic_tax.status).toBe('requires_location_inputs');
  await press(session, BERLIN);
  await press(session, BERLIN);
  expect(await reload(session)).toMatchObject({ status: 'complete', amount_total: 1428, payment_link: link.id });
  const off = await stripe.paymentLinks.update(link.id, { automatic_tax: { enabled: false } });
  expect(off.automatic_tax).toEqual({ enabled: false, liability: null });
});

test('refused: setup mode, rates set by hand beside it, another account’s liability', async () => {
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  const automatic_tax = { enabled: true };
  expect(await refusal(stripe.checkout.sessions.create({ mode: 'setup', currency: 'eur', automatic_tax, ...URLS }))).toEqual([
    400,
    undefined,
    'automatic_tax',
  ]);
  const taxed = open({ line_items: [{ price: mug.id, quantity: 1, tax_rates: [rate.id] }] });
  expect(await refusal(taxed)).toEqual([400, undefined, 'line_items[0][tax_rates]']);
  const standard = open({
    mode: 'subscription',
    line_items: [{ price: plan.id, quantity: 1 }],
    subscription_data: { default_tax_rates: [rate.id] },
  });
  expect(await refusal(standard)).toEqual([400, undefined, 'subscription_data[default_tax_rates]']);
  const other = open({ automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_1' } } });
  expect(await refusal(other)).toEqual([400, 'sandbox_not_emulated', 'automatic_tax[liability][type]']);
  expect((await stripe.checkout.sessions.list()).data).toEqual([]);
});
