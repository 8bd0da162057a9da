import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from '../testing/index.ts';
import { post, submit, visit } from './test-forms.ts';

let world: TestSandbox;
beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
});
afterEach(() => world.close());

async function asking(more: Partial<Stripe.PaymentIntentCreateParams> = { return_url: 'https://shop.test/back?order=1' }) {
  const intent = await world.stripe.paymentIntents.create({
    amount: 5000,
    currency: 'usd',
    payment_method: 'pm_card_authenticationRequired',
    confirm: true,
    ...more,
  });
  expect(intent.status).toBe('requires_action');
  return { id: intent.id, path: `/3ds/${intent.id}?client_secret=${intent.client_secret}` };
}
const statusOf = async (id: string) => (await world.stripe.paymentIntents.retrieve(id)).status;

test('complete charges the card and goes back with the outcome', async () => {
  const { id, path } = await asking();
  expect((await visit(world.sandbox, path)).html).toContain('$50.00');
  const answer = await submit(world.sandbox, path, { decision: 'complete' });
  const back = new URL(answer.location!);
  expect(back.origin + back.pathname).toBe('https://shop.test/back');
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ order: '1', payment_intent: id, redirect_status: 'succeeded' });
  expect(await statusOf(id)).toBe('succeeded');
  expect((await visit(world.sandbox, path)).status).toBe(409);
});

test('fail refuses it, close leaves it waiting', async () => {
  const closed = await asking();
  expect((await submit(world.sandbox, closed.path, { decision: 'close' })).location).toContain('redirect_status=pending');
  expect(await statusOf(closed.id)).toBe('requires_action');
  expect((await submit(world.sandbox, closed.path, { decision: 'fail' })).location).toContain('redirect_status=failed');
  expect(await statusOf(closed.id)).toBe('requires_payment_method');
});

test('without a return address the page says how it went', async () => {
  const { id, path } = await asking({ automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });
  expect((await submit(world.sandbox, path, { decision: 'complete' })).html).toContain('Authentication complete');
  expect(await statusOf(id)).toBe('succeeded');
});

test('a wrong secret, or a form of elsewhere, decides nothing', async () => {
  const { id, path } = await asking();
  expect((await visit(world.sandbox, `/3ds/${id}?client_secret=x`)).status).toBe(404);
  expect((await post(world.sandbox, path, { decision: 'complete' })).status).toBe(400);
  expect(await statusOf(id)).toBe('requires_action');
});
