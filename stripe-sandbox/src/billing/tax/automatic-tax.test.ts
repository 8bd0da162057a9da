import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

const BERLIN = { country: 'DE', city: 'Berlin', line1: 'Unter den Linden 1', postal_code: '10117' };

async function customerIn(address: Stripe.AddressParam | undefined, more: Stripe.CustomerCreateParams = {}) {
  const made = await world.customer();
  return world.stripe.customers.update(made.id, { ...(address === undefined ? {} : { address }), ...(more as object) });
}

async function draftFor(
  customer: string,
  items: Partial<Stripe.InvoiceItemCreateParams>[],
  more: Partial<Stripe.InvoiceCreateParams> = {},
) {
  const draft = await world.stripe.invoices.create({ customer, currency: 'eur', automatic_tax: { enabled: true }, ...more });
  for (const item of items) await world.stripe.invoiceItems.create({ customer, invoice: draft.id, currency: 'eur', ...item });
  return world.stripe.invoices.retrieve(draft.id);
}

test('an invoice to Berlin: tax on top, tax inside, and the rate behind it', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const customer = await customerIn(BERLIN);
  const draft = await draftFor(customer.id, [
    { amount: 10_000, tax_behavior: 'exclusive', description: 'Setup' },
    { amount: 11_900, tax_behavior: 'inclusive', description: 'Manual' },
    { amount: 1000, tax_behavior: 'exclusive', tax_code: 'txcd_35010000', description: 'Book' },
  ]);
  expect(draft.automatic_tax).toEqual({
    disabled_reason: null,
    enabled: true,
    liability: { type: 'self' },
    provider: 'stripe',
    status: 'complete',
  });
  expect(draft).toMatchObject({ subtotal: 22_900, total: 22_900 + 1900 + 70, total_excluding_tax: 21_000, subtotal_excluding_tax: 21_000 });
  expect(draft.total_taxes?.map((tax) => [tax.amount, tax.tax_behavior, tax.taxability_reason, tax.taxable_amount])).toEqual([
    [1900, 'exclusive', 'standard_rated', 10_000],
    [1900, 'inclusive', 'standard_rated', 10_000],
    [70, 'exclusive', 'reduced_rated', 1000],
  ]);
  const rate = await world.stripe.taxRates.retrieve(draft.total_taxes![0]!.tax_rate_details!.tax_rate);
  expect(rate).toMatchObject({
    active: false,
    percentage: 19,
    country: 'DE',
    tax_type: 'vat',
    inclusive: false,
    jurisdiction_level: 'country',
  });
  const paid = await world.stripe.invoices.pay(draft.id);
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 24_870 });
  expect((await world.stripe.taxRates.list({ active: true })).data).toEqual([]);
});

test('the address counts when the invoice is finalized, not when it was drafted', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const customer = await customerIn(undefined);
  const draft = await draftFor(customer.id, [{ amount: 10_000, tax_behavior: 'exclusive' }]);
  expect(draft.automatic_tax.status).toBe('requires_location_inputs');
  expect(draft.total).toBe(10_000);
  const unknown = await refusal(world.stripe.invoices.finalizeInvoice(draft.id));
  expect([unknown.statusCode, unknown.code]).toEqual([400, 'customer_tax_location_invalid']);
  expect((await world.stripe.invoices.retrieve(draft.id)).status).toBe('draft');
  await world.stripe.customers.update(customer.id, { address: BERLIN });
  expect(await world.stripe.invoices.finalizeInvoice(draft.id)).toMatchObject({ total: 11_900, automatic_tax: { status: 'complete' } });
});

test('finalized by itself without a location: told by invoice.finalization_failed, and the draft waits', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const customer = await customerIn(undefined);
  const draft = await draftFor(customer.id, [{ amount: 10_000 }], { auto_advance: true });
  await world.fresh();
  await world.to('2026-03-02T01:00:00Z');
  expect(await world.fresh()).toEqual(['invoice.finalization_failed']);
  expect(await world.stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: 'draft',
    last_finalization_error: { code: 'customer_tax_location_invalid', type: 'invalid_request_error' },
  });
  const off = await world.stripe.invoices.update(draft.id, { automatic_tax: { enabled: false } });
  expect(off.automatic_tax).toEqual({ disabled_reason: null, enabled: false, liability: null, provider: null, status: null });
  expect((await world.stripe.invoices.finalizeInvoice(draft.id)).status).toBe('open');
});

