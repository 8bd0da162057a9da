import { afterEach, expect, test } from 'vitest';
import { at, openWorld, refusal, type World } from '../../billing/subscription/test-world.ts';

let world: World;
afterEach(() => world.close());

test('a sale to Quebec is worked out: two taxes on each line, summed over the sale', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const calculation = await stripe.tax.calculations.create({
    currency: 'cad',
    customer_details: { address: { country: 'CA', postal_code: 'H2X 1Y4' }, address_source: 'billing' },
    line_items: [
      { amount: 10_000, reference: 'desk' },
      { amount: 11_498, tax_behavior: 'inclusive', reference: 'chair' },
    ],
    expand: ['line_items'],
  });
  expect(calculation).toMatchObject({
    amount_total: 21_498 + 1498,
    tax_amount_exclusive: 1498,
    tax_amount_inclusive: 1498,
    customer: null,
    customer_details: { address: { country: 'CA', state: null }, address_source: 'billing', taxability_override: 'none' },
    tax_date: at('2026-03-02'),
  });
  expect(calculation.tax_breakdown.map((tax) => [tax.amount, tax.inclusive, tax.tax_rate_details.percentage_decimal])).toEqual([
    [500, false, '5'],
    [998, false, '9.975'],
    [500, true, '5'],
    [998, true, '9.975'],
  ]);
  expect(calculation.line_items!.data.map((line) => [line.reference, line.amount_tax])).toEqual([
    ['desk', 1498],
    ['chair', 1498],
  ]);
  const lines = await stripe.tax.calculations.listLineItems(calculation.id!, { limit: 1 });
  expect(lines.has_more).toBe(true);
  expect(lines.data[0]!.tax_breakdown).toMatchObject([
    { amount: 500, jurisdiction: { country: 'CA', level: 'country' }, taxability_reason: 'standard_rated' },
    { amount: 998, jurisdiction: { country: 'CA', level: 'state', state: 'QC' } },
  ]);
  expect((await stripe.tax.calculations.retrieve(calculation.id!)).id).toBe(calculation.id);
  await world.to('2026-06-01');
  expect((await refusal(stripe.tax.calculations.retrieve(calculation.id!))).statusCode).toBe(404);
});

test('for a customer, with their address, exemption and tax ids', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const customer = await stripe.customers.create({
    address: { country: 'DE' },
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
  });
  const line_items = [{ amount: 1000 }];
  const reverse = await stripe.tax.calculations.create({ currency: 'eur', customer: customer.id, line_items });
  expect(reverse).toMatchObject({ customer: customer.id, amount_total: 1000, customer_details: { tax_ids: [{ type: 'eu_vat' }] } });
  expect(reverse.tax_breakdown).toMatchObject([{ amount: 0, taxable_amount: 0, taxability_reason: 'reverse_charge' }]);
  const exempt = await stripe.tax.calculations.create({
    currency: 'eur',
    customer_details: { address: { country: 'DE' }, address_source: 'shipping', taxability_override: 'customer_exempt' },
    line_items,
  });
  expect(exempt.tax_breakdown[0]!.taxability_reason).toBe('customer_exempt');
});

test('refusals', async () => {
  world = await openWorld({ now: '2026-03-02' });
  const { stripe } = world;
  const address = { country: 'DE' };
  const asked = { currency: 'eur', customer_details: { address, address_source: 'billing' as const }, line_items: [{ amount: 1000 }] };
  const refused = async (more: object) => {
    const error = await refusal(stripe.tax.calculations.create({ ...asked, ...more } as never));
    return [error.code, error.param];
  };
  expect(await refused({ customer_details: { address: { country: 'US' } } })).toEqual([
    'customer_tax_location_invalid',
    'customer_details[address]',
  ]);
  expect(await refused({ tax_date: at('2026-05-01') })).toEqual([undefined, 'tax_date']);
  expect(await refused({ shipping_cost: { amount: 5 } })).toEqual(['sandbox_not_emulated', 'shipping_cost']);
  expect(
    await refused({
      line_items: [
        { amount: 1, reference: 'a' },
        { amount: 2, reference: 'a' },
      ],
    }),
  ).toEqual([undefined, 'line_items[1][reference]']);
  expect(await refused({ customer_details: undefined })).toEqual(['parameter_missing', 'customer_details']);
  expect(await refused({ line_items: [{ amount: 1, product: 'prod_none' }] })).toEqual(['resource_missing', 'line_items[0][product]']);
});
