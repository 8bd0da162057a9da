import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function start(settings: object = {}) {
  world = await openWorld({ now: '2026-03-02T08:00:00Z', settings });
  const customer = await world.customer();
  await world.fresh();
  return { stripe: world.stripe, customer };
}

async function draftOf(customer: string, amount = 5000, more: Partial<Stripe.InvoiceCreateParams> = {}) {
  const draft = await world.stripe.invoices.create({ customer, ...more });
  await world.stripe.invoiceItems.create({ customer, invoice: draft.id, amount, description: 'Work', currency: draft.currency });
  return world.stripe.invoices.retrieve(draft.id);
}

test('custom fields and footer: the invoice’s own, else what the customer’s invoices always say', async () => {
  const { stripe, customer } = await start();
  await stripe.customers.update(customer.id, {
    invoice_settings: { footer: 'Thank you', custom_fields: [{ name: 'PO', value: '17' }] },
  });
  const always = await draftOf(customer.id);
  expect(always).toMatchObject({ footer: 'Thank you', custom_fields: [{ name: 'PO', value: '17' }] });
  const own = await draftOf(customer.id, 1, { footer: 'Bye', custom_fields: '' });
  expect(own).toMatchObject({ footer: 'Bye', custom_fields: null });
  const five = Array.from({ length: 5 }, (_, index) => ({ name: `n${index}`, value: 'v' }));
  expect((await refusal(stripe.invoices.update(own.id, { custom_fields: five }))).param).toBe('custom_fields');
});

test('a subscription’s invoice settings reach its invoices', async () => {
  const { stripe, customer } = await start();
  const taxId = await stripe.taxIds.create({ type: 'eu_vat', value: 'IE1234567FA' });
  const price = await world.price(2000);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    invoice_settings: { account_tax_ids: [taxId.id], footer: 'Foot', custom_fields: [{ name: 'Team', value: 'A' }], description: 'Plan' },
    expand: ['latest_invoice'],
  });
  expect(subscription.latest_invoice).toMatchObject({
    account_tax_ids: [taxId.id],
    footer: 'Foot',
    custom_fields: [{ name: 'Team', value: 'A' }],
    description: 'Plan',
  });
});

test('tax ids of the account, payment settings and the delivery address are kept and frozen', async () => {
  const { stripe, customer } = await start();
  const taxId = await stripe.taxIds.create({ type: 'eu_vat', value: 'IE1234567FA' });
  const foreign = await stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' });
  const draft = await draftOf(customer.id, 5000, {
    account_tax_ids: [taxId.id],
    payment_settings: { payment_method_types: ['card'], payment_method_options: { card: { request_three_d_secure: 'any' } } },
    shipping_details: { name: 'Ada', address: { country: 'DE', line1: 'Unter den Linden 1' } },
  });
  expect(draft).toMatchObject({
    account_tax_ids: [taxId.id],
    payment_settings: {
      payment_method_types: ['card'],
      payment_method_options: { card: { request_three_d_secure: 'any' }, konbini: null },
    },
    shipping_details: { name: 'Ada', phone: null, address: { country: 'DE', city: null } },
  });
  const wrong = await refusal(stripe.invoices.update(draft.id, { account_tax_ids: [foreign.id] }));
  expect(wrong.param).toBe('account_tax_ids[0]');
  const options = { us_bank_account: { verification_method: 'instant' as const } };
  const refused = await refusal(stripe.invoices.update(draft.id, { payment_settings: { payment_method_options: options } }));
  expect([refused.code, refused.param]).toEqual(['sandbox_not_emulated', 'payment_settings[payment_method_options][us_bank_account]']);
  await stripe.invoices.finalizeInvoice(draft.id);
  const frozen = await refusal(stripe.invoices.update(draft.id, { shipping_details: '' }));
  expect([frozen.code, frozen.param]).toEqual(['invoice_not_editable', 'shipping_details']);
});

