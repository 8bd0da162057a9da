import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { hostClock, type MachineClock } from '../../../kit/machine-clock.ts';
import { anyList } from '../pull/fetch.ts';
import { apiOf } from '../runtime.ts';
import { checkConnection } from './check.ts';
import { finishOauth } from './oauth-callback.ts';
import { callbackUrl, oauthClient, setOauthClient } from './oauth-client.ts';
import { startOauth } from './oauth-start.ts';
import { currentConnection, getConnection, updateConnection } from './queries.ts';
import { openRefreshToken, openSecret } from './secret.ts';

const host = hostClock();
let laterMinutes = 0;
const clock: MachineClock = { ...host, now: () => host.now().add({ minutes: laterMinutes }) };

let world: StripeWorld;
beforeAll(async () => {
  world = await startStripeWorld({ machineClock: clock });
  const redirectUri = callbackUrl(world.app);
  const platform = await world.sandbox.control.createPlatform({ name: 'Billow app', redirectUris: [redirectUri] });
  const client = { kind: 'app' as const, clientId: platform.clientId, secretKey: platform.secretKey };
  await setOauthClient(world.app, { mode: 'sandbox', client, redirectUri });
});
afterAll(() => world.close());

async function install() {
  laterMinutes = 0;
  const ctx = { ...(await world.ctx(await world.addEnvironment())), actor: 'user:ada' };
  const url = new URL((await startOauth(ctx, { sessionKey: 'session' })).authorizeUrl);
  const back = new URL(await world.submit(`${url.pathname}${url.search}`, { decision: 'allow', account: 'new', business_name: 'Bright' }));
  const state = back.searchParams.get('state') ?? '';
  const end = await finishOauth(world.app, { returned: { state, code: back.searchParams.get('code') ?? '' }, sessionKeys: ['session'] });
  return { ctx, url, end, connection: () => getConnection(ctx, end.connectionId ?? '') };
}

test('[S8] [M10] an app that is installed has tokens of its own, which are sealed and renewed before they end', async () => {
  const { ctx, url, end, connection } = await install();
  expect(url.pathname).toBe('/oauth/v2/authorize');
  expect(end.error).toBeNull();
  const first = await connection();
  expect(first).toMatchObject({ status: 'active', authKind: 'oauth', oauthKind: 'app', accountName: 'Bright' });
  const [token, refresh] = [openSecret(world.app, first), openRefreshToken(world.app, first)];
  const stored = await world.app.db.selectFrom('stripe_connections').selectAll().where('id', '=', first.id).executeTakeFirstOrThrow();
  for (const secret of [token, refresh]) {
    expect(secret).toBeTruthy();
    expect(Object.values(stored).map(String).join('\n')).not.toContain(secret);
  }
  await (await apiOf(ctx, first)).get('/v1/customers', anyList);
  expect((await connection()).rev).toBe(first.rev);

  // Five minutes before the hour is over it is renewed; ten who need it at once renew it once.
  laterMinutes = 56;
  const apis = await Promise.all(Array.from({ length: 10 }, () => apiOf(ctx, first)));
  const renewed = await connection();
  // A second renewal would have failed too: the first one uses the refresh token up.
  expect(renewed.rev).toBe(first.rev + 1n);
  expect(openSecret(world.app, renewed)).not.toBe(token);
  expect(openRefreshToken(world.app, renewed)).not.toBe(refresh);
  await Promise.all(apis.map((api) => api.get('/v1/customers', anyList)));
  laterMinutes = 112;
  await (await apiOf(ctx, renewed)).get('/v1/customers', anyList);
  expect((await connection()).rev).toBe(first.rev + 2n);
});

test('a renewal that nobody lived to write down has used the token up: the connection is revoked, and installing again revives the same row', async () => {
  const { ctx, url, connection } = await install();
  laterMinutes = 56;
  const before = await connection();
  await apiOf(ctx, before);
  // As if the process had died between Stripe's answer and the commit: the old tokens are still there.
  await updateConnection(ctx, before.id, {
    secret_sealed: before.secretSealed,
    refresh_sealed: before.refreshSealed,
    access_expires_wall_at: before.accessExpiresAt,
  } as never);
  await checkConnection(ctx, before.id);
  expect(await connection()).toMatchObject({ status: 'revoked' });
  laterMinutes = 0;
  const again = new URL((await startOauth(ctx, { sessionKey: 'session' })).authorizeUrl);
  expect(again.searchParams.get('client_id')).toBe(url.searchParams.get('client_id'));
  const back = new URL(await world.submit(`${again.pathname}${again.search}`, { decision: 'allow', account: before.accountId }));
  const returned = { state: back.searchParams.get('state') ?? '', code: back.searchParams.get('code') ?? '' };
  const end = await finishOauth(world.app, { returned, sessionKeys: ['session'] });
  expect(end).toMatchObject({ error: null, connectionId: before.id });
  await (await apiOf(ctx, await connection())).get('/v1/customers', anyList);
  expect(await connection()).toMatchObject({ status: 'active' });
});

test('[M-03] an app that was removed is noticed: the connection is revoked, a person is asked, nothing is deleted', async () => {
  const { ctx, url, connection } = await install();
  const first = await connection();
  const { secretKey } = await oauthClient(world.app, 'sandbox');
  await world.sdk(secretKey).oauth.deauthorize({ client_id: url.searchParams.get('client_id') ?? '', stripe_user_id: first.accountId });
  await checkConnection(ctx, first.id);
  expect(await connection()).toMatchObject({ status: 'revoked' });
  expect((await currentConnection(ctx))?.id).toBe(first.id);
  const tasks = await world.app.db.selectFrom('operator_tasks').select('kind').where('environment_id', '=', ctx.environmentId).execute();
  expect(tasks.map((task) => task.kind)).toEqual(['connection_revoked']);
});