test('a subscription with automatic tax: every invoice, and the exact renewal after a move to France', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const price = await world.price(5000, { currency: 'eur', tax_behavior: 'exclusive' });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    automatic_tax: { enabled: true },
    expand: ['latest_invoice'],
  });
  expect(subscription.automatic_tax).toEqual({ disabled_reason: null, enabled: true, liability: { type: 'self' } });
  expect(subscription.latest_invoice).toMatchObject({
    subtotal: 5000,
    total: 5950,
    amount_paid: 5950,
    automatic_tax: { status: 'complete' },
  });
  await stripe.customers.update(customer.id, { address: { country: 'FR', postal_code: '75001' } });
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
  expect([preview.total, preview.automatic_tax.status]).toEqual([6000, 'complete']);
  await world.to('2026-02-01T01:00:00Z');
  const [renewal] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(renewal).toMatchObject({ status: 'paid', total: 6000, amount_paid: 6000 });
});

test('a subscription whose customer lost their address goes on without tax, and says so', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const price = await world.price(5000, { currency: 'eur', tax_behavior: 'exclusive' });
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    automatic_tax: { enabled: true },
  });
  await stripe.customers.update(customer.id, { address: '' });
  await world.to('2026-02-01T00:00:00Z');
  await world.fresh();
  await world.to('2026-02-01T01:00:00Z');
  expect((await world.fresh())[0]).toBe('customer.subscription.updated');
  const [renewal] = (await stripe.invoices.list({ subscription: id, limit: 1 })).data;
  expect(renewal).toMatchObject({
    status: 'paid',
    total: 5000,
    automatic_tax: { enabled: false, disabled_reason: 'finalization_requires_location_inputs', status: null },
  });
  expect((await stripe.subscriptions.retrieve(id)).automatic_tax).toEqual({
    disabled_reason: 'requires_location_inputs',
    enabled: false,
    liability: null,
  });
});

test('a business in another member state accounts for the tax itself', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const customer = await customerIn(BERLIN);
  await world.stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' });
  const draft = await draftFor(customer.id, [{ amount: 10_000, tax_behavior: 'exclusive' }]);
  expect(draft.total).toBe(10_000);
  expect(draft.total_taxes).toMatchObject([{ amount: 0, taxable_amount: 0, taxability_reason: 'reverse_charge' }]);
  await world.stripe.tax.settings.update({ head_office: { address: { country: 'DE' } } });
  expect((await world.stripe.invoices.finalizeInvoice(draft.id)).total).toBe(11_900);
});

test('once something is registered, only that is collected, from the day it begins', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const registration = await stripe.tax.registrations.create({
    country: 'IE',
    country_options: { ie: { type: 'oss_union' } },
    active_from: at('2026-03-10'),
  });
  expect(registration).toMatchObject({ status: 'scheduled', country: 'IE', expires_at: null });
  const draft = await draftFor(customer.id, [{ amount: 10_000, tax_behavior: 'exclusive' }]);
  expect(draft.total_taxes).toMatchObject([{ amount: 0, taxability_reason: 'not_collecting' }]);
  await world.to('2026-03-10');
  expect((await stripe.tax.registrations.retrieve(registration.id)).status).toBe('active');
  expect((await stripe.invoices.finalizeInvoice(draft.id)).total).toBe(11_900);
  await stripe.tax.registrations.update(registration.id, { expires_at: 'now' });
  expect((await stripe.tax.registrations.list({ status: 'active' })).data).toEqual([]);
  const ca = await stripe.tax.registrations.create({
    country: 'US',
    country_options: { us: { state: 'CA', type: 'state_sales_tax' } },
    active_from: 'now',
  });
  const american = await customerIn({ country: 'US', postal_code: '94103' });
  const goods = await draftFor(american.id, [{ amount: 10_000, currency: 'usd', tax_behavior: 'exclusive' }], { currency: 'usd' });
  expect(goods.total).toBe(10_725);
  expect((await stripe.tax.registrations.list()).data.map((one) => one.id)).toEqual([ca.id, registration.id]);
  const wrong = await refusal(
    stripe.tax.registrations.create({ country: 'US', country_options: { us: { type: 'state_sales_tax' } as never }, active_from: 'now' }),
  );
  expect([wrong.code, wrong.param]).toEqual(['parameter_missing', 'country_options[us][state]']);
});

