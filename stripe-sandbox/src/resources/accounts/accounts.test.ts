import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal } from '../../billing/payments/test-world.ts';
import { sdkFor, startSandbox, type TestSandbox } from '../../testing/index.ts';

let world: TestSandbox;
beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z', settle: 'off' });
});
afterEach(() => world.close());

const eventsOf = async (account: string) => (await world.sandbox.control.events({ account })).map((event) => event.type as string);

test('an account made by type: seen, changed and given up by its platform only', async () => {
  const { stripe } = world;
  const made = await stripe.accounts.create({ type: 'standard', email: 'shop@example.com', metadata: { shop: '1' } });
  expect(made).toMatchObject({
    object: 'account',
    type: 'standard',
    email: 'shop@example.com',
    charges_enabled: false,
    details_submitted: false,
    payouts_enabled: false,
    country: 'US',
    metadata: { shop: '1' },
    controller: { type: 'account' },
  });
  expect((await stripe.accounts.retrieve(made.id)).id).toBe(made.id);
  const express = await stripe.accounts.create({ type: 'express', country: 'DE', default_currency: 'eur' });
  expect(express).toMatchObject({ country: 'DE', default_currency: 'eur', controller: { stripe_dashboard: { type: 'express' } } });
  expect((await stripe.accounts.list()).data.map((one) => one.id)).toEqual([express.id, made.id]);

  const changed = await stripe.accounts.update(made.id, { metadata: { foo: 'bar' } });
  expect(changed.metadata).toEqual({ shop: '1', foo: 'bar' });
  const [updated] = await world.sandbox.control.events({ account: made.id, types: ['account.updated'] });
  expect(updated!.data.previous_attributes).toEqual({ metadata: { foo: null } });
  expect(await stripe.accounts.del(made.id)).toEqual(expect.objectContaining({ id: made.id, object: 'account', deleted: true }));
  expect(await eventsOf(made.id)).toEqual(['account.updated', 'account.application.deauthorized']);
  const gone = await refusal(stripe.accounts.retrieve(made.id));
  expect([gone.statusCode, gone.code]).toEqual([403, 'account_invalid']);
  expect((await stripe.accounts.list()).data.map((one) => one.id)).toEqual([express.id]);
});

test('Stripe-Account: a platform works inside the account it made, and nowhere else', async () => {
  const { stripe } = world;
  const made = await stripe.accounts.create({ type: 'custom' });
  const scope = { stripeAccount: made.id };
  const customer = await stripe.customers.create({ name: 'Theirs' }, scope);
  const intent = await stripe.paymentIntents.create(
    {
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: true,
    },
    scope,
  );
  expect(intent.status).toBe('succeeded');
  expect((await stripe.balance.retrieve({}, scope)).pending[0]?.amount).toBe(941);
  expect((await stripe.balance.retrieve()).pending[0]?.amount).toBe(0);
  expect((await stripe.accounts.retrieveCurrent({}, scope)).type).toBe('custom');
  const outside = [
    () => stripe.customers.retrieve(customer.id),
    () => stripe.paymentIntents.retrieve(intent.id),
    () => stripe.charges.retrieve(intent.latest_charge as string),
  ];
  for (const look of outside) expect((await refusal(look())).statusCode).toBe(404);
  const stranger = await world.sandbox.control.createAccount({ name: 'Stranger' });
  const denied = await refusal(stripe.customers.list({}, { stripeAccount: stranger.account }));
  expect([denied.statusCode, denied.code]).toEqual([403, 'account_invalid']);
  const theirs = sdkFor(world.sandbox, stranger.secretKey);
  expect((await refusal(theirs.accounts.retrieve(made.id))).statusCode).toBe(403);
  expect((await refusal(theirs.customers.list({}, scope))).statusCode).toBe(403);
});

test('a Connect endpoint of the platform hears of its accounts', async () => {
  const { stripe, sandbox } = world;
  const endpoint = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['*'], connect: true });
  const made = await stripe.accounts.create({ type: 'standard' });
  await stripe.accounts.update(made.id, { email: 'new@example.com' });
  await stripe.accounts.del(made.id);
  const deliveries = await sandbox.control.deliveries({ endpoint: endpoint.id });
  expect(deliveries.map((one) => [one.account, one.eventType]).sort()).toEqual([
    [made.id, 'account.application.deauthorized'],
    [made.id, 'account.updated'],
  ]);
});

