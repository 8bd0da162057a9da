import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';

let world: TestSandbox;
let price: Stripe.Price;
beforeAll(async () => {
  world = await startSandbox();
  price = await world.stripe.prices.create({ currency: 'usd', unit_amount: 1500, product_data: { name: 'Mug' } });
});
afterAll(() => world.close());

const open = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  world.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://shop.example/done',
    ...more,
  });
const method = (token = 'tok_visa', email: string | null = 'jenny@example.com') =>
  world.stripe.paymentMethods.create({
    type: 'card',
    card: { token },
    billing_details: { name: 'Jenny Rosen', ...(email === null ? {} : { email }) },
  });

type Json = { id: string; status: string; error: { code: string; param: string; message: string; type: string } };
async function call(path: string, form?: Record<string, string>): Promise<{ status: number; json: Json }> {
  const answer = await world.sandbox.fetch(`https://api.stripe.com/v1/payment_pages/${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${world.secretKey}`, 'content-type': 'application/x-www-form-urlencoded' },
    ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
  });
  return { status: answer.status, json: (await answer.json()) as Json };
}

test('a session is read and paid by its page; the total must be the one that was shown', async () => {
  const session = await open();
  expect((await call(session.id)).json).toMatchObject({ id: session.id, status: 'open' });
  const { id } = await method();
  const wrong = await call(`${session.id}/confirm`, { payment_method: id, expected_amount: '2999' });
  expect([wrong.status, wrong.json.error.code, wrong.json.error.param]).toEqual([400, 'checkout_amount_mismatch', 'expected_amount']);
  expect((await world.stripe.paymentIntents.list()).data).toEqual([]);
  const paid = await call(`${session.id}/confirm`, { payment_method: id, expected_amount: '3000' });
  expect(paid.json).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    customer_details: { email: 'jenny@example.com', name: 'Jenny Rosen' },
  });
  expect((await world.eventTypes(session.id)).at(-1)).toBe('checkout.session.completed');
  const again = await call(`${session.id}/confirm`, { payment_method: id, expected_amount: '3000' });
  expect([again.status, again.json.error.message]).toEqual([400, 'This Checkout Session is complete and can no longer be paid.']);
});

test('a decline is a 402 and the session stays open for another card', async () => {
  const session = await open();
  const declined = await call(`${session.id}/confirm`, {
    payment_method: (await method('tok_chargeCustomerFail')).id,
    expected_amount: '3000',
  });
  expect([declined.status, declined.json.error.type, declined.json.error.code]).toEqual([402, 'card_error', 'card_declined']);
  expect((await world.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
  expect((await call(`${session.id}/confirm`, { payment_method: (await method()).id, expected_amount: '3000' })).json.status).toBe(
    'complete',
  );
});

test('what is missing is named', async () => {
  expect((await call('cs_test_nothing')).status).toBe(404);
  const session = await open();
  const amount = await call(`${session.id}/confirm`, { payment_method: 'pm_card_visa' });
  expect([amount.json.error.code, amount.json.error.param]).toEqual(['parameter_missing', 'expected_amount']);
  const email = await call(`${session.id}/confirm`, { payment_method: (await method('tok_visa', null)).id, expected_amount: '3000' });
  expect(email.json.error.code).toBe('parameter_missing');
});