test('delivery costs are beside the subtotal, in the total, and taxed with automatic tax', async () => {
  const { stripe, customer } = await start();
  const shipping_cost = { shipping_rate_data: { display_name: 'Parcel', fixed_amount: { amount: 490, currency: 'usd' } } };
  const draft = await draftOf(customer.id, 5000, { shipping_cost });
  expect(draft).toMatchObject({
    subtotal: 5000,
    amount_shipping: 490,
    total: 5490,
    amount_due: 5490,
    shipping_cost: { amount_subtotal: 490, amount_tax: 0, amount_total: 490 },
  });
  const rate = draft.shipping_cost!.shipping_rate as string;
  expect(await stripe.invoices.update(draft.id, { shipping_cost: '' })).toMatchObject({
    total: 5000,
    amount_shipping: 0,
    shipping_cost: null,
  });
  await stripe.customers.update(customer.id, { address: { country: 'DE' } });
  const taxed = await stripe.invoices.update(draft.id, { shipping_cost: { shipping_rate: rate }, automatic_tax: { enabled: true } });
  // 50.00 + 9.50 + 4.90 + 0.93
  expect(taxed).toMatchObject({ total: 6533, total_excluding_tax: 5490, shipping_cost: { amount_tax: 93, amount_total: 583 } });
  expect(taxed.total_taxes).toMatchObject([{ amount: 1043, taxable_amount: 5490 }]);
  expect(await stripe.invoices.pay(draft.id)).toMatchObject({ amount_paid: 6533, status: 'paid' });
  const both = await refusal(stripe.invoices.create({ customer: customer.id, shipping_cost: { ...shipping_cost, shipping_rate: rate } }));
  expect(both.code).toBe('parameters_exclusive');
  const euros = await refusal(stripe.invoices.create({ customer: customer.id, currency: 'eur', shipping_cost: { shipping_rate: rate } }));
  expect(euros.param).toBe('shipping_cost');
});

test('[S 3.5] numbers: one sequence per customer, or for the account; a number of one’s own is never given twice', async () => {
  const { stripe, customer } = await start();
  const first = await stripe.invoices.finalizeInvoice((await draftOf(customer.id)).id);
  expect(first.number).toBe(`${customer.invoice_prefix}-0001`);
  const own = await stripe.invoices.finalizeInvoice((await draftOf(customer.id, 5000, { number: `${customer.invoice_prefix}-0003` })).id);
  expect(own.number).toBe(`${customer.invoice_prefix}-0003`);
  const taken = await refusal(stripe.invoices.create({ customer: customer.id, number: own.number! }));
  expect(taken.param).toBe('number');
  const numbers = [];
  for (let count = 0; count < 2; count += 1) numbers.push((await stripe.invoices.finalizeInvoice((await draftOf(customer.id)).id)).number);
  expect(numbers).toEqual([`${customer.invoice_prefix}-0002`, `${customer.invoice_prefix}-0004`]);
  await world.sandbox.control.updateAccount({ account: world.account, settings: { numbering: 'account' } });
  const other = await world.customer();
  const one = await stripe.invoices.finalizeInvoice((await draftOf(customer.id)).id);
  const two = await stripe.invoices.finalizeInvoice((await draftOf(other.id)).id);
  expect([one.number!.slice(-5), two.number!.slice(-5)]).toEqual(['-0001', '-0002']);
  expect(one.number!.slice(0, -5)).toBe(two.number!.slice(0, -5));
  // An invoice of nothing takes a number too.
  const nothing = await stripe.invoices.finalizeInvoice((await stripe.invoices.create({ customer: customer.id })).id);
  expect(nothing).toMatchObject({ status: 'paid', amount_due: 0, attempt_count: 0 });
  expect(nothing.number!.endsWith('-0003')).toBe(true);
});

test('a finalized invoice is revised by a draft that takes its place', async () => {
  const { stripe, customer } = await start();
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -1000, currency: 'usd' });
  const draft = await draftOf(customer.id, 5000, { description: 'Offer', collection_method: 'send_invoice', days_until_due: 10 });
  const original = await stripe.invoices.finalizeInvoice(draft.id);
  expect(original).toMatchObject({ amount_due: 4000, starting_balance: -1000, ending_balance: 0 });
  await stripe.customers.update(customer.id, { name: 'Ada Lovelace' });
  const revision = await stripe.invoices.create({ from_invoice: { action: 'revision', invoice: original.id } });
  expect(revision).toMatchObject({
    status: 'draft',
    from_invoice: { action: 'revision', invoice: original.id },
    description: 'Offer',
    customer_name: 'Ada Lovelace',
    total: 5000,
    number: null,
    lines: { data: [{ amount: 5000, description: 'Work' }] },
  });
  await stripe.invoices.updateLineItem(revision.id, revision.lines.data[0]!.id, { amount: 6000 });
  await world.fresh();
  const final = await stripe.invoices.finalizeInvoice(revision.id);
  expect(final).toMatchObject({ status: 'open', total: 6000, amount_due: 5000, starting_balance: -1000, ending_balance: 0 });
  expect(await world.fresh()).toEqual([
    'payment_intent.canceled',
    'invoice.voided',
    'payment_intent.created',
    'invoice.updated',
    'invoice.finalized',
  ]);
  expect(await stripe.invoices.retrieve(original.id)).toMatchObject({ status: 'void', latest_revision: final.id });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 0 });
  const again = await refusal(stripe.invoices.create({ from_invoice: { action: 'revision', invoice: original.id } }));
  expect(again.param).toBe('from_invoice[invoice]');
  const mixed = await refusal(stripe.invoices.create({ customer: customer.id, from_invoice: { action: 'revision', invoice: final.id } }));
  expect(mixed.param).toBe('customer');
  const price = await world.price(2000);
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  const bound = await refusal(
    stripe.invoices.create({ from_invoice: { action: 'revision', invoice: subscription.latest_invoice as string } }),
  );
  expect(bound.message).toContain('subscriptions');
});

