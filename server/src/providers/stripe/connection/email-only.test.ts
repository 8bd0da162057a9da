import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { pollConnection } from '../inbox/poll.ts';
import { checkConnection } from './check.ts';
import { connectWithKey } from './connect.ts';
import { getConnection } from './queries.ts';
import { settleConnection } from './settle.ts';

let world: StripeWorld;
beforeAll(async () => {
  world = await startStripeWorld();
});
afterAll(() => world.close());

/** What email.md P14 names. */
const TO_READ = ['customer', 'subscription', 'invoice', 'charge', 'payment_intent', 'product', 'plan', 'event'].map(
  (name) => `rak_${name}_read`,
);

test('[M-02] for e-mail alone a key that may only read is enough; nothing is written at Stripe, and what happens there arrives', async () => {
  const environmentId = await world.addEnvironment();
  const ctx = await world.ctx(environmentId);
  const { account, secretKey } = await world.newAccount();
  const reading = await world.sandbox.control.createRestrictedKey({ account, permissions: TO_READ });
  await expect(connectWithKey(ctx, { secretKey: reading.secret })).rejects.toMatchObject({ code: 'permission_missing' });

  const before = await world.sandbox.control.state(account);
  const made = await connectWithKey(ctx, { secretKey: reading.secret, purpose: 'email_only' });
  await settleConnection(ctx, made.id);
  const connection = await getConnection(ctx, made.id);
  expect(connection).toMatchObject({ status: 'active', purpose: 'email_only', transport: 'poll' });
  expect(await world.sandbox.control.state(account)).toEqual(before);
  const asked = connection.capabilities.map(({ permission, access, status }) => [permission, access, status]);
  expect(asked.filter(([, access]) => access === 'Read and write')).toEqual([]);
  expect(asked.filter(([name]) => ['Customers', 'Invoices', 'Subscriptions', 'Products', 'Events'].includes(String(name)))).toEqual([
    ['Customers', 'Read-only', 'granted'],
    ['Events', 'Read-only', 'granted'],
    ['Invoices', 'Read-only', 'granted'],
    ['Products', 'Read-only', 'granted'],
    ['Subscriptions', 'Read-only', 'granted'],
  ]);

  const customer = await world.sdk(secretKey).customers.create({ name: 'Ada', email: 'ada@example.com' });
  await pollConnection(world.app, { connection: await getConnection(ctx, made.id), overlap: false });
  await world.app.queues.drainAll(environmentId);
  const rows = await world.app.db
    .selectFrom('customers')
    .select(['stripe_id', 'email'])
    .where('environment_id', '=', environmentId)
    .execute();
  expect(rows).toEqual([{ stripe_id: customer.id, email: 'ada@example.com' }]);
  const wrote = world.sandbox.control
    .requests({ account, limit: 10_000 })
    .filter((request) => request.method !== 'GET' && request.path !== '/v1/customers' && request.status < 300);
  expect(wrote).toEqual([]);

  // The daily look at the rights asks for no more than that, and the same key again stays what it was.
  expect((await checkConnection(ctx, made.id)).status).toBe('active');
  expect(await connectWithKey(ctx, { secretKey: reading.secret })).toMatchObject({ id: made.id, purpose: 'email_only' });
  const full = await connectWithKey(ctx, { secretKey, purpose: 'full' });
  expect(full).toMatchObject({ id: made.id, purpose: 'full' });
  expect(full.capabilities.find(({ permission }) => permission === 'Customers')).toMatchObject({
    access: 'Read and write',
    status: 'granted',
  });
});
