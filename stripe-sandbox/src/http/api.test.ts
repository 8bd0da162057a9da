import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdkFor, startSandbox, type TestSandbox } from '../testing/index.ts';

let world: TestSandbox;
beforeEach(async () => {
  world = await startSandbox();
});
afterEach(() => world.close());

/** A raw request, without the SDK's own care. */
async function raw(method: string, path: string, options: { body?: string; key?: string | null; headers?: Record<string, string> } = {}) {
  const { body, key = world.secretKey, headers = {} } = options;
  const response = await world.sandbox.fetch(`https://api.stripe.com${path}`, {
    method,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, never> & { error: Record<string, unknown>; id: string },
  };
}

describe('who asks', () => {
  it('refuses no key, an unknown key and a live key with 401 and no code', async () => {
    for (const key of [null, 'sk_test_unknownunknownunknown', 'sk_live_abcdefghijklmnopqrst']) {
      const { status, json } = await raw('GET', '/v1/customers', { key });
      expect(status).toBe(401);
      expect(json.error).toMatchObject({ type: 'invalid_request_error' });
      expect(json.error.code).toBeUndefined();
    }
  });

  it('takes the key as basic user too', async () => {
    const basic = `Basic ${Buffer.from(`${world.secretKey}:`).toString('base64')}`;
    expect((await raw('GET', '/v1/customers', { key: null, headers: { authorization: basic } })).status).toBe(200);
  });

  it('tells a restricted key which permission it lacks, before looking at parameters', async () => {
    const { secret } = await world.sandbox.control.createRestrictedKey({ account: world.account, permissions: ['rak_customer_read'] });
    const restricted = sdkFor(world.sandbox, secret);
    await expect(restricted.customers.list()).resolves.toMatchObject({ data: [] });
    const refusal = await restricted.customers.create({ bogus: 1 } as never).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Stripe.errors.StripePermissionError);
    expect(refusal).toMatchObject({ statusCode: 403, code: undefined });
    expect((refusal as Error).message).toContain(
      `on account '${world.account}'. Having the 'rak_customer_write' permission would allow this request to continue.`,
    );
  });

  it('keeps accounts apart', async () => {
    const customer = await world.stripe.customers.create({ name: 'Ours' });
    const other = await world.sandbox.control.createAccount({ name: 'Other' });
    const theirs = sdkFor(world.sandbox, other.secretKey);
    await expect(theirs.customers.retrieve(customer.id)).rejects.toMatchObject({ code: 'resource_missing', statusCode: 404 });
    expect((await theirs.customers.list()).data).toEqual([]);
  });

  it('speaks one version', async () => {
    const { status, json } = await raw('GET', '/v1/customers', { headers: { 'stripe-version': '2024-06-20' } });
    expect(status).toBe(400);
    expect(json.error.message).toContain('2026-10-28.endive');
  });
});

describe('what is not there', () => {
  it('names an unknown route in Stripe’s words and an unemulated one loudly', async () => {
    const unknown = await raw('GET', '/v1/foo');
    expect(unknown.status).toBe(404);
    expect(unknown.json.error.message).toMatch(/^Unrecognized request URL \(GET: \/v1\/foo\)/);
    const refused = await raw('POST', '/v1/issuing/cards');
    expect(refused.json.error).toMatchObject({
      code: 'sandbox_not_emulated',
      message: 'POST /v1/issuing/cards is not emulated by the Stripe Sandbox.',
    });
    expect(world.sandbox.control.refusals()).toEqual([{ what: 'POST /v1/issuing/cards', count: 1 }]);
  });

  it('answers a missing object 404 in the path and 400 in the body', async () => {
    await expect(world.stripe.customers.retrieve('cus_nope')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
      message: "No such customer: 'cus_nope'",
    });
    const bad = await raw('POST', '/v1/test_helpers/test_clocks', { body: 'frozen_time=1767225600&customer=cus_nope' });
    expect(bad.status).toBe(400);
    expect(bad.json.error).toMatchObject({ code: 'resource_missing', param: 'customer' });
  });

  it('refuses parameters with their nested spelling', async () => {
    const refusals = [
      ['/v1/customers', 'bogus=1', { code: 'parameter_unknown', param: 'bogus' }],
      ['/v1/customers', 'address[citty]=x', { code: 'parameter_unknown', param: 'address[citty]' }],
      ['/v1/products', '', { code: 'parameter_missing', param: 'name' }],
      ['/v1/prices', 'currency=usd&product=p&unit_amount=ten', { code: 'parameter_invalid_integer', param: 'unit_amount' }],
      ['/v1/prices', 'currency=usd&product=p&unit_amount=1&recurring[interval]=decade', { param: 'recurring[interval]' }],
    ] as const;
    for (const [path, body, expected] of refusals) {
      const { status, json } = await raw('POST', path, { body });
      expect(status).toBe(400);
      expect(json.error).toMatchObject({ type: 'invalid_request_error', ...expected });
    }
  });
});

