import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startHttp } from '../../../test/support/http.ts';
import { shiftedClock } from '../../kit/machine-clock.ts';

const minutes = 0;
let s: RunningServer;
beforeAll(async () => {
  s = await startHttp({ machineClock: shiftedClock(() => Temporal.Duration.from({ minutes })) });
});
afterAll(() => s?.close());

test('errors have one form, name the field, and carry the request id', async () => {
  const wrong = await s.call('POST', '/v1/api_keys', { name: 'x', colour: 'red' });
  expect(wrong.status).toBe(400);
  expect(wrong.body).toEqual({
    error: {
      code: 'invalid_request',
      message: 'colour is not known here.',
      param: 'colour',
      request_id: wrong.headers.get('x-request-id'),
    },
  });
  const missing = await s.call('POST', '/v1/api_keys', {});
  expect(missing.body.error).toMatchObject({ code: 'invalid_request', param: 'name' });
  const broken = await s.call('POST', '/v1/api_keys', undefined, { raw: '{"name":' });
  expect([broken.status, broken.body.error.code]).toEqual([400, 'invalid_json']);
  const nowhere = await s.call('GET', '/v1/nothing');
  expect([nowhere.status, nowhere.body.error.code]).toEqual([404, 'unknown_route']);
  const big = await s.call('POST', '/v1/api_keys', { name: 'x'.repeat(1_100_000) });
  expect([big.status, big.body.error.code]).toEqual([413, 'body_too_large']);
  const mine = await s.call('GET', '/v1/nothing', undefined, { headers: { 'x-request-id': 'mine-1' } });
  expect(mine.body.error.request_id).toBe('mine-1');
});

