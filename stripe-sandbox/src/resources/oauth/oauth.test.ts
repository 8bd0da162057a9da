import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { post, submit, visit } from '../../pages/test-forms.ts';
import { sdkFor, startSandbox, type TestSandbox } from '../../testing/index.ts';

const CALLBACK = 'http://127.0.0.1:4242/oauth/stripe/callback';

let world: TestSandbox;
let platform: Stripe;
let clientId: string;
let platformAccount: string;
let platformKey: string;

beforeEach(async () => {
  world = await startSandbox({ now: '2026-03-01T09:00:00Z' });
  const made = await world.sandbox.control.createPlatform({ name: 'Ledgerly', clientId: 'ca_ledgerly', redirectUris: [CALLBACK] });
  ({ clientId, account: platformAccount, secretKey: platformKey } = made);
  platform = sdkFor(world.sandbox, made.secretKey);
});
afterEach(() => world.close());

function authorizePath(more: Record<string, string> = {}): string {
  const query = { response_type: 'code', client_id: clientId, scope: 'read_write', redirect_uri: CALLBACK, state: 'st&te', ...more };
  return `/oauth/authorize?${new URLSearchParams(query)}`;
}

async function allow(account = world.account, path = authorizePath()): Promise<string> {
  const answer = await submit(world.sandbox, path, { decision: 'allow', account });
  expect(answer.status).toBe(303);
  return new URL(answer.location!).searchParams.get('code')!;
}

const exchange = (code: string) => platform.oauth.token({ grant_type: 'authorization_code', code });

test('[S 3.13] the consent page names the platform and the scope, and allowing gives a code, a token and the platform access through Stripe-Account', async () => {
  const shown = await visit(world.sandbox, authorizePath());
  expect(shown.html).toContain('Connect Ledgerly to Stripe');
  expect(shown.html).toContain('read_write');
  expect(shown.html).toContain(world.account);
  expect(shown.html).not.toContain(platformAccount);

  const answer = await submit(world.sandbox, authorizePath(), { decision: 'allow', account: world.account });
  const back = new URL(answer.location!);
  expect(back.origin + back.pathname).toBe(CALLBACK);
  expect(back.searchParams.get('state')).toBe('st&te');
  const token = await exchange(back.searchParams.get('code')!);
  expect(token).toMatchObject({ stripe_user_id: world.account, livemode: false, scope: 'read_write', token_type: 'bearer' });

  const account = await platform.accounts.retrieveCurrent({}, { stripeAccount: world.account });
  expect(account).toMatchObject({ id: world.account, email: 'owner@example.com', default_currency: 'usd' });
  const customer = await platform.customers.create({ email: 'a@example.com' }, { stripeAccount: world.account });
  expect((await world.stripe.customers.retrieve(customer.id)).id).toBe(customer.id);
  expect((await platform.accounts.list()).data.map((one) => one.id)).toEqual([world.account]);
  expect((await platform.accounts.retrieve(world.account)).settings?.dashboard.display_name).toBe('Acme');
  expect(await world.eventTypes('ca_ledgerly')).toEqual(['account.application.authorized']);
});

test('[S 3.13] a new account can be made on the way', async () => {
  const answer = await submit(world.sandbox, authorizePath(), { decision: 'allow', account: 'new', business_name: 'Bright & Co' });
  const token = await exchange(new URL(answer.location!).searchParams.get('code')!);
  const account = await sdkFor(world.sandbox, token.access_token!).accounts.retrieveCurrent();
  expect(account.business_profile?.name).toBe('Bright & Co');
  expect(account.id).not.toBe(world.account);
});

test('[S 3.13] denying goes back with access_denied and the state, and grants nothing', async () => {
  const answer = await submit(world.sandbox, authorizePath(), { decision: 'deny' });
  const back = new URL(answer.location!);
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'st&te' });
  await expect(platform.accounts.retrieveCurrent({}, { stripeAccount: world.account })).rejects.toMatchObject({ statusCode: 403 });
});

