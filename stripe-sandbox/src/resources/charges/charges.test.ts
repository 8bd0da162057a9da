import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, refusal, type World } from '../../billing/payments/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function paid(more: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.Charge> {
  const customer = await world.customer('pm_card_visa');
  const intent = await world.stripe.paymentIntents.create({
    amount: 1999,
    currency: 'usd',
    customer: customer.id,
    payment_method: customer.invoice_settings.default_payment_method as string,
    off_session: true,
    confirm: true,
    expand: ['latest_charge'],
    ...more,
  });
  return intent.latest_charge as Stripe.Charge;
}

test('a charge is found by customer and by search, and its description can change', async () => {
  const { stripe } = world;
  const charge = await paid({ metadata: { invoice: 'R-1' } });
  expect((await stripe.charges.list({ customer: charge.customer as string })).data.map((one) => one.id)).toEqual([charge.id]);
  const found = await stripe.charges.search({ query: "metadata['invoice']:'R-1' AND payment_method_details.card.brand:'visa'" });
  expect(found.data.map((one) => one.id)).toEqual([charge.id]);
  await world.fresh();
  const updated = await stripe.charges.update(charge.id, {
    description: 'Team plan',
    metadata: { invoice: '' },
    receipt_email: 'a@example.com',
  });
  expect([updated.description, updated.metadata, updated.receipt_email]).toEqual(['Team plan', {}, 'a@example.com']);
  expect(await world.fresh()).toEqual(['charge.updated']);
});

test('the receipt shows what was paid and refunded, escaped', async () => {
  const charge = await paid({ description: '<b>Team</b> plan' });
  await world.stripe.refunds.create({ charge: charge.id, amount: 500 });
  const page = await world.sandbox.fetch(charge.receipt_url as string);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain('$19.99');
  expect(html).toContain('Visa •••• 4242');
  expect(html).toContain('$5.00');
  expect(html).toContain('&lt;b&gt;Team&lt;/b&gt; plan');
  expect(html).not.toContain('<b>Team');
  expect((await world.sandbox.fetch('http://127.0.0.1:12111/receipts/ch_none')).status).toBe(404);
});

test('an authorized charge is captured once', async () => {
  const { stripe } = world;
  const held = await paid({ capture_method: 'manual' });
  const captured = await stripe.charges.capture(held.id);
  expect(captured).toMatchObject({ captured: true, amount_captured: 1999 });
  expect((await stripe.paymentIntents.retrieve(held.payment_intent as string)).status).toBe('succeeded');
  const twice = await refusal(stripe.charges.capture(held.id));
  expect([twice.statusCode, twice.code]).toEqual([400, 'charge_already_captured']);
});

test('charging without an intent, as before 2019, is refused loudly', async () => {
  const error = await refusal(world.stripe.charges.create({ amount: 500, currency: 'usd', source: 'tok_visa' }));
  expect([error.statusCode, error.code]).toEqual([404, 'sandbox_not_emulated']);
  expect((await refusal(world.stripe.charges.retrieve('ch_none'))).statusCode).toBe(404);
});
