/** What happens in the world, ordered by another process: the same actions as JSON under /_sandbox. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sdkFor, startSandbox, type TestSandbox } from '../../testing/index.ts';

let world: TestSandbox;
let base: string;
beforeEach(async () => {
  world = await startSandbox({ now: '2026-01-15T12:00:00Z' });
  base = (await world.sandbox.listen(0)).url;
});
afterEach(() => world.close());

async function order(path: string, body: object): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`${base}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: world.account, ...body }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

it('opens a dispute and decides it', async () => {
  const intent = await world.stripe.paymentIntents.create({
    amount: 5000,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    confirm: true,
  });
  const opened = await order('world', { kind: 'open_dispute', charge: intent.latest_charge, as: 'product_not_received' });
  expect([opened.status, opened.json.status, opened.json.reason]).toEqual([200, 'needs_response', 'product_not_received']);
  const again = await order('world', { kind: 'open_dispute', charge: intent.latest_charge });
  expect([again.status, (again.json.error as { code: string }).code]).toEqual([400, 'charge_disputed']);
  const lost = await order('world', { kind: 'close_dispute', dispute: opened.json.id, as: 'lost' });
  expect(lost.json.status).toBe('lost');
  const dispute = await world.stripe.disputes.retrieve(opened.json.id as string);
  expect(dispute.balance_transactions.map((one) => [one.currency, one.net])).toEqual([['eur', -7000]]);
  expect((await world.stripe.charges.retrieve(intent.latest_charge as string)).disputed).toBe(true);
});

it('detaches, refuses what it does not know, and names the missing object', async () => {
  const customer = await world.stripe.customers.create({ payment_method: 'pm_card_visa' });
  const [card] = (await world.stripe.customers.listPaymentMethods(customer.id)).data;
  expect((await order('world', { kind: 'detach_card', payment_method: card!.id })).json.customer).toBeNull();
  expect((await world.stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  const unknown = await order('world', { kind: 'earthquake' });
  expect([unknown.status, (unknown.json.error as { message: string }).message]).toEqual([
    400,
    expect.stringContaining("The world has no 'earthquake'"),
  ]);
  const missing = await order('world', { kind: 'expire_card', payment_method: 'pm_none' });
  expect([missing.status, (missing.json.error as { code: string; param: string }).param]).toEqual([400, 'payment_method']);
  const verdict = await order('world', { kind: 'warn_of_fraud', charge: 'ch_none' });
  expect((verdict.json.error as { code: string }).code).toBe('resource_missing');
});

it('rolls a key: the new secret works, the old one is gone', async () => {
  const { status, json } = await order('keys/roll', { secret: world.secretKey });
  expect([status, typeof json.secret]).toEqual([200, 'string']);
  await expect(world.stripe.customers.list()).rejects.toMatchObject({ statusCode: 401 });
  expect((await sdkFor(world.sandbox, json.secret as string).customers.list()).data).toEqual([]);
  const unknown = await order('keys/roll', { secret: 'sk_test_never_existed_at_all' });
  expect([unknown.status, (unknown.json.error as { code: string }).code]).toEqual([400, 'resource_missing']);
});
