import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

async function start() {
  world = await openWorld({ now: '2026-03-02' });
  return { stripe: world.stripe, customer: await world.customer() };
}

test('what a finalized invoice still accepts, and what it does not', async () => {
  const { stripe, customer } = await start();
  const draft = await stripe.invoices.create({ customer: customer.id });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 5000 });
  await stripe.invoices.finalizeInvoice(draft.id);
  await world.fresh();
  const worded = await stripe.invoices.update(draft.id, { description: 'Paid soon', footer: 'Bye', metadata: { a: '1' } });
  expect(worded).toMatchObject({ description: 'Paid soon', footer: 'Bye', metadata: { a: '1' } });
  expect(await world.fresh()).toEqual(['invoice.updated']);
  const frozen: Stripe.InvoiceUpdateParams[] = [
    { number: 'X-1' },
    { custom_fields: [{ name: 'a', value: 'b' }] },
    { automatic_tax: { enabled: true } },
    { account_tax_ids: '' },
    { shipping_cost: '' },
    { rendering: { pdf: { page_size: 'a4' } } },
    { effective_at: at('2026-03-03') },
  ];
  for (const change of frozen) {
    const error = await refusal(stripe.invoices.update(draft.id, change));
    expect([error.statusCode, error.code, error.param]).toEqual([400, 'invoice_not_editable', Object.keys(change)[0]]);
  }
  for (const call of [
    stripe.invoices.addLines(draft.id, { lines: [{ amount: 1 }] }),
    stripe.invoices.removeLines(draft.id, { lines: [{ id: 'il_1', behavior: 'delete' }] }),
    stripe.invoices.updateLines(draft.id, { lines: [{ id: 'il_1' }] }),
    stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1 }),
  ])
    expect((await refusal(call)).code).toBe('invoice_not_editable');
  expect(await world.fresh()).toEqual([]);
});

test('parameters without behaviour are refused by name, and nothing is left of the call', async () => {
  const { stripe, customer } = await start();
  await world.fresh();
  const refused = async (params: object) => {
    const error = await refusal(stripe.invoices.create({ customer: customer.id, ...params } as never));
    return [error.code, error.param];
  };
  expect(await refused({ on_behalf_of: 'acct_1' })).toEqual(['sandbox_not_emulated', 'on_behalf_of']);
  expect(await refused({ transfer_data: { destination: 'acct_1' } })).toEqual(['sandbox_not_emulated', 'transfer_data']);
  expect(await refused({ issuer: { type: 'account', account: 'acct_1' } })).toEqual(['sandbox_not_emulated', 'issuer[type]']);
  expect(await refused({ payment_settings: { default_mandate: 'mandate_1' } })).toEqual([
    'sandbox_not_emulated',
    'payment_settings[default_mandate]',
  ]);
  const liability = { type: 'account', account: 'acct_1' };
  expect(await refused({ automatic_tax: { enabled: true, liability } })).toEqual([
    'sandbox_not_emulated',
    'automatic_tax[liability][type]',
  ]);
  const delivery_estimate = { minimum: { unit: 'day', value: 1 } };
  expect(await refused({ shipping_cost: { shipping_rate_data: { display_name: 'x', delivery_estimate } } })).toEqual([
    'sandbox_not_emulated',
    'shipping_cost[shipping_rate_data][delivery_estimate]',
  ]);
  expect(await refused({ shipping_cost: { shipping_rate_data: { display_name: 'x' } } })).toEqual([
    'parameter_missing',
    'shipping_cost[shipping_rate_data][fixed_amount]',
  ]);
  expect(await refused({ discounts: [{ coupon: 'none' }] })).toEqual(['resource_missing', 'discounts[0][coupon]']);
  expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
  expect(await world.fresh()).toEqual([]);
});

test('deleting a draft lets its items wait, cancels its hour, and leaves a stub of nothing', async () => {
  const { stripe, customer } = await start();
  await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd' });
  const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true, pending_invoice_items_behavior: 'include' });
  await stripe.invoices.del(draft.id);
  expect((await refusal(stripe.invoices.retrieve(draft.id))).statusCode).toBe(404);
  await world.fresh();
  await world.to('2026-03-03');
  expect(await world.fresh()).toEqual([]);
  const again = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
  expect(again.total).toBe(700);
});

test('pending items are taken only when asked for, and only of the invoice’s currency', async () => {
  const { stripe, customer } = await start();
  for (const currency of ['usd', 'eur']) await stripe.invoiceItems.create({ customer: customer.id, amount: 1000, currency });
  expect((await stripe.invoices.create({ customer: customer.id })).lines.data).toEqual([]);
  const euros = await stripe.invoices.create({ customer: customer.id, currency: 'eur', pending_invoice_items_behavior: 'include' });
  expect([euros.total, euros.currency]).toEqual([1000, 'eur']);
  const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
  expect(pending.data.map((item) => item.currency)).toEqual(['usd']);
});
