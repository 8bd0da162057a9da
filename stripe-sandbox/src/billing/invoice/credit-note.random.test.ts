import fc from 'fast-check';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { openWorld, type World } from '../subscription/test-world.ts';

const items = fc.array(
  fc.record({
    unit: fc.integer({ min: 1, max: 5000 }),
    quantity: fc.integer({ min: 1, max: 7 }),
    tax: fc.constantFrom('on' as const, 'inside' as const, 'none' as const),
  }),
  { minLength: 1, maxLength: 4 },
);
const credits = fc.array(
  fc.record({
    line: fc.nat(3),
    amount: fc.integer({ min: 1, max: 12_000 }),
    how: fc.constantFrom('refund' as const, 'credit' as const, 'outside' as const),
    kind: fc.constantFrom('line' as const, 'rest' as const, 'amount' as const),
    void: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

test('random credit notes: their sums hold and the invoice agrees with them', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(items, credits, fc.boolean(), fc.integer({ min: 0, max: 60 }), async (lines, notes, pay, percent) => {
      const world = await openWorld({ now: '2026-03-02' });
      try {
        const invoice = await invoiceOf(world, lines, pay, percent);
        if (invoice !== null) for (const note of notes) await tolerate(() => creditOnce(world, invoice, note));
        if (invoice !== null) await checkBooks(world, invoice.id);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25, seed: 20_260_302 },
  );
});

type Item = typeof items extends fc.Arbitrary<(infer T)[]> ? T : never;
type Credit = typeof credits extends fc.Arbitrary<(infer T)[]> ? T : never;

async function invoiceOf(world: World, lines: Item[], pay: boolean, percent: number): Promise<Stripe.Invoice | null> {
  const { stripe } = world;
  const customer = await world.customer();
  const rates = {
    on: (await stripe.taxRates.create({ display_name: 'VAT', percentage: 8.25, inclusive: false })).id,
    inside: (await stripe.taxRates.create({ display_name: 'VAT', percentage: 19, inclusive: true })).id,
  };
  const coupon = percent === 0 ? null : await stripe.coupons.create({ percent_off: percent });
  const draft = await stripe.invoices.create({
    customer: customer.id,
    ...(coupon === null ? {} : { discounts: [{ coupon: coupon.id }] }),
  });
  for (const { unit, quantity, tax } of lines) {
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      unit_amount_decimal: String(unit) as never,
      quantity,
      ...(tax === 'none' ? {} : { tax_rates: [rates[tax]] }),
    });
  }
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  if (open.status === 'paid') return null;
  return pay ? stripe.invoices.pay(draft.id) : open;
}

async function creditOnce(world: World, invoice: Stripe.Invoice, credit: Credit): Promise<void> {
  const { stripe } = world;
  const line = invoice.lines.data[credit.line % invoice.lines.data.length]!;
  const lines = [
    {
      type: 'invoice_line_item' as const,
      invoice_line_item: line.id,
      ...(credit.kind === 'rest' ? {} : { amount: Math.min(credit.amount, line.amount) }),
    },
  ];
  const asked = { invoice: invoice.id, ...(credit.kind === 'amount' ? { amount: credit.amount } : { lines }) };
  // What goes back after payment is only known once the total is: ask for it first.
  const total = await totalOf(world, asked);
  const now = await stripe.invoices.retrieve(invoice.id);
  const post = total - Math.min(total, now.amount_remaining);
  const split = { refund: 'refund_amount', credit: 'credit_amount', outside: 'out_of_band_amount' }[credit.how];
  const note = await stripe.creditNotes.create({ ...asked, ...(post === 0 ? {} : { [split]: post }) });
  if (credit.void) await stripe.creditNotes.voidCreditNote(note.id);
}

/** The total of a note, found out by a refusal that names it or by a preview of an open invoice. */
async function totalOf(world: World, asked: Stripe.CreditNotePreviewParams): Promise<number> {
  try {
    return (await world.stripe.creditNotes.preview(asked)).total;
  } catch (error) {
    const named =
      error instanceof Stripe.errors.StripeError ? /must equal the credit note amount \(\$([\d,.]+)\)/.exec(error.message) : null;
    if (named === null) throw error;
    return Math.round(Number(named[1]!.replace(',', '')) * 100);
  }
}

async function checkBooks(world: World, id: string): Promise<void> {
  const { stripe } = world;
  const invoice = await stripe.invoices.retrieve(id, { expand: ['payments'] });
  const notes = (await stripe.creditNotes.list({ invoice: id, limit: 100 })).data;
  const sum = (list: Stripe.CreditNote[], of: (note: Stripe.CreditNote) => number) => list.reduce((left, note) => left + of(note), 0);
  for (const note of notes) {
    const lines = note.lines.data;
    expect(note.subtotal).toBe(lines.reduce((left, line) => left + line.amount, 0));
    expect(note.discount_amount).toBe(lines.reduce((left, line) => left + line.discount_amount, 0));
    const taxes = lines.flatMap((line) => line.taxes ?? []).filter((tax) => tax.tax_behavior === 'exclusive');
    expect(note.total).toBe(note.subtotal - note.discount_amount + taxes.reduce((left, tax) => left + tax.amount, 0));
    expect(note.pre_payment_amount + note.post_payment_amount).toBe(note.total);
    expect(Math.min(note.pre_payment_amount, note.post_payment_amount)).toBeGreaterThanOrEqual(0);
  }
  const issued = notes.filter((note) => note.status === 'issued');
  expect(invoice.pre_payment_credit_notes_amount).toBe(sum(issued, (note) => note.pre_payment_amount));
  expect(invoice.post_payment_credit_notes_amount).toBe(sum(issued, (note) => note.post_payment_amount));
  expect(sum(issued, (note) => note.total)).toBeLessThanOrEqual(invoice.total);
  expect(invoice.amount_due).toBe(invoice.total - invoice.pre_payment_credit_notes_amount);
  expect(invoice.amount_remaining).toBe(invoice.amount_due - invoice.amount_paid);
  expect(invoice.status === 'paid').toBe(invoice.amount_remaining === 0);
  for (const line of invoice.lines.data) {
    const of = issued.flatMap((note) => note.lines.data).filter((credit) => credit.invoice_line_item === line.id);
    const off = (line.discount_amounts ?? []).reduce((left, part) => left + part.amount, 0);
    expect(of.reduce((left, credit) => left + credit.amount, 0)).toBeLessThanOrEqual(line.amount);
    expect(of.reduce((left, credit) => left + credit.discount_amount, 0)).toBeLessThanOrEqual(off + of.length);
  }
  for (const payment of invoice.payments!.data.filter((entry) => entry.status === 'open')) {
    expect(payment.amount_requested).toBe(invoice.amount_remaining);
    expect((await stripe.paymentIntents.retrieve(payment.payment.payment_intent as string)).amount).toBe(invoice.amount_remaining);
  }
}

async function tolerate(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 500) < 500) return;
    throw error;
  }
}