test('a revision keeps the due date, the look and the taxes of its original', async () => {
  const { stripe, customer } = await start();
  await stripe.customers.update(customer.id, { address: { country: 'DE' } });
  const draft = await draftOf(customer.id, 5000, {
    collection_method: 'send_invoice',
    due_date: at('2026-05-01'),
    automatic_tax: { enabled: true },
    rendering: { amount_tax_display: 'exclude_tax', pdf: { page_size: 'a4' } },
    custom_fields: [{ name: 'PO', value: '1' }],
  });
  const original = await stripe.invoices.finalizeInvoice(draft.id);
  const revision = await stripe.invoices.create({ from_invoice: { action: 'revision', invoice: original.id }, description: 'Again' });
  expect(revision).toMatchObject({
    due_date: at('2026-05-01'),
    collection_method: 'send_invoice',
    total: 5950,
    rendering: { amount_tax_display: 'exclude_tax', pdf: { page_size: 'a4' } },
    custom_fields: [{ name: 'PO', value: '1' }],
    description: 'Again',
  });
  await stripe.invoices.markUncollectible(original.id);
  expect((await stripe.invoices.finalizeInvoice(revision.id)).status).toBe('open');
  expect((await stripe.invoices.retrieve(original.id)).status).toBe('void');
});

test('an invoice paid before its revision is finalized stays; the revision cannot replace it', async () => {
  const { stripe, customer } = await start();
  const original = await stripe.invoices.finalizeInvoice((await draftOf(customer.id)).id);
  const revision = await stripe.invoices.create({ from_invoice: { action: 'revision', invoice: original.id } });
  await stripe.invoices.pay(original.id);
  expect((await refusal(stripe.invoices.finalizeInvoice(revision.id))).code).toBe('invoice_not_editable');
  expect(await stripe.invoices.retrieve(original.id)).toMatchObject({ status: 'paid', latest_revision: null });
});

test('lines: amount, quantity, price, rates and discounts change in place, and reach the invoice item', async () => {
  const { stripe, customer } = await start();
  const draft = await draftOf(customer.id);
  await stripe.invoices.addLines(draft.id, { lines: [{ amount: 300, description: 'Second' }] });
  const [first, second] = (await stripe.invoices.retrieve(draft.id)).lines.data;
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 250, product_data: { name: 'Sticker' } });
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
  const line = await stripe.invoices.updateLineItem(draft.id, first!.id, {
    pricing: { price: price.id },
    quantity: 4,
    tax_rates: [rate.id],
  });
  expect(line).toMatchObject({ id: first!.id, amount: 1000, quantity: 4, taxes: [{ amount: 100 }] });
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
  const changed = await stripe.invoices.updateLines(draft.id, {
    lines: [
      { id: second!.id, amount: 400, description: 'Changed', discounts: [{ coupon: coupon.id }] },
      { id: first!.id, quantity: 2 },
    ],
    invoice_metadata: { order: '7' },
  });
  expect(changed.lines.data.map((one) => [one.id, one.amount])).toEqual([
    [first!.id, 500],
    [second!.id, 400],
  ]);
  expect(changed).toMatchObject({ subtotal: 900, total: 500 + 50 + 200, metadata: { order: '7' } });
  const item = first!.parent!.invoice_item_details!.invoice_item;
  expect(await stripe.invoiceItems.retrieve(item)).toMatchObject({ amount: 500, quantity: 2 });
  const taxes = [{ amount: 1, taxable_amount: 1, tax_rate_data: { display_name: 'x', inclusive: false, percentage: 1 } }];
  const refused = await refusal(stripe.invoices.updateLineItem(draft.id, first!.id, { tax_amounts: taxes }));
  expect([refused.code, refused.param]).toEqual(['sandbox_not_emulated', 'tax_amounts']);
  expect((await refusal(stripe.invoices.updateLineItem(draft.id, 'il_none', { description: 'x' }))).statusCode).toBe(404);
  const missing = await refusal(stripe.invoices.updateLines(draft.id, { lines: [{ id: 'il_none' }] }));
  expect([missing.statusCode, missing.param]).toEqual([400, 'lines[0][id]']);
});