test('[S 3.13] a code used twice is refused and ends the connection it gave', async () => {
  const code = await allow();
  const token = await exchange(code);
  await expect(exchange(code)).rejects.toMatchObject({ type: 'StripeInvalidGrantError', statusCode: 400 });
  await expect(platform.accounts.retrieveCurrent({}, { stripeAccount: world.account })).rejects.toMatchObject({ statusCode: 403 });
  await expect(sdkFor(world.sandbox, token.access_token!).customers.list()).rejects.toMatchObject({ statusCode: 401 });
  expect(await world.eventTypes('ca_ledgerly')).toEqual(['account.application.authorized', 'account.application.deauthorized']);
});

test('[S 3.13] a code is good for five minutes', async () => {
  await world.sandbox.control.setClock({ account: platformAccount, mode: 'virtual', now: 1_800_000_000 });
  const code = await allow();
  await world.sandbox.control.advance({ account: platformAccount, to: 1_800_000_000 + 301 });
  await expect(exchange(code)).rejects.toThrow(/expired/);
});

test('[S 3.13] another platform cannot use the code', async () => {
  const other = await world.sandbox.control.createPlatform({ name: 'Other', redirectUris: [CALLBACK] });
  const code = await allow();
  const params = { grant_type: 'authorization_code' as const, code };
  await expect(sdkFor(world.sandbox, other.secretKey).oauth.token(params)).rejects.toThrow(/does not exist/);
});

test('[S 3.13] read_only tokens read and change nothing', async () => {
  const code = await allow(world.account, authorizePath({ scope: 'read_only' }));
  const token = await exchange(code);
  const reader = sdkFor(world.sandbox, token.access_token!);
  expect((await reader.customers.list()).data).toEqual([]);
  await expect(reader.customers.create({})).rejects.toMatchObject({ statusCode: 403 });
});

test('[S 3.13] deauthorize ends the access once; consent gives it again', async () => {
  await exchange(await allow());
  const params = { client_id: clientId, stripe_user_id: world.account };
  expect(await platform.oauth.deauthorize(params)).toMatchObject({ stripe_user_id: world.account });
  await expect(platform.oauth.deauthorize(params)).rejects.toThrow(/not connected/);
  await expect(platform.customers.list({}, { stripeAccount: world.account })).rejects.toMatchObject({ statusCode: 403 });
  await exchange(await allow());
  expect((await platform.customers.list({}, { stripeAccount: world.account })).data).toEqual([]);
});

test('[S 3.13] an app gets an hour of access and a refresh token that is rolled', async () => {
  const path = `/oauth/v2/authorize?${new URLSearchParams({ client_id: clientId, redirect_uri: CALLBACK, state: 's' })}`;
  expect((await visit(world.sandbox, path)).html).toContain('Customer: read, write');
  const code = await allow(world.account, path);
  const token = async (fields: Record<string, string>) => {
    const answer = await post(world.sandbox, '/v1/oauth/token', fields, { authorization: `Bearer ${platformKey}` });
    return { status: answer.status, body: JSON.parse(answer.html) };
  };
  const first = await token({ grant_type: 'authorization_code', code });
  expect(first.body).toMatchObject({ scope: 'stripe_apps', expires_in: 3600, stripe_user_id: world.account });
  const second = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
  expect(second.status).toBe(200);
  expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
  const again = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
  expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await sdkFor(world.sandbox, second.body.access_token).customers.list()).data).toEqual([]);
});

