import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a customer has tax ids, from the start or later', async () => {
  const { stripe } = world;
  await world.fresh();
  const customer = await stripe.customers.create({ tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }], expand: ['tax_ids'] });
  expect(customer.tax_ids?.data[0]).toMatchObject({
    country: 'DE',
    type: 'eu_vat',
    value: 'DE123456789',
    customer: customer.id,
    verification: { status: 'pending' },
  });
  expect(await world.fresh()).toEqual(['customer.created', 'customer.tax_id.created']);
  const ein = await stripe.customers.createTaxId(customer.id, { type: 'us_ein', value: '12-3456789' });
  expect(ein).toMatchObject({ country: 'US', verification: { status: 'unavailable' } });
  expect((await stripe.customers.listTaxIds(customer.id)).data).toHaveLength(2);
  expect((await stripe.customers.retrieveTaxId(customer.id, ein.id)).value).toBe('12-3456789');
  await world.fresh();
  expect(await stripe.customers.deleteTaxId(customer.id, ein.id)).toMatchObject({ id: ein.id, deleted: true });
  expect(await world.fresh()).toEqual(['customer.tax_id.deleted']);
  expect((await refusal(stripe.customers.retrieveTaxId(customer.id, ein.id))).statusCode).toBe(404);
  const wrong = await refusal(stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: '123' }));
  expect([wrong.statusCode, wrong.code, wrong.param]).toEqual([400, 'tax_id_invalid', 'value']);
});

test('the account has its own', async () => {
  const { stripe } = world;
  const own = await stripe.taxIds.create({ type: 'eu_vat', value: 'IE1234567FA' });
  expect(own).toMatchObject({ customer: null, owner: { type: 'self' } });
  expect((await stripe.taxIds.list()).data.map((one) => one.id)).toEqual([own.id]);
  expect((await stripe.taxIds.retrieve(own.id)).country).toBe('IE');
  expect(await stripe.taxIds.del(own.id)).toMatchObject({ deleted: true });
});
