import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

/** 3 × 33.33 with a discount of 10 % and 19 % tax on top, and 11.90 with tax inside. */
async function taxedInvoice(pay: boolean) {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer();
  const on = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: false });
  const inside = await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: true });
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'once' });
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({
    customer: customer.id,
    invoice: draft.id,
    unit_amount_decimal: '3333' as never,
    quantity: 3,
    currency: 'usd',
    tax_rates: [on.id],
    discounts: [{ coupon: coupon.id }],
  });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1190, currency: 'usd', tax_rates: [inside.id] });
  const invoice = pay ? await stripe.invoices.pay(draft.id) : await stripe.invoices.finalizeInvoice(draft.id);
  await world.fresh();
  return { stripe, customer, invoice, rates: { on: on.id, inside: inside.id } };
}

const credit = (invoice: Stripe.Invoice, index: number, more: Partial<Stripe.CreditNoteCreateParams.Line>) => ({
  type: 'invoice_line_item' as const,
  invoice_line_item: invoice.lines.data[index]!.id,
  ...more,
});

test('three credits of one unit each give back exactly the line: discounts, taxes and total to the cent', async () => {
  const { stripe, invoice } = await taxedInvoice(true);
  // 9999 − 1000 = 8999, + 19 % = 1709.81 → 1710.
  expect(invoice).toMatchObject({ subtotal: 9999 + 1190, total: 8999 + 1710 + 1190 });
  const notes: Stripe.CreditNote[] = [];
  for (let unit = 0; unit < 3; unit += 1) {
    const lines = [credit(invoice, 0, { quantity: 1 })];
    // 33.33 − 3.33 + 5.70; the last takes 3.34 of the discount.
    const total = unit < 2 ? 3570 : 3569;
    notes.push(await stripe.creditNotes.create({ invoice: invoice.id, lines, credit_amount: total }));
  }
  const sum = (of: (note: Stripe.CreditNote) => number) => notes.reduce((left, note) => left + of(note), 0);
  expect(sum((note) => note.subtotal)).toBe(9999);
  expect(sum((note) => note.discount_amount)).toBe(1000);
  expect(sum((note) => note.total_taxes![0]!.amount)).toBe(1710);
  expect(sum((note) => note.total)).toBe(8999 + 1710);
  const more = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, lines: [credit(invoice, 0, { quantity: 1 })], credit_amount: 1 }),
  );
  expect(more.param).toBe('lines[0][quantity]');
});

test('tax inside stays inside: the amounts without tax', async () => {
  const { stripe, invoice, rates } = await taxedInvoice(false);
  const note = await stripe.creditNotes.create({ invoice: invoice.id, lines: [credit(invoice, 1, { amount: 595 })] });
  expect(note).toMatchObject({ type: 'pre_payment', subtotal: 595, subtotal_excluding_tax: 500, total: 595, total_excluding_tax: 500 });
  expect(note.total_taxes).toMatchObject([
    { amount: 95, taxable_amount: 500, tax_behavior: 'inclusive', tax_rate_details: { tax_rate: rates.inside } },
  ]);
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
    amount_remaining: 11_899 - 595,
    pre_payment_credit_notes_amount: 595,
  });
});

test('lines of one’s own: with tax rates, with taxes worked out elsewhere, never both', async () => {
  const { stripe, invoice, rates } = await taxedInvoice(true);
  const line = { type: 'custom_line_item' as const, description: 'Goodwill', quantity: 2, unit_amount: 500 };
  const worked = await stripe.creditNotes.preview({
    invoice: invoice.id,
    lines: [{ ...line, tax_rates: [rates.on] }],
    credit_amount: 1190,
  });
  expect(worked).toMatchObject({
    subtotal: 1000,
    total: 1190,
    total_taxes: [{ amount: 190, taxable_amount: 1000, tax_behavior: 'exclusive' }],
  });
  const taxes = [{ amount: 77, tax_rate: rates.on, taxable_amount: 1000 }];
  const given = await stripe.creditNotes.preview({
    invoice: invoice.id,
    lines: [{ ...line, tax_amounts: taxes }],
    out_of_band_amount: 1077,
  });
  expect(given).toMatchObject({ total: 1077, out_of_band_amount: 1077 });
  const both = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, lines: [{ ...line, tax_rates: [rates.on], tax_amounts: taxes }], credit_amount: 1 }),
  );
  expect(both.code).toBe('parameters_exclusive');
  const unknown = await refusal(stripe.creditNotes.create({ invoice: invoice.id, lines: [{ ...line, tax_rates: ['txr_none'] }] }));
  expect([unknown.code, unknown.param]).toEqual(['resource_missing', 'lines[0][tax_rates]']);
  const onLine = await refusal(stripe.creditNotes.create({ invoice: invoice.id, lines: [credit(invoice, 0, { tax_rates: [rates.on] })] }));
  expect(onLine.param).toBe('lines[0][tax_rates]');
});

