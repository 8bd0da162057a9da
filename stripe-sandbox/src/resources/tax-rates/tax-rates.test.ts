import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ now: '2026-03-02' });
});
afterAll(() => world.close());

test('a rate is made once and worded anew; its percentage never changes', async () => {
  const { stripe } = world;
  await world.fresh();
  const rate = await stripe.taxRates.create({
    display_name: 'MwSt',
    percentage: 19,
    inclusive: true,
    country: 'DE',
    jurisdiction: 'DE',
    tax_type: 'vat',
    metadata: { a: '1' },
  });
  expect(rate).toMatchObject({ active: true, percentage: 19, inclusive: true, rate_type: 'percentage', flat_amount: null });
  const worded = await stripe.taxRates.update(rate.id, { display_name: 'VAT', description: 'Germany', metadata: { a: '' } });
  expect(worded).toMatchObject({ display_name: 'VAT', description: 'Germany', metadata: {}, percentage: 19 });
  expect(await world.fresh()).toEqual(['tax_rate.created', 'tax_rate.updated']);
  const fixed = await refusal(stripe.taxRates.update(rate.id, { percentage: 20 } as never));
  expect([fixed.code, fixed.param]).toEqual(['parameter_unknown', 'percentage']);
  const much = await refusal(stripe.taxRates.create({ display_name: 'x', percentage: 101, inclusive: false }));
  expect(much.param).toBe('percentage');
  expect((await refusal(stripe.taxRates.retrieve('txr_none'))).statusCode).toBe(404);
});

test('an archived rate stays on what has it, and is not put on anything new', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
  const price = await world.price(1000);
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_tax_rates: [rate.id],
  });
  await stripe.taxRates.update(rate.id, { active: false });
  expect((await stripe.taxRates.list({ active: true })).data.map((one) => one.id)).not.toContain(rate.id);
  expect((await stripe.taxRates.list({ inclusive: false })).data.map((one) => one.id)).toContain(rate.id);
  const refused = await refusal(stripe.invoices.create({ customer: customer.id, default_tax_rates: [rate.id] }));
  expect([refused.statusCode, refused.param]).toEqual([400, 'default_tax_rates[0]']);
  await world.to('2026-04-02T02:00:00Z');
  const [renewal] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(renewal).toMatchObject({ status: 'paid', total: 1100 });
});

test('rates set by hand fall away for exempt customers', async () => {
  const { stripe } = world;
  const customer = await world.customer();
  await stripe.customers.update(customer.id, { tax_exempt: 'exempt' });
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false });
  const draft = await stripe.invoices.create({ customer: customer.id, default_tax_rates: [rate.id] });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 1000 });
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 1000, total_taxes: [], customer_tax_exempt: 'exempt' });
});
