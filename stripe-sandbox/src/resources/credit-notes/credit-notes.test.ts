import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

/** An invoice of 40.00 + 10.00. */
async function invoiceOf(pay: boolean) {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await world.customer();
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 4000, description: 'Work' });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000, description: 'Travel' });
  const invoice = pay ? await stripe.invoices.pay(draft.id) : await stripe.invoices.finalizeInvoice(draft.id);
  await world.fresh();
  return { stripe, customer, invoice };
}

test('an open invoice: the credit lowers what is due; voiding it puts it back; all of it makes the invoice paid', async () => {
  const { stripe, invoice } = await invoiceOf(false);
  const note = await stripe.creditNotes.create({
    invoice: invoice.id,
    lines: [{ type: 'invoice_line_item', invoice_line_item: invoice.lines.data[1]!.id, quantity: 1 }],
  });
  expect(note).toMatchObject({
    type: 'pre_payment',
    total: 1000,
    pre_payment_amount: 1000,
    status: 'issued',
    number: `${invoice.number}-CN-01`,
  });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
    amount_remaining: 4000,
    pre_payment_credit_notes_amount: 1000,
    status: 'open',
  });
  expect(await world.fresh()).toEqual(['credit_note.created', 'invoice.updated']);
  expect(await stripe.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: 'void' });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ amount_remaining: 5000 });
  await stripe.creditNotes.create({ invoice: invoice.id, amount: 5000 });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 0, amount_remaining: 0 });
});

test('a paid invoice: part refunded, part to the balance; the parts must add up and never exceed what was paid', async () => {
  const { stripe, customer, invoice } = await invoiceOf(true);
  const wrong = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 2000, refund_amount: 500 }));
  expect(wrong.message).toContain('($5.00) must equal the credit note amount ($20.00)');
  const preview = await stripe.creditNotes.preview({ invoice: invoice.id, amount: 2000, credit_amount: 2000 });
  expect(preview.total).toBe(2000);
  const note = await stripe.creditNotes.create({
    invoice: invoice.id,
    amount: 2000,
    refund_amount: 1500,
    credit_amount: 500,
    reason: 'order_change',
  });
  expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 2000, refunds: [{ amount_refunded: 1500 }] });
  expect(await world.fresh()).toEqual(['refund.created', 'charge.refunded', 'credit_note.created', 'invoice.updated']);
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ balance: -500 });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', post_payment_credit_notes_amount: 2000 });
  const tooMuch = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 4000, out_of_band_amount: 4000 }));
  expect(tooMuch.message).toContain('$30.00');
  expect((await stripe.creditNotes.list({ invoice: invoice.id })).data.map((entry) => entry.id)).toEqual([note.id]);
  expect((await stripe.creditNotes.listLineItems(note.id)).data).toHaveLength(1);
  expect((await stripe.creditNotes.update(note.id, { memo: 'sorry' })).memo).toBe('sorry');
});
