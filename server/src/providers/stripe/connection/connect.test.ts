import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PUBLIC_URL, type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { Refusal } from '../../../kit/errors.ts';
import { checkConnection } from './check.ts';
import { connectWithKey } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { currentConnection, getConnection } from './queries.ts';
import { settleConnection } from './settle.ts';
import { ensureWebhookEndpoint } from './webhook-endpoint.ts';

let world: StripeWorld;
/** Each test has an environment of its own. */
let environmentId: string;

beforeAll(async () => {
  world = await startStripeWorld();
});
beforeEach(async () => {
  environmentId = await world.addEnvironment();
});
afterAll(() => world.close());

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? `${error.status} ${error.code}` : `thrown: ${(error as Error).message}`;
  }
}

describe('connecting by key', () => {
  test('sync T13: every kind of key against every mode of environment', async () => {
    const { secretKey } = await world.newAccount();
    const sandbox = await world.ctx(environmentId);
    const testMode = await world.ctx(await world.addEnvironment({ mode: 'test', now: null }));
    const live = await world.ctx(await world.addEnvironment({ mode: 'live', now: null }));
    const liveKey = 'sk_live_4242424242424242';
    const matrix: [string, Promise<unknown>][] = [
      ['422 publishable_key', connectWithKey(sandbox, { secretKey: 'pk_test_4242424242424242' })],
      ['422 publishable_key', connectWithKey(live, { secretKey: 'pk_live_4242424242424242' })],
      ['422 invalid_key', connectWithKey(sandbox, { secretKey: 'bk_sandbox_1' })],
      ['422 invalid_key', connectWithKey(sandbox, { secretKey: 'sk_test_' })],
      ['422 mode_mismatch', connectWithKey(sandbox, { secretKey: liveKey })],
      ['422 mode_mismatch', connectWithKey(testMode, { secretKey: liveKey })],
      ['422 mode_mismatch', connectWithKey(live, { secretKey })],
      ['422 key_refused', connectWithKey(sandbox, { secretKey: 'sk_test_nobodyknowsthiskey1' })],
      ['accepted', connectWithKey(sandbox, { secretKey })],
    ];
    for (const [expected, attempt] of matrix) expect(await refusalOf(attempt)).toBe(expected);
    expect(await refusalOf(connectWithKey(live, { secretKey: liveKey }))).toMatch(/^409 (engine_not_durable|master_key_missing)$/);
    expect(await currentConnection(testMode)).toBeNull();
  });

  test('what was connected is shown: account, mode, rights, and never the key', async () => {
    const { account, secretKey } = await world.newAccount({ name: 'Acme' });
    const connection = await connectWithKey(await world.ctx(environmentId), { secretKey });
    expect(connection).toMatchObject({
      status: 'active',
      accountId: account,
      livemode: false,
      authKind: 'api_key',
      keyLast4: secretKey.slice(-4),
    });
    expect(connection.capabilities).toHaveLength(24);
    expect(Buffer.from(connection.secretSealed ?? []).toString()).not.toContain(secretKey);
    const [audit] = await world.app.db
      .selectFrom('audit_entries')
      .select(['action', 'after'])
      .where('environment_id', '=', environmentId)
      .where('action', '=', 'connection.created')
      .execute();
    expect(JSON.stringify(audit)).not.toContain(secretKey);
  });

  test('sync T13: the probe leaves no object behind', async () => {
    const { account, secretKey } = await world.newAccount();
    const before = await world.sandbox.control.state(account);
    await connectWithKey(await world.ctx(environmentId), { secretKey });
    const after = await world.sandbox.control.state(account);
    expect(after).toEqual(before);
  });

  test('an account serves one environment, unless both say that it is shared', async () => {
    const { secretKey } = await world.newAccount();
    const second = await world.ctx(await world.addEnvironment());
    await connectWithKey(await world.ctx(environmentId), { secretKey });
    expect(await refusalOf(connectWithKey(second, { secretKey }))).toBe('409 account_in_use');
    expect(await currentConnection(second)).toBeNull();
  });

  test('the same account again swaps the key in place; another account is refused', async () => {
    const { account, secretKey } = await world.newAccount();
    const other = await world.newAccount();
    const ctx = await world.ctx(environmentId);
    const first = await connectWithKey(ctx, { secretKey });
    const rolled = await world.sandbox.control.createRestrictedKey({ account, permissions: EVERYTHING });
    const second = await connectWithKey(ctx, { secretKey: rolled.secret });
    expect([second.id, second.status, second.keyLast4]).toEqual([first.id, 'active', rolled.secret.slice(-4)]);
    expect(await refusalOf(connectWithKey(ctx, { secretKey: other.secretKey }))).toBe('409 other_account_connected');
  });

  test('a restricted key without a required permission is refused by the name of the permission', async () => {
    const { account } = await world.newAccount();
    const key = await world.sandbox.control.createRestrictedKey({
      account,
      permissions: EVERYTHING.filter((name) => !name.startsWith('rak_event')),
    });
    const attempt = connectWithKey(await world.ctx(environmentId), { secretKey: key.secret });
    expect(await refusalOf(attempt)).toBe('422 permission_missing');
    await attempt.catch((error: Error) => expect(error.message).toBe('The key lacks: Events.'));
  });

  test('a restricted key without optional permissions connects, and tells what is off', async () => {
    const { account } = await world.newAccount();
    const key = await world.sandbox.control.createRestrictedKey({
      account,
      permissions: EVERYTHING.filter((name) => !name.startsWith('rak_coupon') && !name.startsWith('rak_webhook')),
    });
    const ctx = await world.ctx(environmentId);
    const connection = await connectWithKey(ctx, { secretKey: key.secret });
    expect([connection.status, connection.accountId]).toEqual(['active', account]);
    const missing = connection.capabilities
      .filter((capability) => capability.status === 'missing')
      .map((capability) => capability.permission);
    expect(missing).toContain('Coupons');
    await settleConnection(ctx, connection.id);
    expect((await getConnection(ctx, connection.id)).transport).toBe('poll');
  });
});