describe('idempotency keys', () => {
  const create = (body: string, key: string, path = '/v1/customers') => raw('POST', path, { body, headers: { 'idempotency-key': key } });

  it('replays the first answer, whatever the order of the fields', async () => {
    const first = await create('name=Max&email=m%40example.com', 'k1');
    const again = await create('email=m%40example.com&name=Max', 'k1');
    expect(again.json).toEqual(first.json);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(again.headers.get('idempotency-key')).toBe('k1');
    expect(first.headers.get('stripe-should-retry')).toBe('false');
    expect((await world.stripe.customers.list()).data).toHaveLength(1);
  });

  it('refuses the key for other parameters or another endpoint', async () => {
    await create('name=Max', 'k1');
    const params = await create('name=Moritz', 'k1');
    expect(params.status).toBe(400);
    expect(params.json.error).toMatchObject({ type: 'idempotency_error' });
    expect(params.json.error.message).toContain("Try using a key other than 'k1'");
    const endpoint = await create('name=Max', 'k1', '/v1/products');
    expect(endpoint.json.error.message).toContain("('/v1/products' vs '/v1/customers')");
  });

  it('does not keep what failed validation', async () => {
    const bad = await create('bogus=1', 'k2');
    expect(bad.headers.get('stripe-should-retry')).toBeNull();
    expect((await create('name=Max', 'k2')).status).toBe(200);
  });

  it('keeps a refusal that came after execution began', async () => {
    const first = await create('customer=cus_nope&frozen_time=1767225600', 'k3', '/v1/test_helpers/test_clocks');
    const again = await create('customer=cus_nope&frozen_time=1767225600', 'k3', '/v1/test_helpers/test_clocks');
    expect([first.status, again.status]).toEqual([400, 400]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await world.stripe.testHelpers.testClocks.list()).data).toHaveLength(1);
  });

  it('answers 409 while the first request is still running', async () => {
    const answers = await Promise.all([create('name=Max', 'k4'), create('name=Max', 'k4')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(answers.find((answer) => answer.status === 409)?.json.error.code).toBe('idempotency_key_in_use');
  });
});

describe('lists', () => {
  it('pages newest first, in both directions, and stays stable while new objects arrive', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const ids: string[] = [];
    for (const name of names) ids.push((await world.stripe.customers.create({ name })).id);
    const first = await world.stripe.customers.list({ limit: 2 });
    expect(first.data.map((customer) => customer.name)).toEqual(['e', 'd']);
    expect(first.has_more).toBe(true);
    await world.stripe.customers.create({ name: 'f' });
    const next = await world.stripe.customers.list({ limit: 2, starting_after: ids[3]! });
    expect(next.data.map((customer) => customer.name)).toEqual(['c', 'b']);
    const back = await world.stripe.customers.list({ limit: 2, ending_before: ids[1]! });
    expect(back.data.map((customer) => customer.name)).toEqual(['d', 'c']);
    expect(back.has_more).toBe(true);
    const all: string[] = [];
    for await (const customer of world.stripe.customers.list({ limit: 2 })) all.push(customer.name!);
    expect(all).toEqual(['f', 'e', 'd', 'c', 'b', 'a']);
  });

  it('refuses both cursors and limits out of range', async () => {
    await expect(world.stripe.customers.list({ starting_after: 'cus_1', ending_before: 'cus_2' })).rejects.toMatchObject({
      code: 'parameters_exclusive',
    });
    await expect(world.stripe.customers.list({ limit: 101 })).rejects.toMatchObject({ statusCode: 400, param: 'limit' });
    await expect(world.stripe.customers.list({ starting_after: 'cus_nope' })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    });
  });

  it('hides what lives on a test clock unless asked for, but not what lives on the account’s own clock', async () => {
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
    const hidden = await world.stripe.customers.create({ name: 'on a clock', test_clock: clock.id });
    const shown = await world.stripe.customers.create({ name: 'on the account clock' });
    expect((await world.stripe.customers.list()).data.map((customer) => customer.id)).toEqual([shown.id]);
    expect((await world.stripe.customers.list({ test_clock: clock.id })).data.map((customer) => customer.id)).toEqual([hidden.id]);
    expect(hidden.created).toBe(1_800_000_000);
    expect(shown.created).toBe(Date.UTC(2026, 0, 1) / 1000);
  });
});

describe('expand', () => {
  it('replaces ids by objects, four levels at most, and refuses names that do not exist', async () => {
    const product = await world.stripe.products.create({ name: 'Pro' });
    const price = await world.stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, expand: ['product'] });
    expect(price.product).toMatchObject({ id: product.id, name: 'Pro' });
    const list = await world.stripe.prices.list({ expand: ['data.product'] });
    expect(list.data[0]?.product).toMatchObject({ name: 'Pro' });
    await expect(world.stripe.prices.retrieve(price.id, { expand: ['nonsense'] })).rejects.toMatchObject({
      statusCode: 400,
      message: 'This property cannot be expanded (nonsense).',
    });
    await expect(world.stripe.prices.retrieve(price.id, { expand: ['a.b.c.d.e'] })).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('metadata', () => {
  it('merges, unsets by empty string and has limits', async () => {
    const customer = await world.stripe.customers.create({ metadata: { a: '1', b: '2', _own: 'kept' } });
    const changed = await world.stripe.customers.update(customer.id, { metadata: { a: '', c: '3' } });
    expect(changed.metadata).toEqual({ b: '2', c: '3', _own: 'kept' });
    expect((await world.stripe.customers.update(customer.id, { metadata: '' })).metadata).toEqual({});
    await expect(world.stripe.customers.update(customer.id, { metadata: { ['k'.repeat(41)]: 'x' } })).rejects.toMatchObject({
      statusCode: 400,
      param: 'metadata',
    });
    await expect(world.stripe.customers.update(customer.id, { metadata: { k: 'x'.repeat(501) } })).rejects.toMatchObject({
      statusCode: 400,
    });
  });
});