test('[12.1] keys: shown once, told apart by what is wrong with them, revoked and expired at once', async () => {
  const made = await s.call('POST', '/v1/api_keys', { name: 'Reader', scopes: ['keys:read'] });
  expect(made.status).toBe(201);
  expect(made.body.secret).toMatch(/^bk_sandbox_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
  const key = made.body.secret as string;
  const listed = await s.call('GET', '/v1/api_keys', undefined, { key });
  expect(listed.status).toBe(200);
  expect(JSON.stringify(listed.body)).not.toContain(key.slice(-43));
  const refused = await s.call('POST', '/v1/api_keys', { name: 'No' }, { key });
  expect([refused.status, refused.body.error.code, refused.body.error.param]).toEqual([403, 'missing_scope', 'keys:write']);
  const codes = async (text: string | null) => {
    const answer = await s.call('GET', '/v1/api_keys', undefined, { key: text });
    return [answer.status, answer.body.error?.code];
  };
  expect(await codes(null)).toEqual([401, 'authentication_required']);
  expect(await codes('sk_test_4eC39HqLyjWDarjtT1zdp7dc')).toEqual([401, 'stripe_key']);
  expect(await codes(key.replace('bk_sandbox', 'bk_live'))).toEqual([401, 'wrong_mode']);
  expect(await codes(`${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`)).toEqual([401, 'invalid_api_key']);
  const inAddress = await s.call('GET', `/v1/api_keys?cursor=${key}`);
  expect(inAddress.body.error.code).toBe('key_in_query');
  expect((await s.call('DELETE', `/v1/api_keys/${made.body.id}`)).body.revoked_at).not.toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  expect(await codes(key)).toEqual([401, 'invalid_api_key']);
}, 20_000);

test('a key gives no more than it has, and an expired one nothing', async () => {
  const writer = (await s.call('POST', '/v1/api_keys', { name: 'Writer', scopes: ['keys:write'] })).body.secret as string;
  const beyond = await s.call('POST', '/v1/api_keys', { name: 'More', scopes: ['full'] }, { key: writer });
  expect([beyond.status, beyond.body.error.code]).toEqual([403, 'scope_beyond_own']);
  expect((await s.call('POST', '/v1/api_keys', { name: 'Bad', scopes: ['emails:approve'] })).status).toBe(400);
  const short = await s.call('POST', '/v1/api_keys', { name: 'Short', expires_at: '2000-01-01T00:00:00Z' });
  expect((await s.call('GET', '/v1/me', undefined, { key: short.body.secret })).body.error.code).toBe('api_key_expired');
});

test('lists go page by page, newest first, without a gap or a repeat', async () => {
  for (const name of ['one', 'two', 'three']) await s.call('POST', '/v1/api_keys', { name });
  const names: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await s.call('GET', `/v1/api_keys?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(answer.body.data.length).toBeLessThanOrEqual(2);
    names.push(...answer.body.data.map((one: { name: string }) => one.name));
    cursor = answer.body.next_cursor;
    expect(answer.body.has_more).toBe(cursor !== null);
  }
  expect(names.slice(0, 3)).toEqual(['three', 'two', 'one']);
  expect(new Set(names).size).toBe(names.length);
  expect((await s.call('GET', '/v1/api_keys?limit=101')).body.error.param).toBe('limit');
});

test('Idempotency-Key: the same request answers the same, another one is refused, five at once make one', async () => {
  const post = (key: string, name: string) => s.call('POST', '/v1/api_keys', { name }, { headers: { 'idempotency-key': key } });
  const first = await post('once', 'Once');
  const again = await post('once', 'Once');
  expect(again.body).toEqual(first.body);
  expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
  const other = await post('once', 'Other');
  expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_conflict']);
  const refused = await post('bad', '');
  expect([refused.status, (await post('bad', '')).headers.get('idempotent-replayed')]).toEqual([400, null]);
  const five = await Promise.all(Array.from({ length: 5 }, () => post('five', 'Five')));
  expect(five.filter((answer) => answer.status === 201 && answer.headers.get('idempotent-replayed') === null)).toHaveLength(1);
  const all = await s.call('GET', '/v1/api_keys?limit=100');
  expect(all.body.data.filter((one: { name: string }) => one.name === 'Five')).toHaveLength(1);
});

test('what is shown once is not stored in the clear, not even for the repeat of its request', async () => {
  const post = () => s.call('POST', '/v1/api_keys', { name: 'Sealed' }, { headers: { 'idempotency-key': 'sealed' } });
  const secret = (await post()).body.secret as string;
  expect((await post()).body.secret).toBe(secret);
  const rows = await s.server.app.db.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(secret.slice(-43));
});

test('too many tries in a minute are refused with the seconds to wait', async () => {
  const tries = [];
  for (let index = 0; index < 21; index++)
    tries.push(await s.call('POST', '/v1/sign_in_links/inspect', { token: 'x'.repeat(43) }, { key: null }));
  expect(tries.slice(0, 20).every((one) => one.status === 410)).toBe(true);
  const last = tries.at(-1);
  expect([last?.status, last?.body.error.code]).toEqual([429, 'rate_limited']);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('[12.5] foreign Host names are refused, answers carry safe headers', async () => {
  const { request } = await import('node:http');
  const status = await new Promise<number>((resolve, reject) => {
    request(`${s.url}/healthz`, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
  const answer = await s.call('GET', '/healthz');
  expect([answer.headers.get('x-content-type-options'), answer.headers.get('referrer-policy')]).toEqual(['nosniff', 'same-origin']);
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('[S23] a card number in any text is refused before anything is stored', async () => {
  const answer = await s.call('POST', '/v1/api_keys', { name: 'card 4242 4242 4242 4242' });
  expect([answer.status, answer.body.error.code, answer.body.error.param]).toEqual([422, 'card_number_refused', 'name']);
});

test('the document names a scope for every operation and refers only to what it contains', async () => {
  const { body } = await s.call('GET', '/openapi.json', undefined, { key: null });
  expect(body.openapi).toBe('3.1.0');
  const text = JSON.stringify(body);
  const references = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] as string));
  expect([...references].filter((name) => !(name in body.components.schemas))).toEqual([]);
  for (const [path, operations] of Object.entries<Record<string, { 'x-scope': string }>>(body.paths)) {
    for (const operation of Object.values(operations))
      expect(operation['x-scope'], path).toMatch(/^(public|person|organization|[a-z_]+:[a-z_]+)$/);
  }
  expect(text).not.toContain('9007199254740991');
  expect((await s.call('GET', '/docs', undefined, { key: null })).body).toContain('swagger-ui');
  expect((await s.call('GET', '/docs/swagger-ui.css', undefined, { key: null })).status).toBe(200);
});
