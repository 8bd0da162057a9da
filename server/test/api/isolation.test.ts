import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpAnswer, type RunningServer, startHttp } from '../support/http.ts';

/**
 * Generated from /openapi.json: a new route is covered without anyone writing a test (reliability.md S3).
 * Ids of the first environment are asked for with the key of another one: the answer equals that of an id that does not exist.
 */
type Operation = {
  'x-scope': string;
  parameters?: { name: string; in: string; required: boolean; schema: { enum?: string[] } }[];
  requestBody?: unknown;
};
type Call = { method: string; path: string; operation: Operation };

const MISSING = '00000000000000000000000000';
const GENERAL_4XX = [400, 401, 403, 404, 405, 409, 410, 415, 422];

let s: RunningServer;
let calls: Call[] = [];
let otherKey = '';
let readKey = '';
beforeAll(async () => {
  s = await startHttp();
  const { body } = await s.call('GET', '/openapi.json');
  calls = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  otherKey = (await s.call('POST', '/v1/environments', { name: 'Other' })).body.api_key;
  readKey = (await s.call('POST', '/v1/api_keys', { name: 'Nothing', scopes: ['nothing:read'] })).body.secret;
});
afterAll(() => s?.close());

const fill = (path: string, id: string) => path.replace(/\{\w+\}/g, id);
const needsKey = (call: Call) => call.operation['x-scope'] !== 'public';
/** Equal but for the request id and the id asked for. */
const shape = (answer: HttpAnswer, id: string) => {
  const { request_id: _request, ...error } = answer.body?.error ?? {};
  return { status: answer.status, error: JSON.stringify(error).replaceAll(id, '<id>') };
};

test('without a key, with a wrong one, and with an expired one every route answers 401', async () => {
  const expired = (await s.call('POST', '/v1/api_keys', { name: 'Old', expires_at: '2001-01-01T00:00:00Z' })).body.secret;
  const wrong: string[] = [];
  for (const call of calls.filter(needsKey)) {
    for (const key of [null, 'bk_sandbox_nonsense', expired]) {
      const answer = await s.call(call.method, fill(call.path, MISSING), call.method === 'GET' ? undefined : {}, { key });
      if (answer.status !== 401) wrong.push(`${call.method} ${call.path} with ${String(key).slice(0, 12)}: ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a key without the scope gets 403 and nothing else, before its input is looked at', async () => {
  const wrong: string[] = [];
  for (const call of calls.filter((one) => needsKey(one) && one.operation['x-scope'] !== 'organization')) {
    const answer = await s.call(call.method, fill(call.path, MISSING), call.method === 'GET' ? undefined : {}, { key: readKey });
    if (answer.status !== 403) wrong.push(`${call.method} ${call.path}: ${answer.status} ${answer.body?.error?.code}`);
  }
  expect(wrong).toEqual([]);
});

test('no list of another environment holds an id of the first', async () => {
  const wrong: string[] = [];
  for (const call of calls.filter((one) => one.method === 'GET' && !one.path.includes('{') && needsKey(one))) {
    const required = (call.operation.parameters ?? []).filter((parameter) => parameter.in === 'query' && parameter.required);
    const query = required.map((parameter) => `${parameter.name}=${parameter.schema.enum?.[0] ?? 'x'}`).join('&');
    const mine = await s.call('GET', `${call.path}${query ? `?${query}` : ''}`);
    const theirs = await s.call('GET', `${call.path}${query ? `?${query}` : ''}`, undefined, { key: otherKey });
    const ids = new Set<string>(
      (Array.isArray(mine.body?.data) ? mine.body.data : []).map((one: { id?: string }) => one.id).filter(Boolean),
    );
    const text = JSON.stringify(theirs.body);
    for (const id of ids) if (/_[0-9a-z]{26}$/.test(id) && text.includes(id)) wrong.push(`GET ${call.path} shows ${id}`);
  }
  expect(wrong).toEqual([]);
});

test('an id of another environment answers exactly like one that does not exist', async () => {
  const wrong: string[] = [];
  for (const call of calls.filter((one) => one.path.includes('{') && needsKey(one))) {
    const list = call.path.slice(0, call.path.indexOf('/{'));
    const found = await s.call('GET', list);
    const real = found.status === 200 ? found.body?.data?.[0]?.id : undefined;
    const own = list === '/v1/environments' ? s.environmentId : real;
    if (typeof own !== 'string') continue;
    const missing = own.replace(/[0-9a-z]{26}$/, MISSING);
    const body = call.method === 'GET' || call.method === 'DELETE' ? undefined : {};
    const theirs = await s.call(call.method, fill(call.path, own), body, { key: otherKey });
    const nobody = await s.call(call.method, fill(call.path, missing), body, { key: otherKey });
    const isEmptyList = theirs.status === 200 && theirs.body?.data?.length === 0;
    if (!isEmptyList && !GENERAL_4XX.includes(theirs.status)) wrong.push(`${call.method} ${call.path}: ${theirs.status}`);
    if (JSON.stringify(shape(theirs, own)) !== JSON.stringify(shape(nobody, missing))) {
      wrong.push(`${call.method} ${call.path}: ${JSON.stringify(shape(theirs, own))} but ${JSON.stringify(shape(nobody, missing))}`);
    }
  }
  expect(wrong).toEqual([]);
});
