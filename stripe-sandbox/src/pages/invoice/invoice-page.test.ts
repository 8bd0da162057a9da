import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';
import { submit, visit } from '../test-forms.ts';

const CARD = { card_expiry: '12 / 34', card_cvc: '123', action: 'pay' };

let world: TestSandbox;
let stripe: Stripe;
let customer: Stripe.Customer;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  ({ stripe } = world);
  customer = await stripe.customers.create({ email: 'jane@example.com', name: 'Jane <Roe>' });
});
afterEach(() => world.close());

async function openInvoice(): Promise<Stripe.Invoice> {
  await stripe.invoiceItems.create({ customer: customer.id, amount: 4200, currency: 'usd', description: 'Consulting & more' });
  const draft = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 14,
    pending_invoice_items_behavior: 'include',
  });
  return stripe.invoices.finalizeInvoice(draft.id!);
}

test('the page shows lines and sums, escaped; paying leads to the paid page with a receipt', async () => {
  const invoice = await openInvoice();
  const shown = await visit(world.sandbox, invoice.hosted_invoice_url!);
  expect(shown.html).toContain('Consulting &amp; more');
  expect(shown.html).toContain('Jane &lt;Roe&gt;');
  expect(shown.html).toContain('15 March 2026');
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");

  const declined = await submit(world.sandbox, invoice.hosted_invoice_url!, { ...CARD, card_number: '4000000000000002' });
  expect([declined.status, declined.html.includes('Your card was declined.')]).toEqual([402, true]);
  const paid = await submit(world.sandbox, invoice.hosted_invoice_url!, { ...CARD, card_number: '4242424242424242' });
  expect(paid.status).toBe(303);
  const after = await visit(world.sandbox, paid.location!);
  expect(after.html).toContain('This invoice is paid.');
  const receipt = /href="([^"]*\/receipts\/[^"]+)"/.exec(after.html)![1]!;
  expect((await visit(world.sandbox, receipt)).html).toContain('$42.00');
  expect((await stripe.invoices.retrieve(invoice.id!)).status).toBe('paid');
});

test('2026-04-01: a renewal fails; the hosted page recovers the subscription and the new card pays from then on', async () => {
  const product = await stripe.products.create({ name: 'Team' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  await world.sandbox.control.outcome({
    account: world.account,
    customer: customer.id,
    outcome: { kind: 'decline', code: 'card_declined' },
  });
  await world.advance('2026-04-01T10:30:00Z');
  const failed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(failed.status).toBe('past_due');

  const url = (failed.latest_invoice as Stripe.Invoice).hosted_invoice_url!;
  const asked = await submit(world.sandbox, url, { ...CARD, method: 'new', card_number: '4000002500003155', keep: 'yes' });
  const back = await submit(world.sandbox, asked.location!, { decision: 'complete' });
  expect(new URL(back.location!).pathname).toBe(new URL(url).pathname);
  const recovered = await stripe.subscriptions.retrieve(subscription.id);
  expect(recovered.status).toBe('active');
  const method = await stripe.paymentMethods.retrieve(recovered.default_payment_method as string);
  expect(method.card?.last4).toBe('3155');
  await world.advance('2026-05-01T11:00:00Z');
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
});

test('the PDF is a valid small file, over several pages when there are many lines', async () => {
  for (let line = 0; line < 40; line += 1) {
    await stripe.invoiceItems.create({ customer: customer.id, amount: 100 + line, currency: 'eur', description: `Line (${line})` });
  }
  const draft = await stripe.invoices.create({ customer: customer.id, currency: 'eur', pending_invoice_items_behavior: 'include' });
  const invoice = await stripe.invoices.finalizeInvoice(draft.id!);
  const answer = await world.sandbox.fetch(invoice.invoice_pdf!);
  const bytes = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(bytes.startsWith('%PDF-1.4')).toBe(true);
  const xref = Number(/startxref\n(\d+)/.exec(bytes)![1]);
  expect(bytes.slice(xref, xref + 4)).toBe('xref');
  for (const [index, match] of [...bytes.slice(xref).matchAll(/^(\d{10}) 00000 n/gm)].entries()) {
    expect(bytes.slice(Number(match[1])).startsWith(`${index + 1} 0 obj`)).toBe(true);
  }
  expect(bytes).toContain('/Count 3');
  expect(bytes).toContain('Line \\(39\\)');
});

test('an unknown token shows nothing', async () => {
  expect((await visit(world.sandbox, '/i/test_unknown')).status).toBe(404);
  expect((await visit(world.sandbox, `/i/${customer.id}`)).status).toBe(404);
});
