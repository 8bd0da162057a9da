import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { alignClocks } from '../../../accounts/index.ts';
import { hostClock, type MachineClock } from '../../../kit/machine-clock.ts';
import { toUnix } from '../../../kit/time.ts';
import { apiOf } from '../runtime.ts';
import { checkConnection } from './check.ts';
import { finishOauth, type Returned } from './oauth-callback.ts';
import { oauthClient } from './oauth-client.ts';
import { startOauth } from './oauth-start.ts';
import { currentConnection, getConnection } from './queries.ts';

const host = hostClock();
let laterMinutes = 0;
const clock: MachineClock = { ...host, now: () => host.now().add({ minutes: laterMinutes }) };

let world: StripeWorld;
let environmentId: string;

beforeAll(async () => {
  world = await startStripeWorld({ machineClock: clock });
});
beforeEach(async () => {
  laterMinutes = 0;
  environmentId = await world.addEnvironment();
});
afterAll(() => world.close());

/** What the merchant does in the dashboard: take the access away. */
async function sandboxDeauthorize(a: { clientId: string; account: string }): Promise<void> {
  const { secretKey } = await oauthClient(world.app, 'sandbox');
  await world.sdk(secretKey).oauth.deauthorize({ client_id: a.clientId, stripe_user_id: a.account });
}

async function start(sessionKey: string | null = 'session-of-ada') {
  const ctx = { ...(await world.ctx(environmentId)), actor: 'user:ada' };
  const url = new URL((await startOauth(ctx, { sessionKey })).authorizeUrl);
  return { ctx, url, state: url.searchParams.get('state') ?? '' };
}

const finish = (returned: Returned, sessionKeys: (string | null)[] = ['session-of-ada', null]) =>
  finishOauth(world.app, { returned, sessionKeys });

describe('asking Stripe for consent', () => {
  test('the person is sent to the Sandbox, with its port, a state and the way back', async () => {
    const { url } = await start();
    expect(`${url.origin}${url.pathname}`).toBe('http://127.0.0.1:12111/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'read_write',
      redirect_uri: 'http://127.0.0.1:4242/oauth/stripe/callback',
    });
    expect(url.searchParams.get('client_id')).toMatch(/^ca_/);
    expect(url.searchParams.get('state')).toMatch(/^[A-Za-z0-9]{43}$/);
  });

  test('a denial is told and nothing is connected', async () => {
    const { ctx, state } = await start();
    expect(await finish({ state, error: 'access_denied' })).toMatchObject({ error: 'access_denied', connectionId: null });
    expect(await currentConnection(ctx)).toBeNull();
  });

  test('a state works once, for ten minutes, in the session that asked', async () => {
    const first = await start();
    expect((await finish({ state: first.state, error: 'access_denied' }, ['session-of-eve', null])).error).toBe('state_invalid');
    expect((await finish({ state: first.state, error: 'access_denied' })).error).toBe('access_denied');
    expect((await finish({ state: first.state, error: 'access_denied' })).error).toBe('state_invalid');
    const second = await start();
    laterMinutes = 11;
    expect((await finish({ state: second.state, code: 'ac_late' })).error).toBe('state_invalid');
    expect((await finish({ state: 'made up', code: 'ac_1' })).error).toBe('state_invalid');
    expect((await finish({ code: 'ac_1' })).error).toBe('state_invalid');
  });

  test('a code that Stripe refuses connects nothing, and is not tried twice', async () => {
    const { ctx, state } = await start();
    expect((await finish({ state, code: 'ac_invented' })).error).toBe('code_refused');
    expect((await finish({ state, code: 'ac_invented' })).error).toBe('state_invalid');
    expect(await currentConnection(ctx)).toBeNull();
  });

  test('consent for a new account connects it: its clock joins the environment’s, its events arrive, and taking the access away ends it', async () => {
    const { ctx, url, state } = await start();
    const back = new URL(
      await world.submit(`${url.pathname}${url.search}`, { decision: 'allow', account: 'new', business_name: 'Bright & Co' }),
    );
    expect(`${back.origin}${back.pathname}`).toBe('http://127.0.0.1:4242/oauth/stripe/callback');
    const code = back.searchParams.get('code') ?? '';
    const end = await finish({ state: back.searchParams.get('state') ?? '', code });
    expect([end.error, back.searchParams.get('state')]).toEqual([null, state]);
    const connection = await getConnection(ctx, end.connectionId ?? '');
    expect(connection).toMatchObject({
      status: 'active',
      authKind: 'oauth',
      oauthKind: 'connect',
      accountName: 'Bright & Co',
      transport: 'webhook',
      keyLast4: null,
    });
    await alignClocks(ctx);
    const clockOfAccount = (await world.sandbox.control.clock(connection.accountId)).now;
    expect(toUnix((await world.ctx(environmentId)).clock.now())).toBe(clockOfAccount);

    const api = await apiOf(ctx, connection);
    await api.post('/v1/customers', z.looseObject({}), { params: { email: 'ada@example.com' }, key: 'test/oauth/1' });
    await world.settle(environmentId);
    expect((await world.rows(environmentId)).map((row) => [row.type, row.status])).toEqual([['customer.created', 'processed']]);

    const again = await finish({ state, code });
    expect(again.error).toBe('state_invalid');
    const { client_id } = Object.fromEntries(url.searchParams);
    await sandboxDeauthorize({ clientId: client_id ?? '', account: connection.accountId });
    await checkConnection(ctx, connection.id);
    expect((await getConnection(ctx, connection.id)).status).toBe('revoked');
  });

  test('the state is stored as a hash only', async () => {
    const { state } = await start();
    const rows = await world.app.db.selectFrom('oauth_states').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(state);
  });
});
