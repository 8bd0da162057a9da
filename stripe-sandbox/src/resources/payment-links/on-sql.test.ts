/** The hosted pages on the SQL store: what they keep survives being written down and read again. */
import { afterEach, expect, test } from 'vitest';
import { submit, visit } from '../../pages/test-forms.ts';
import { openPglite, startSandbox } from '../../testing/index.ts';

const VISA = {
  email: 'jane@example.com',
  name: 'Jane',
  card_number: '4242424242424242',
  card_expiry: '12 / 34',
  card_cvc: '123',
  action: 'pay',
};

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

test('a link, a recovered cart with shipping, and the portal’s default configuration on PGlite', async () => {
  const sql = await openPglite();
  const world = await startSandbox({ now: '2026-03-01T09:00:00Z', store: sql.store });
  close = async () => {
    await world.close();
    await sql.close();
  };
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Mug' });
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1200 });
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: price.id, quantity: 2, adjustable_quantity: { enabled: true } }],
    restrictions: { completed_sessions: { limit: 1 } },
    custom_fields: [{ key: 'size', type: 'text', label: { type: 'custom', custom: 'Size' } }],
  });
  const path = (await visit(world.sandbox, link.url)).location!;
  await submit(world.sandbox, path, { ...VISA, custom_size: 'L' });
  expect((await stripe.paymentLinks.retrieve(link.id)).active).toBe(false);
  expect((await stripe.checkout.sessions.retrieve(path.slice(3))).custom_fields[0]!.text!.value).toBe('L');

  const rate = await stripe.shippingRates.create({ display_name: 'Post', fixed_amount: { amount: 500, currency: 'usd' } });
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 1 }],
    shipping_options: [{ shipping_rate: rate.id }],
    after_expiration: { recovery: { enabled: true } },
    success_url: 'http://shop.test/',
  });
  const expired = await stripe.checkout.sessions.expire(session.id);
  const again = (await visit(world.sandbox, expired.after_expiration!.recovery!.url!)).location!;
  await submit(world.sandbox, again, VISA);
  expect(await stripe.checkout.sessions.retrieve(again.slice(3))).toMatchObject({ payment_status: 'paid', amount_total: 1700 });

  const customer = await stripe.customers.create({ email: 'jane@example.com', payment_method: 'pm_card_visa' });
  const portal = await stripe.billingPortal.sessions.create({ customer: customer.id });
  expect((await visit(world.sandbox, portal.url)).html).toContain('Visa •••• 4242');
  expect((await stripe.billingPortal.configurations.list({ is_default: true })).data.map((one) => one.id)).toEqual([portal.configuration]);
});