describe('the webhook endpoint', () => {
  test('[W18] exactly one, wherever the server moves, and none after removal', async () => {
    const { ctx, connectionId, stripe } = await world.connect(environmentId);
    for (let move = 1; move <= 5; move++) {
      world.app.config.publicUrl = `http://127.0.0.1:${5000 + move}`;
      await ensureWebhookEndpoint(ctx, await getConnection(ctx, connectionId));
      const { data } = await stripe.webhookEndpoints.list();
      expect(data.map((endpoint) => endpoint.url)).toEqual([`http://127.0.0.1:${5000 + move}/webhooks/stripe/${connectionId}`]);
    }
    world.app.config.publicUrl = PUBLIC_URL;
    await disconnect(ctx, connectionId);
    expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
    const row = await getConnection(ctx, connectionId);
    expect([row.status, row.secretSealed, row.webhookSecrets]).toEqual(['disconnected', null, []]);
  });

  test('[W9] an endpoint made anew has a new secret; the old one is accepted for a day and not longer', async () => {
    const { ctx, connectionId, stripe } = await world.connect(environmentId);
    const before = await getConnection(ctx, connectionId);
    await stripe.webhookEndpoints.del(before.webhookEndpointId ?? '');
    const after = await ensureWebhookEndpoint(ctx, before);
    expect(after.webhookEndpointId).not.toBe(before.webhookEndpointId);
    expect(after.webhookSecrets).toHaveLength(2);
    const [current, old] = after.webhookSecrets;
    expect(current?.until).toBeNull();
    const hours = Temporal.Instant.from(old?.until ?? '')
      .since(world.app.machineClock.now())
      .total('hours');
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
  });

  test('the endpoint of somebody else is left alone', async () => {
    const { ctx, connectionId, stripe } = await world.connect(environmentId);
    await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/other', enabled_events: ['*'] });
    await disconnect(ctx, connectionId);
    expect((await stripe.webhookEndpoints.list()).data.map((endpoint) => endpoint.url)).toEqual(['http://127.0.0.1:9/other']);
  });
});

describe('revocation', () => {
  test('a refused key stops the connection, opens one task, deletes nothing; authorising the same account again revives it', async () => {
    const { ctx, connectionId, account, stripe } = await world.connect(environmentId);
    await stripe.customers.create({ email: 'ada@example.com' });
    await world.settle(environmentId);
    await world.sandbox.control.revokeKeys({ account });
    await checkConnection(ctx, connectionId);
    expect((await getConnection(ctx, connectionId)).status).toBe('revoked');
    const tasks = await world.app.db.selectFrom('operator_tasks').select('kind').where('environment_id', '=', ctx.environmentId).execute();
    expect(tasks.map((task) => task.kind)).toEqual(['connection_revoked']);
    expect(await world.app.db.selectFrom('customers').select('id').where('environment_id', '=', environmentId).execute()).toHaveLength(1);
    const key = await world.sandbox.control.createRestrictedKey({ account, permissions: EVERYTHING });
    const again = await connectWithKey(ctx, { secretKey: key.secret });
    expect([again.id, again.status]).toEqual([connectionId, 'active']);
  });
});

const EVERYTHING = [
  'charge',
  'checkout_session',
  'coupon',
  'customer',
  'event',
  'invoice',
  'payment_intent',
  'payment_method',
  'plan',
  'product',
]
  .concat(['promotion_code', 'setup_intent', 'subscription', 'tax_rate', 'billing_clock', 'token', 'billing_meter', 'webhook'])
  .map((name) => `rak_${name}_write`);
