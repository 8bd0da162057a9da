import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSignInLink } from '../../src/accounts/index.ts';
import type { Route } from '../../src/kit/http.ts';
import { rooms } from '../../src/rooms.ts';
import { type RunningServer, startHttp } from '../support/http.ts';
import { type Person, personOf, signInOwner } from '../support/person.ts';

/**
 * Who may do what, written down a second time from reliability.md 12.2 and 12.3 and held against every route there is: a new route is covered
 * without anyone writing a test.
 */
const MONEY = ['refunds:write', 'credits:grant', 'payments:collect'];
const ROLES: Record<string, (scope: string) => boolean> = {
  admin: () => true,
  developer: (scope) => !MONEY.includes(scope) && !['members:write', 'data:export', 'data:erase'].includes(scope),
  finance: (scope) => scope.endsWith(':read') || /^(invoices|refunds|credits|payments|customers|subscriptions):/.test(scope),
  support: (scope) => scope.endsWith(':read') || ['messages:send', 'notes:write'].includes(scope),
  viewer: (scope) => scope.endsWith(':read'),
};
const PERSONS_ONLY = ['emails:approve', 'facts:write', 'suppressions:lift'];

/** Routes that a scope guards; those that answer late, or change the clock of everybody, are asked in a way that does nothing. */
const guarded: Route[] = rooms.flatMap((room) => room.routes ?? []).filter((route) => route.scope.includes(':'));
const scopes = [...new Set(guarded.map((route) => String(route.scope)))].toSorted();

let s: RunningServer;
let owner: Person;
beforeAll(async () => {
  s = await startHttp();
  owner = await signInOwner(s);
});
afterAll(() => s?.close());

/** An object that does not exist and a body that says nothing: who gets past the guard meets that, and nothing happens. */
const pathOf = (route: Route) => route.path.replaceAll(/\{\w+\}/g, 'nothing_here');
const bodyOf = (route: Route) => (route.method === 'GET' || route.method === 'DELETE' ? undefined : { nothing: 'here' });
const isRefused = (answer: { status: number; body: { error?: { code?: string; param?: string } } }, scope: string) =>
  answer.status === 403 && answer.body?.error?.code === 'missing_scope' && answer.body.error.param === scope;

describe('[12.3] a role is a set of scopes', () => {
  test('there are routes to guard, and each kind of scope is among them', () => {
    expect(guarded.length).toBeGreaterThan(60);
    expect(scopes).toEqual(
      expect.arrayContaining(['connections:write', 'senders:write', 'suppressions:lift', 'facts:write', 'messages:send']),
    );
  });

  test.each(Object.keys(ROLES))('%s: every route is open or shut as the table says', async (role) => {
    const { app } = s.server;
    const { id: organizationId } = await app.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
    const token = await makeSignInLink(app, { organizationId, role: role as 'admin' });
    const newcomer = { token, name: role, email: `${role}@acme.example`, password: 'a long enough password' };
    const person = personOf(s, await s.call('POST', '/v1/sign_in_links/consume', newcomer, { key: null }));
    const wrong: string[] = [];
    for (const route of guarded) {
      const answer = await person.call(route.method, pathOf(route), bodyOf(route));
      const isOpen = ROLES[role]?.(route.scope) === true;
      if (isRefused(answer, route.scope) === isOpen) wrong.push(`${route.method} ${route.path} (${route.scope}) answered ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('[12.2] a key holds the scopes it was given', () => {
  test('each scope opens its own routes and no others; what persons only may do, no key may be given', async () => {
    const wrong: string[] = [];
    for (const scope of scopes) {
      const made = await owner.call('POST', '/v1/api_keys', { name: scope, scopes: [scope] });
      if (PERSONS_ONLY.includes(scope)) {
        if (made.status < 400) wrong.push(`${scope} was given to a key`);
        continue;
      }
      const key = made.body.secret as string;
      const own = guarded.find((route) => route.scope === scope) as Route;
      const foreign = guarded.filter((route) => route.scope !== scope).slice(scopes.indexOf(scope), scopes.indexOf(scope) + 3);
      for (const route of [own, ...foreign]) {
        const answer = await s.call(route.method, pathOf(route), bodyOf(route), { key });
        if (isRefused(answer, route.scope) === (route === own))
          wrong.push(`${scope}: ${route.method} ${route.path} answered ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a full key does everything but what persons only may do; a reading one changes nothing; a revoked one is nobody', async () => {
    const keyOf = async (scope: string) =>
      (await owner.api('POST', '/v1/api_keys', { name: scope, scopes: [scope] })) as { id: string; secret: string };
    const [full, reading] = [await keyOf('full'), await keyOf('read_only')];
    for (const route of guarded.filter((one) => PERSONS_ONLY.includes(one.scope)))
      expect(isRefused(await s.call(route.method, pathOf(route), bodyOf(route), { key: full.secret }), route.scope), route.path).toBe(true);
    for (const route of guarded.filter((one) => !one.scope.endsWith(':read')))
      expect(isRefused(await s.call(route.method, pathOf(route), bodyOf(route), { key: reading.secret }), route.scope), route.path).toBe(
        true,
      );
    await owner.api('DELETE', `/v1/api_keys/${reading.id}`);
    await expect
      .poll(async () => (await s.call('GET', '/v1/customers', undefined, { key: reading.secret })).status, { timeout: 8_000 })
      .toBe(401);
  });
});

describe('[R9] [I20] Idempotency-Key on calls that name no environment', () => {
  const name = 'Made once';
  test('the same call again answers the same environment; another body under the key is refused', async () => {
    const first = await s.call(
      'POST',
      '/v1/environments',
      { name, mode: 'sandbox', slug: 'once' },
      { key: null, headers: { ...(await headersOf()), 'idempotency-key': 'environment-1' } },
    );
    expect(first.status).toBe(201);
    const again = await s.call(
      'POST',
      '/v1/environments',
      { name, mode: 'sandbox', slug: 'once' },
      { key: null, headers: { ...(await headersOf()), 'idempotency-key': 'environment-1' } },
    );
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await s.call(
      'POST',
      '/v1/environments',
      { name, mode: 'sandbox', slug: 'twice' },
      { key: null, headers: { ...(await headersOf()), 'idempotency-key': 'environment-1' } },
    );
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_conflict']);
    const listed = (await owner.api('GET', '/v1/environments')).data.filter((one: { name: string }) => one.name === name);
    expect(listed).toHaveLength(1);
  });

  async function headersOf() {
    const signedIn = await s.call(
      'POST',
      '/api/auth/sign-in/email',
      { email: 'owner@acme.example', password: 'a long enough password' },
      { key: null, headers: { origin: s.url } },
    );
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    return { cookie, origin: s.url };
  }
});