test('previews with automatic tax: of somebody who is no customer yet, and over a customer’s own address', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const price = await world.price(5000, { currency: 'eur', tax_behavior: 'inclusive' });
  const before = JSON.stringify(await world.sandbox.control.state(world.account));
  const preview = await stripe.invoices.createPreview({
    customer_details: { address: BERLIN },
    currency: 'eur',
    automatic_tax: { enabled: true },
    subscription_details: { items: [{ price: price.id }] },
  });
  expect(preview).toMatchObject({
    customer: null,
    subtotal: 5000,
    total: 5000,
    total_excluding_tax: 4202,
    customer_address: { country: 'DE', state: null },
  });
  const reverse = await stripe.invoices.createPreview({
    customer_details: { address: BERLIN, tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] },
    currency: 'eur',
    automatic_tax: { enabled: true },
    invoice_items: [{ amount: 1000, currency: 'eur', tax_behavior: 'exclusive' }],
  });
  expect(reverse.total_taxes).toMatchObject([{ amount: 0, taxability_reason: 'reverse_charge' }]);
  const nowhere = await stripe.invoices.createPreview({
    customer_details: { address: { country: 'US' } },
    currency: 'usd',
    automatic_tax: { enabled: true },
    invoice_items: [{ amount: 1000, currency: 'usd' }],
  });
  expect(nowhere.automatic_tax.status).toBe('requires_location_inputs');
  expect(JSON.stringify(await world.sandbox.control.state(world.account))).toBe(before);
});

test('customers say where they are for tax', async () => {
  world = await openWorld({ now: '2026-03-02', settings: { tax: { ip_locations: { '203.0.113.7': { country: 'FR' } } } } });
  const { stripe } = world;
  const berlin = await stripe.customers.create({ address: BERLIN, expand: ['tax'] });
  expect(berlin.tax).toMatchObject({ automatic_tax: 'supported', location: { country: 'DE', source: 'billing_address', state: null } });
  const paris = await stripe.customers.create({ tax: { ip_address: '203.0.113.7' }, expand: ['tax'] });
  expect(paris.tax).toMatchObject({ ip_address: '203.0.113.7', location: { country: 'FR', source: 'ip_address' } });
  const nowhere = await stripe.customers.create({ address: { country: 'US' }, expand: ['tax'] });
  expect(nowhere.tax).toMatchObject({ automatic_tax: 'unrecognized_location', location: null });
  const refused = await refusal(stripe.customers.create({ address: { country: 'US' }, tax: { validate_location: 'immediately' } }));
  expect([refused.statusCode, refused.code]).toEqual([400, 'customer_tax_location_invalid']);
});

test('what does not go together is refused, and an outage is told', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  const both = { automatic_tax: { enabled: true }, default_tax_rates: [rate.id] };
  expect((await refusal(stripe.invoices.create({ customer: customer.id, ...both }))).param).toBe('default_tax_rates');
  const price = await world.price(5000, { tax_behavior: 'exclusive' });
  const items = [{ price: price.id }];
  expect((await refusal(stripe.subscriptions.create({ customer: customer.id, items, ...both }))).param).toBe('default_tax_rates');
  const lost = await customerIn(undefined);
  const unknown = await refusal(stripe.subscriptions.create({ customer: lost.id, items, automatic_tax: { enabled: true } }));
  expect([unknown.statusCode, unknown.code]).toEqual([400, 'customer_tax_location_invalid']);
  await world.sandbox.control.updateAccount({ account: world.account, settings: { tax: { outage: true } } });
  const draft = await draftFor(customer.id, [{ amount: 1000 }], { auto_advance: true });
  expect(draft.automatic_tax.status).toBe('failed');
  await world.to('2026-03-02T01:00:00Z');
  expect((await stripe.invoices.retrieve(draft.id)).last_finalization_error?.code).toBe('taxes_calculation_failed');
});