test('templates: seeded, named by customers and invoices, archived for new ones', async () => {
  const { stripe, customer } = await start();
  const template = (id: string, version: number) => ({
    id,
    object: 'invoice_rendering_template',
    created: at('2026-01-01'),
    livemode: false,
    metadata: {},
    nickname: id,
    status: 'active',
    version,
  });
  await world.sandbox.control.seed({ account: world.account, objects: [template('inrtem_a', 3), template('inrtem_b', 1)] });
  expect((await stripe.invoiceRenderingTemplates.list()).data.map((one) => one.id)).toEqual(['inrtem_b', 'inrtem_a']);
  await stripe.customers.update(customer.id, {
    invoice_settings: { rendering_options: { template: 'inrtem_a', amount_tax_display: 'include_inclusive_tax' } },
  });
  const draft = await draftOf(customer.id);
  expect(draft.rendering).toEqual({
    amount_tax_display: 'include_inclusive_tax',
    pdf: { page_size: 'auto' },
    template: 'inrtem_a',
    template_version: null,
  });
  expect((await stripe.invoices.finalizeInvoice(draft.id)).rendering).toMatchObject({ pdf: { page_size: 'letter' }, template_version: 3 });
  const own = await draftOf(customer.id, 5000, { rendering: { template: 'inrtem_b', pdf: { page_size: 'a4' }, template_version: 1 } });
  expect((await stripe.invoices.finalizeInvoice(own.id)).rendering).toMatchObject({ template: 'inrtem_b', pdf: { page_size: 'a4' } });
  expect((await stripe.invoiceRenderingTemplates.archive('inrtem_a')).status).toBe('archived');
  expect((await stripe.invoiceRenderingTemplates.list({ status: 'archived' })).data.map((one) => one.id)).toEqual(['inrtem_a']);
  const archived = await refusal(stripe.invoices.create({ customer: customer.id, rendering: { template: 'inrtem_a' } }));
  expect(archived.param).toBe('rendering[template]');
  const onCustomer = await refusal(stripe.customers.create({ invoice_settings: { rendering_options: { template: 'inrtem_a' } } }));
  expect(onCustomer.statusCode).toBe(400);
  // Where it is set already it stays.
  expect((await draftOf(customer.id)).rendering?.template).toBe('inrtem_a');
  expect((await stripe.invoiceRenderingTemplates.unarchive('inrtem_a')).status).toBe('active');
  expect((await refusal(stripe.invoiceRenderingTemplates.unarchive('inrtem_a'))).code).toBe('status_transition_invalid');
  expect((await refusal(stripe.invoiceRenderingTemplates.retrieve('inrtem_a', { version: 2 }))).code).toBe('sandbox_not_emulated');
  expect((await refusal(stripe.invoiceRenderingTemplates.retrieve('inrtem_a', { version: 4 }))).statusCode).toBe(404);
  const version = await refusal(
    stripe.invoices.create({ customer: customer.id, rendering: { template: 'inrtem_b', template_version: 2 } }),
  );
  expect(version.param).toBe('rendering[template_version]');
});

test('[S 3.5] finalization at a chosen time: in the future, at most five years, only when the draft advances by itself', async () => {
  const { stripe, customer } = await start();
  const draft = await draftOf(customer.id, 5000, { auto_advance: true, automatically_finalizes_at: at('2026-04-01') });
  expect(draft).toMatchObject({ automatically_finalizes_at: at('2026-04-01'), next_payment_attempt: at('2026-04-01') });
  const wish = (value: number) => stripe.invoices.update(draft.id, { automatically_finalizes_at: value });
  expect((await refusal(wish(at('2026-03-01')))).param).toBe('automatically_finalizes_at');
  expect((await refusal(wish(at('2031-04-01')))).param).toBe('automatically_finalizes_at');
  await wish(at('2026-03-20'));
  await world.to('2026-03-19');
  expect((await stripe.invoices.retrieve(draft.id)).status).toBe('draft');
  await world.to('2026-03-20');
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid', automatically_finalizes_at: null, auto_advance: false });
  const still = await refusal(stripe.invoices.create({ customer: customer.id, automatically_finalizes_at: at('2026-04-01') }));
  expect(still.param).toBe('automatically_finalizes_at');
});

test('due dates belong to invoices that are sent', async () => {
  const { stripe, customer } = await start();
  const draft = await draftOf(customer.id);
  expect((await refusal(stripe.invoices.update(draft.id, { days_until_due: 3 }))).param).toBe('days_until_due');
  expect((await refusal(stripe.invoices.update(draft.id, { collection_method: 'send_invoice' }))).param).toBe('days_until_due');
  const sent = await stripe.invoices.update(draft.id, { collection_method: 'send_invoice', due_date: at('2026-05-01') });
  expect(sent.due_date).toBe(at('2026-05-01'));
  const both = await refusal(
    stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 3, due_date: at('2026-05-01') }),
  );
  expect(both.code).toBe('parameters_exclusive');
  const back = await stripe.invoices.update(draft.id, { collection_method: 'charge_automatically' });
  expect(back.due_date).toBeNull();
});
