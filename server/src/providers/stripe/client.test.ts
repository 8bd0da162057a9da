import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Kit, startKit } from '../../../test/support/kit.ts';
import { transaction } from '../../kit/database.ts';
import { silentLog } from '../../kit/log.ts';
import { hostClock } from '../../kit/machine-clock.ts';
import { createStripeApi, type Fetch, withQuery } from './client.ts';
import { isFailure, type StripeFailure } from './failure.ts';
import { STRIPE_API_VERSION } from './limits.ts';
import { unlimited } from './rate-limiter.ts';

type Seen = { url: string; method: string; headers: Headers; body: string };

/** A client whose network is a function: what the SDK really sends and how its answers are read. */
function client(answer: (seen: Seen) => Response | Promise<Response>, secret = 'sk_test_contract0000000') {
  const calls: Seen[] = [];
  const fetch: Fetch = async (url, init) => {
    const seen = { url, method: init?.method ?? 'GET', headers: new Headers(init?.headers), body: String(init?.body ?? '') };
    calls.push(seen);
    return answer(seen);
  };
  const address = { base: 'http://127.0.0.1:12111', fetch };
  return {
    calls,
    api: createStripeApi({ address, secret, limiter: unlimited, lane: 'money', machineClock: hostClock(), log: silentLog() }),
  };
}

const anything = z.looseObject({});
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'request-id': 'req_1', ...headers } });

async function failureOf(attempt: Promise<unknown>): Promise<StripeFailure> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isFailure(error)) throw new Error(`not a failure: ${String(error)}`);
  return error;
}

describe('the wrapper around the SDK', () => {
  test('version and key are sent as pinned, once, and telemetry is not', async () => {
    const { api, calls } = client(() => json(200, { id: 'cus_1', object: 'customer' }));
    await api.post('/v1/customers', anything, { params: { name: 'Ada', metadata: { a: 'b' } }, key: 'billow/test/1' });
    const [sent] = calls;
    expect(calls).toHaveLength(1);
    expect(sent?.headers.get('stripe-version')).toBe(STRIPE_API_VERSION);
    expect(sent?.headers.get('idempotency-key')).toBe('billow/test/1');
    expect(sent?.headers.get('x-stripe-client-telemetry')).toBeNull();
    expect(sent?.body).toBe('name=Ada&metadata[a]=b');
  });

  test('a body without `error` is no answer unless the status is 2xx', async () => {
    for (const status of [404, 500, 302]) {
      const { api } = client(() => json(status, { id: 'cus_1', object: 'customer' }));
      expect((await failureOf(api.get('/v1/customers/cus_1', anything))).kind).toBe('unknown');
    }
  });

  test('an answer of another shape is not read', async () => {
    const { api } = client(() => json(200, { hello: 'world' }));
    const failure = await failureOf(api.get('/v1/customers/cus_1', z.object({ id: z.string() })));
    expect([failure.kind, failure.detail.code]).toEqual(['unknown', 'unreadable_answer']);
  });

  test('every refusal is one kind, and nothing unknown becomes a no', async () => {
    const error = (fields: object) => ({ error: { type: 'invalid_request_error', message: 'No.', ...fields } });
    const table: [number, unknown, string][] = [
      [400, error({ code: 'parameter_missing', param: 'items' }), 'invalid'],
      [400, error({ code: 'resource_missing', param: 'customer' }), 'missing'],
      [404, error({ code: 'resource_missing' }), 'missing'],
      [404, error({}), 'invalid'],
      [401, error({}), 'revoked'],
      [403, error({ code: 'account_invalid' }), 'revoked'],
      [403, error({ message: "Having the 'rak_customer_read' permission would allow this." }), 'forbidden'],
      [402, error({ type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' }), 'declined'],
      [409, error({ code: 'idempotency_key_in_use', type: 'idempotency_error' }), 'key_in_flight'],
      [400, error({ type: 'idempotency_error' }), 'key_mismatch'],
      [429, error({ code: 'rate_limit' }), 'rate_limited'],
      [500, error({ type: 'api_error' }), 'unknown'],
      [502, 'a page', 'unknown'],
    ];
    for (const [status, body, kind] of table) {
      const { api, calls } = client(() => (typeof body === 'string' ? new Response(body, { status }) : json(status, body)));
      expect([status, (await failureOf(api.get('/v1/customers/cus_1', anything))).kind]).toEqual([status, kind]);
      expect(calls).toHaveLength(1);
    }
    const { api } = client(() => Promise.reject(new Error('socket hang up')));
    expect((await failureOf(api.get('/v1/customers/cus_1', anything))).kind).toBe('unknown');
  });

  test('a missing permission and the account of a refused restricted key are read from the refusal', async () => {
    const message =
      "The provided key 'rk_test_***0000' does not have the required permissions for this endpoint on account 'acct_1Ab'. Having the 'rak_event_read' permission would allow this request to continue.";
    const { api } = client(() => json(403, { error: { type: 'invalid_request_error', message } }));
    const { detail } = await failureOf(api.get('/v1/events', anything));
    expect([detail.permission, detail.accountId]).toEqual(['rak_event_read', 'acct_1Ab']);
    expect(detail.message).not.toContain('0000');
  });

  test('a POST without a key of ours is a mistake of ours', async () => {
    const { api, calls } = client(() => json(200, {}));
    await expect(api.post('/v1/customers', anything, { key: '' })).rejects.toThrow('idempotency key');
    expect(calls).toHaveLength(0);
  });

  test('lists and nested filters are written as Stripe reads them', () => {
    expect(withQuery('/v1/events', { limit: 1, expand: ['a.b'], created: { gte: 5 }, nothing: undefined })).toBe(
      '/v1/events?limit=1&expand%5B0%5D=a.b&created%5Bgte%5D=5',
    );
  });
});

describe('inside a transaction', () => {
  let kit: Kit;
  beforeAll(async () => {
    kit = await startKit();
  });
  afterAll(() => kit.close());

  test('no call leaves: it would hold the database for as long as Stripe takes', async () => {
    const { api, calls } = client(() => json(200, {}));
    const ctx = await kit.ctx();
    await expect(transaction(ctx, () => api.get('/v1/customers/cus_1', anything))).rejects.toThrow('transaction');
    expect(calls).toHaveLength(0);
  });
});