test('an outage at a renewal: the invoice goes on without tax and says so, the subscription keeps automatic tax', async () => {
  world = await openWorld({ now: '2026-01-01' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const price = await world.price(5000, { currency: 'eur', tax_behavior: 'exclusive' });
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    automatic_tax: { enabled: true },
  });
  await world.sandbox.control.updateAccount({ account: world.account, settings: { tax: { outage: true } } });
  await world.to('2026-02-01T01:00:00Z');
  await world.sandbox.control.updateAccount({ account: world.account, settings: { tax: {} } });
  await world.to('2026-03-01T01:00:00Z');
  const all = (await stripe.invoices.list({ subscription: id })).data.map((invoice) => [
    invoice.total,
    invoice.automatic_tax.disabled_reason,
  ]);
  expect(all).toEqual([
    [5950, null],
    [5000, 'finalization_system_error'],
    [5950, null],
  ]);
});

test('rates set by hand are refused on an invoice with automatic tax', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  const draft = await draftFor(customer.id, [{ amount: 1000 }]);
  const tax_rates = [rate.id];
  const item = stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1, currency: 'eur', tax_rates });
  expect((await refusal(item)).param).toBe('tax_rates');
  const added = stripe.invoices.addLines(draft.id, { lines: [{ amount: 1, tax_rates }] });
  expect((await refusal(added)).param).toBe('lines[0][tax_rates]');
  const changed = stripe.invoices.updateLineItem(draft.id, draft.lines.data[0]!.id, { tax_rates });
  expect((await refusal(changed)).param).toBe('tax_rates');
});

test('strict profile: nothing is set up in a new account, as at Stripe', async () => {
  world = await openWorld({ now: '2026-03-02', sandbox: { profile: 'strict' } });
  const { stripe } = world;
  const customer = await customerIn(BERLIN);
  expect(await stripe.tax.settings.retrieve()).toMatchObject({
    status: 'pending',
    head_office: null,
    status_details: { pending: { missing_fields: ['head_office'] } },
  });
  const inactive = await refusal(stripe.invoices.create({ customer: customer.id, automatic_tax: { enabled: true } }));
  expect(inactive.code).toBe('stripe_tax_inactive');
  await world.fresh();
  await stripe.tax.settings.update({ head_office: { address: { country: 'IE' } }, defaults: { tax_behavior: 'inferred_by_currency' } });
  expect(await world.fresh()).toEqual(['tax.settings.updated']);
  const draft = await draftFor(customer.id, [{ amount: 10_000 }]);
  expect(draft.total_taxes).toMatchObject([{ tax_behavior: 'inclusive', taxability_reason: 'not_collecting' }]);
  await stripe.tax.registrations.create({ country: 'DE', country_options: { de: { type: 'standard' } }, active_from: 'now' });
  expect((await stripe.invoices.finalizeInvoice(draft.id)).total_taxes).toMatchObject([{ amount: 1597, taxable_amount: 8403 }]);
});

test('tax codes', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const all = await world.stripe.taxCodes.list({ limit: 100 });
  expect(all.data.map((code) => code.id)).toContain('txcd_10103001');
  expect((await world.stripe.taxCodes.retrieve('txcd_99999999')).name).toBe('General - Tangible Goods');
  expect((await refusal(world.stripe.taxCodes.retrieve('txcd_1'))).statusCode).toBe(404);
  expect((await refusal(world.stripe.tax.settings.update({ defaults: { tax_code: 'txcd_1' } }))).param).toBe('defaults[tax_code]');
  const settings = await world.stripe.tax.settings.update({ defaults: { tax_code: 'txcd_10103001' } });
  expect(settings).toMatchObject({ status: 'active', defaults: { tax_behavior: 'exclusive', tax_code: 'txcd_10103001' } });
});