test('[S 3.13] wrong client, address, scope and response type stay on the page as JSON', async () => {
  for (const [more, error] of [
    [{ client_id: 'ca_unknown' }, 'invalid_client'],
    [{ redirect_uri: 'https://evil.example/' }, 'invalid_redirect_uri'],
    [{ scope: 'everything' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
  ] as const) {
    const answer = await visit(world.sandbox, authorizePath(more));
    expect([answer.status, JSON.parse(answer.html).error]).toEqual([400, error]);
  }
});

test('[S 3.13] a decision without the form’s token, or from another site, grants nothing', async () => {
  const without = await post(world.sandbox, authorizePath(), { decision: 'allow', account: world.account });
  expect([without.status, without.location]).toEqual([400, null]);
  const { html } = await visit(world.sandbox, authorizePath());
  const form_token = /form_token" value="([^"]+)"/.exec(html)![1]!;
  const fields = { decision: 'allow', account: world.account, form_token };
  const foreign = await post(world.sandbox, authorizePath(), fields, { origin: 'https://evil.example' });
  expect([foreign.status, foreign.location]).toEqual([400, null]);
});

test('[S 3.13] a restricted key may not read the account; the refusal names it', async () => {
  const { secret } = await world.sandbox.control.createRestrictedKey({ account: world.account, permissions: ['rak_customer_read'] });
  const reading = sdkFor(world.sandbox, secret).accounts.retrieveCurrent();
  await expect(reading).rejects.toMatchObject({ statusCode: 403, code: undefined });
  await expect(reading).rejects.toThrow(world.account);
  await expect(world.stripe.accounts.retrieve('acct_unknown')).rejects.toMatchObject({ statusCode: 403, code: 'account_invalid' });
});

/** The SDK with the access token that the code is worth. */
async function appFor(code: string, platformSecret: string): Promise<Stripe> {
  const fields = { grant_type: 'authorization_code', code };
  const answer = await post(world.sandbox, '/v1/oauth/token', fields, { authorization: `Bearer ${platformSecret}` });
  return sdkFor(world.sandbox, JSON.parse(answer.html).access_token);
}

test('[S 3.13] an app in the account: installed with the consent, seen by the account, gone with it', async () => {
  const { sandbox, stripe, account } = world;
  const query = { response_type: 'code', client_id: clientId, redirect_uri: CALLBACK, state: 's' };
  const path = `/oauth/v2/authorize?${new URLSearchParams(query)}`;
  const code = await allow(account, path);
  const asApp = await appFor(code, platformKey);
  const [install] = (await stripe.apps.installs.list({ app: clientId })).data;
  expect(install).toMatchObject({ object: 'apps.install', account, app: clientId, status: 'installed', approval_required: false });
  expect((await stripe.apps.installs.retrieve(install!.id)).id).toBe(install!.id);
  expect((await asApp.customers.list()).data).toEqual([]);
  await expect(asApp.apps.installs.uninstall(install!.id)).rejects.toMatchObject({ statusCode: 403 });
  expect((await stripe.apps.installs.uninstall(install!.id)).status).toBe('uninstalling');
  await expect(asApp.customers.list()).rejects.toMatchObject({ statusCode: 401 });
  await expect(stripe.apps.installs.retrieve(install!.id)).rejects.toMatchObject({ statusCode: 404 });
  const types = (await sandbox.control.events({ account })).map((event) => event.type);
  expect(types).toEqual([
    'account.application.authorized',
    'apps.install.created',
    'account.application.deauthorized',
    'apps.install.deleted',
  ]);
});

test('[S 3.13] an app’s hour of access ends with the platform’s own clock', async () => {
  const { sandbox, account } = world;
  const at = Date.parse('2026-03-01T09:00:00Z') / 1000;
  const made = await sandbox.control.createPlatform({
    name: 'Clocked',
    clientId: 'ca_clocked',
    redirectUris: [CALLBACK],
    clock: { mode: 'virtual', now: at },
  });
  const query = { response_type: 'code', client_id: 'ca_clocked', redirect_uri: CALLBACK, state: 's' };
  const code = await allow(account, `/oauth/v2/authorize?${new URLSearchParams(query)}`);
  const asApp = await appFor(code, made.secretKey);
  expect((await asApp.customers.list()).data).toEqual([]);
  await sandbox.control.advance({ account: made.account, to: at + 3599 });
  expect((await asApp.customers.list()).data).toEqual([]);
  await sandbox.control.advance({ account: made.account, to: at + 3600 });
  await expect(asApp.customers.list()).rejects.toMatchObject({ statusCode: 401, code: 'api_key_expired' });
});