test('a refund made before is tied to the note, whole or in part, and never twice', async () => {
  const { stripe, invoice } = await taxedInvoice(true);
  const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
  const refund = await stripe.refunds.create({ payment_intent: payment!.payment.payment_intent as string, amount: 2000 });
  await world.fresh();
  const part = await stripe.creditNotes.create({
    invoice: invoice.id,
    amount: 1500,
    refunds: [{ refund: refund.id, amount_refunded: 500 }],
    credit_amount: 1000,
    reason: 'duplicate',
  });
  expect(part.refunds).toEqual([{ amount_refunded: 500, payment_record_refund: null, refund: refund.id, type: 'refund' }]);
  expect(await world.fresh()).toEqual(['credit_note.created', 'invoice.updated']);
  // Without an amount: all that is free of it.
  const rest = await stripe.creditNotes.create({ invoice: invoice.id, amount: 1500, refunds: [{ refund: refund.id }] });
  expect(rest.refunds[0]?.amount_refunded).toBe(1500);
  const again = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 1, refunds: [{ refund: refund.id }] }));
  expect(again.param).toBe('refunds[0][amount_refunded]');
  expect((await stripe.invoices.retrieve(invoice.id)).post_payment_credit_notes_amount).toBe(3000);
});

test('what was paid by credit comes back as credit: more than the charge cannot be refunded', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer();
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -4000, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 10_000 });
  const invoice = await stripe.invoices.pay(draft.id);
  expect(invoice).toMatchObject({ total: 10_000, amount_due: 6000, amount_paid: 6000 });
  const tooMuch = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 10_000, refund_amount: 10_000 }));
  expect(tooMuch.statusCode).toBe(400);
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 10_000, refund_amount: 6000, credit_amount: 4000 });
  expect(note).toMatchObject({ post_payment_amount: 10_000, type: 'post_payment' });
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -4000 });
  expect((await stripe.customers.listBalanceTransactions(customer.id)).data[0]).toMatchObject({
    type: 'credit_note',
    credit_note: note.id,
  });
});

test('refusals: nothing to credit, too much, wrong sums, wrong states', async () => {
  const { stripe, invoice } = await taxedInvoice(true);
  expect((await refusal(stripe.creditNotes.create({ invoice: invoice.id }))).code).toBe('parameter_missing');
  expect((await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 0 }))).param).toBe('amount');
  const over = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 11_900, credit_amount: 11_900 }));
  expect(over.message).toContain('$118.99');
  const sums = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, amount: 500, lines: [credit(invoice, 1, { amount: 595 })], credit_amount: 595 }),
  );
  expect(sums.message).toContain('must equal the sum of the lines');
  const twice = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, lines: [credit(invoice, 1, { amount: 1 }), credit(invoice, 1, { amount: 1 })] }),
  );
  expect(twice.param).toBe('lines');
  const draft = await stripe.invoices.create({ customer: invoice.customer as string });
  expect((await refusal(stripe.creditNotes.create({ invoice: draft.id, amount: 1 }))).param).toBe('invoice');
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 100, out_of_band_amount: 100 });
  expect((await refusal(stripe.creditNotes.voidCreditNote(note.id))).code).toBe('status_transition_invalid');
  const missing = await refusal(stripe.creditNotes.create({ invoice: invoice.id, lines: [{ type: 'custom_line_item', quantity: 1 }] }));
  expect([missing.code, missing.param]).toEqual(['parameter_missing', 'lines[0][unit_amount]']);
});

test('previews write nothing and show the same lines', async () => {
  const { stripe, invoice } = await taxedInvoice(true);
  const before = JSON.stringify(await world.sandbox.control.state(world.account));
  const lines = [credit(invoice, 0, { quantity: 2 }), { type: 'custom_line_item' as const, unit_amount: 100, quantity: 1 }];
  const wanted = { invoice: invoice.id, lines, out_of_band_amount: 7239 };
  const preview = await stripe.creditNotes.preview(wanted);
  const shown = await stripe.creditNotes.listPreviewLineItems({ ...wanted, limit: 1 });
  expect([shown.data.length, shown.has_more]).toEqual([1, true]);
  expect(JSON.stringify(await world.sandbox.control.state(world.account))).toBe(before);
  const made = await stripe.creditNotes.create(wanted);
  const { id: _a, pdf: _b, lines: previewed, ...left } = preview;
  const { id: _c, pdf: _d, lines: stored, ...right } = made;
  expect(left).toEqual(right);
  const withoutIds = (list: Stripe.ApiList<Stripe.CreditNoteLineItem>) => list.data.map(({ id: _id, ...line }) => line);
  expect(withoutIds(previewed)).toEqual(withoutIds(stored));
  expect((await stripe.creditNotes.listLineItems(made.id, { limit: 1 })).has_more).toBe(true);
  const pdf = await world.sandbox.fetch(made.pdf);
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
});
