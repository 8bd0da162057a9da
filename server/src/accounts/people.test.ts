import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpAnswer, type RunningServer, startHttp } from '../../test/support/http.ts';
import { shiftedClock } from '../kit/machine-clock.ts';

let minutes = 0;
let s: RunningServer;
beforeAll(async () => {
  s = await startHttp({ machineClock: shiftedClock(() => Temporal.Duration.from({ minutes })) });
});
afterAll(() => s?.close());

const ada = { name: 'Ada', email: 'Ada@Example.com', password: 'a long enough one' };
const linkToken = () => s.server.firstRun.sign_in_url?.split('#')[1] ?? '';
const cookieOf = (answer: HttpAnswer) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
const as = (cookie: string, environment?: string) => ({
  key: null,
  headers: { cookie, origin: s.url, ...(environment === undefined ? {} : { 'billow-environment': environment }) },
});

test('[12.6] the first link makes the owner: looking does not use it up, using it works once', async () => {
  const page = await s.call('GET', new URL(s.server.firstRun.sign_in_url ?? '').pathname, undefined, { key: null });
  expect(page.status).toBe(200);
  const look = await s.call('POST', '/v1/sign_in_links/inspect', { token: linkToken() }, { key: null });
  expect(look.body).toMatchObject({ role: 'owner', organization: { name: 'My company' } });
  const short = await s.call('POST', '/v1/sign_in_links/consume', { token: linkToken(), ...ada, password: 'short' }, { key: null });
  expect([short.status, short.body.error.param]).toEqual([400, 'password']);
  const foreign = await s.call(
    'POST',
    '/v1/sign_in_links/consume',
    { token: linkToken(), ...ada },
    { key: null, headers: { origin: 'https://evil.example' } },
  );
  expect([foreign.status, foreign.body.error.code]).toEqual([403, 'foreign_origin']);
  const both = await Promise.all(
    [1, 2].map(() => s.call('POST', '/v1/sign_in_links/consume', { token: linkToken(), ...ada }, { key: null })),
  );
  expect(both.map((one) => one.status).toSorted()).toEqual([201, 410]);
  const winner = both.find((one) => one.status === 201) as HttpAnswer;
  expect(winner.headers.getSetCookie()[0]).toMatch(/^billow=.*HttpOnly.*SameSite=Lax/i);
  const me = await s.call('GET', '/v1/me', undefined, as(cookieOf(winner)));
  expect(me.body).toMatchObject({ user: { name: 'Ada', email: 'ada@example.com' }, role: 'owner' });
});

test('signing in by e-mail and password, and out again', async () => {
  const wrong = await s.call(
    'POST',
    '/api/auth/sign-in/email',
    { email: ada.email, password: 'not this one' },
    { key: null, headers: { origin: s.url } },
  );
  expect(wrong.status).toBe(401);
  const signedIn = await s.call(
    'POST',
    '/api/auth/sign-in/email',
    { email: ada.email, password: ada.password },
    { key: null, headers: { origin: s.url } },
  );
  expect(signedIn.status).toBe(200);
  const cookie = cookieOf(signedIn);
  expect((await s.call('GET', '/v1/me', undefined, as(cookie))).status).toBe(200);
  expect((await s.call('POST', '/api/auth/sign-out', {}, as(cookie))).status).toBe(200);
  expect((await s.call('GET', '/v1/me', undefined, as(cookie))).status).toBe(401);
  const closed = await s.call(
    'POST',
    '/api/auth/sign-up/email',
    { name: 'Eve', email: 'eve@example.com', password: 'a long enough one' },
    { key: null },
  );
  expect(closed.status).toBe(404);
  const foreign = await s.call(
    'POST',
    '/api/auth/sign-in/email',
    { email: ada.email, password: ada.password },
    { key: null, headers: { origin: 'https://evil.example' } },
  );
  expect(foreign.status).toBe(403);
});

async function signIn(email: string): Promise<string> {
  return cookieOf(
    await s.call('POST', '/api/auth/sign-in/email', { email, password: ada.password }, { key: null, headers: { origin: s.url } }),
  );
}

test('[12.5] a person names the environment, and no other site acts with the cookie', async () => {
  const cookie = await signIn(ada.email);
  const without = await s.call('GET', '/v1/api_keys', undefined, as(cookie));
  expect(without.body.error.code).toBe('environment_required');
  expect((await s.call('GET', '/v1/api_keys', undefined, as(cookie, s.environmentId))).status).toBe(200);
  expect((await s.call('GET', '/v1/api_keys', undefined, as(cookie, 'environment_00000000000000000000000000'))).status).toBe(404);
  const noOrigin = { key: null, headers: { cookie, 'billow-environment': s.environmentId } };
  expect((await s.call('POST', '/v1/api_keys', { name: 'x' }, noOrigin)).body.error.code).toBe('foreign_origin');
  expect((await s.call('POST', '/v1/api_keys', { name: 'x' }, as(cookie, s.environmentId))).status).toBe(201);
});