test('refusals: one’s own account, onboarding, another type, a restricted key', async () => {
  const { stripe, sandbox, account } = world;
  const own = await refusal(stripe.accounts.update(account, { metadata: { a: 'b' } }));
  expect([own.statusCode, own.message]).toEqual([
    403,
    'You cannot use this method on your own account: you may only use it on connected accounts.',
  ]);
  const onboarding = await refusal(stripe.accounts.create({ type: 'custom', capabilities: { card_payments: { requested: true } } }));
  expect([onboarding.code, onboarding.param]).toEqual(['sandbox_not_emulated', 'capabilities']);
  const type = await refusal(stripe.accounts.create({ type: 'none' as never }));
  expect([type.statusCode, type.param]).toEqual([400, 'type']);
  const { secret } = await sandbox.control.createRestrictedKey({ account, permissions: ['rak_customer_write'] });
  const restricted = await refusal(sdkFor(sandbox, secret).accounts.create({ type: 'standard' }));
  expect([restricted.statusCode, restricted.code]).toEqual([403, undefined]);
  expect(restricted.message).toContain('the required permissions are not available for use by restricted keys.');
});

test('payouts: what is available can leave, no more; only metadata changes afterwards', async () => {
  const { stripe } = world;
  const pay = (token: string): Promise<Stripe.PaymentIntent> =>
    stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: token,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: true,
    });
  await pay('pm_card_visa');
  const early = await refusal(stripe.payouts.create({ amount: 1100, currency: 'usd' }));
  expect([early.statusCode, early.code]).toEqual([400, 'balance_insufficient']);
  await pay('pm_card_bypassPending');
  const payout = await stripe.payouts.create({ amount: 1100, currency: 'usd', description: 'March', metadata: { a: 'b' } });
  expect(payout).toMatchObject({ status: 'pending', automatic: false, method: 'standard', type: 'bank_account', metadata: { a: 'b' } });
  expect(new Date(payout.arrival_date * 1000).toISOString()).toBe('2026-03-02T00:00:00.000Z');
  const movement = await stripe.balanceTransactions.retrieve(payout.balance_transaction as string);
  expect(movement).toMatchObject({ amount: -1100, fee: 0, net: -1100, type: 'payout', source: payout.id, status: 'available' });
  expect((await stripe.balance.retrieve()).available[0]?.amount).toBe(2000 - 88 - 1100);
  expect((await refusal(stripe.payouts.create({ amount: 813, currency: 'usd' }))).code).toBe('balance_insufficient');
  const changed = await stripe.payouts.update(payout.id, { metadata: { a: 'c' } });
  expect(changed.metadata).toEqual({ a: 'c' });
  expect(await world.eventTypes(payout.id)).toEqual(['payout.created', 'payout.updated']);
  expect((await stripe.payouts.list({ status: 'pending' })).data.map((one) => one.id)).toEqual([payout.id]);
  expect((await stripe.payouts.list({ arrival_date: { lt: payout.arrival_date } })).data).toEqual([]);
  const manual = await refusal(stripe.balanceTransactions.list({ payout: payout.id }));
  expect(manual.message).toBe('Balance transaction history can only be filtered on automatic transfers, not manual.');
  expect((await refusal(stripe.balanceTransactions.list({ payout: 'po_none' }))).code).toBe('resource_missing');
  expect((await refusal(stripe.payouts.cancel(payout.id))).code).toBe('sandbox_not_emulated');
});

test('files: what was seeded is listed, by purpose too; uploading is refused by name', async () => {
  const { stripe, sandbox, account } = world;
  const file = (id: string, purpose: string) => ({
    id,
    object: 'file',
    created: 1_767_225_600,
    expires_at: null,
    filename: `${id}.png`,
    purpose,
    size: 100,
    title: null,
    type: 'png',
    url: null,
  });
  await sandbox.control.seed({ account, objects: [file('file_1', 'business_logo'), file('file_2', 'dispute_evidence')] });
  expect((await stripe.files.list()).data.map((one) => one.id)).toEqual(['file_2', 'file_1']);
  expect((await stripe.files.list({ purpose: 'business_logo' })).data.map((one) => one.id)).toEqual(['file_1']);
  expect((await refusal(stripe.files.retrieve('file_1'))).code).toBe('sandbox_not_emulated');
});