test('[12.3] an invited viewer may look but not change; the last owner stays', async () => {
  const owner = await signIn(ada.email);
  const invitation = await s.call('POST', '/v1/members', { role: 'viewer' }, as(owner));
  expect(invitation.status).toBe(201);
  const vic = { token: invitation.body.token, name: 'Vic', email: 'vic@example.com', password: ada.password };
  const viewer = cookieOf(await s.call('POST', '/v1/sign_in_links/consume', vic, { key: null }));
  expect((await s.call('GET', '/v1/api_keys', undefined, as(viewer, s.environmentId))).status).toBe(200);
  const refused = await s.call('POST', '/v1/api_keys', { name: 'x' }, as(viewer, s.environmentId));
  expect([refused.status, refused.body.error.code]).toEqual([403, 'missing_scope']);
  expect((await s.call('POST', '/v1/environments', { name: 'Mine' }, as(viewer))).status).toBe(403);
  expect((await s.call('POST', '/v1/members', { role: 'viewer' }, as(viewer))).status).toBe(403);
  const members = await s.call('GET', '/v1/members', undefined, as(owner));
  const [first, second] = members.body.data;
  expect([first.role, second.role]).toEqual(['owner', 'viewer']);
  expect((await s.call('DELETE', `/v1/members/${first.id}`, undefined, as(owner))).body.error.code).toBe('last_owner');
  expect((await s.call('DELETE', `/v1/members/${second.id}`, undefined, as(owner))).status).toBe(200);
  expect((await s.call('GET', '/v1/me', undefined, as(viewer))).status).toBe(401);
});

test('[12.6] a link ends after 15 minutes', async () => {
  const owner = await signIn(ada.email);
  const invitation = await s.call('POST', '/v1/members', { role: 'support' }, as(owner));
  minutes = 16;
  const late = await s.call('POST', '/v1/sign_in_links/inspect', { token: invitation.body.token }, { key: null });
  expect([late.status, late.body.error.code]).toEqual([410, 'sign_in_link_invalid']);
  minutes = 0;
});

test('environments: people make all modes, a full sandbox key makes sandboxes, each sees its own', async () => {
  const owner = await signIn(ada.email);
  const live = await s.call('POST', '/v1/environments', { name: 'Production', mode: 'live' }, as(owner));
  expect(live.body).toMatchObject({ mode: 'live', clock: { kind: 'wall' } });
  expect(live.body.api_key).toMatch(/^bk_live_/);
  const second = await s.call('POST', '/v1/environments', { name: 'Second sandbox', now: '2026-01-01T00:00:00Z' });
  expect(second.status).toBe(201);
  expect((await s.call('POST', '/v1/environments', { name: 'No', mode: 'test' })).status).toBe(403);
  expect((await s.call('POST', '/v1/environments', { name: 'No' }, { key: live.body.api_key })).status).toBe(403);
  const seen = await s.call('GET', '/v1/environments', undefined, { key: second.body.api_key });
  expect(seen.body.data.map((one: { id: string }) => one.id)).toEqual([second.body.id]);
  expect((await s.call('GET', `/v1/environments/${second.body.id}`)).status).toBe(404);
  expect((await s.call('GET', '/v1/environments', undefined, as(owner))).body.data).toHaveLength(3);
  const clock = await s.call(
    'POST',
    `/v1/environments/${second.body.id}/clock/advance`,
    { to: '2026-02-01T00:00:00Z' },
    { key: second.body.api_key },
  );
  expect(clock.body).toMatchObject({
    object: 'clock',
    kind: 'simulated',
    now: '2026-02-01T00:00:00Z',
    status: 'ready',
    target: null,
    next: null,
  });
  expect((await s.call('POST', `/v1/environments/${second.body.id}/clock/advance`, { to: 'next' })).status).toBe(404);
  const wall = await s.call('POST', `/v1/environments/${live.body.id}/clock/advance`, { to: 'next' }, { key: live.body.api_key });
  expect(wall.body.error.code).toBe('clock_not_simulated');
  const mixed = await s.call('GET', '/v1/me', undefined, { headers: { 'billow-environment': second.body.id } });
  expect(mixed.body.error.code).toBe('wrong_environment');
});

test('every change left an audit entry, and none holds a secret', async () => {
  const entries = await s.server.app.db.selectFrom('audit_entries').select(['action', 'actor', 'after']).execute();
  const actions = entries.map((entry) => entry.action);
  for (const action of ['environment.created', 'api_key.created']) expect(actions).toContain(action);
  expect(JSON.stringify(entries)).not.toMatch(/bk_[a-z]+_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}/);
});
