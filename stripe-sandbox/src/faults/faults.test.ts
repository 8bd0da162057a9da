import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdkFor, startSandbox, type TestSandbox } from '../testing/index.ts';

let world: TestSandbox;
beforeEach(async () => {
  world = await startSandbox();
});
afterEach(() => world.close());

const fault = (effect: object, more: object = {}) =>
  world.sandbox.control.faults.add({
    on: 'request',
    match: { method: 'POST', route: '/v1/customers' },
    effect: effect as never,
    times: 1,
    ...more,
  });
const customers = async () => (await world.stripe.customers.list()).data.length;
const create = (name: string, options: object = {}) => world.stripe.customers.create({ name }, options);

describe('request faults against the SDK’s retry contract [K 4]', () => {
  it('a 500 before the effect did nothing; the same key then succeeds', async () => {
    fault({ kind: 'status', status: 500 });
    await expect(create('Max', { idempotencyKey: 'k' })).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(await customers()).toBe(0);
    await create('Max', { idempotencyKey: 'k' });
    expect(await customers()).toBe(1);
  });

  it('a sticky 500 after the effect is replayed for ever although the customer exists', async () => {
    fault({ kind: 'status', status: 500, when: 'after_effect', sticky: true });
    await expect(create('Max', { idempotencyKey: 'k' })).rejects.toMatchObject({ statusCode: 500 });
    await expect(create('Max', { idempotencyKey: 'k' })).rejects.toMatchObject({ statusCode: 500 });
    expect(await customers()).toBe(1);
  });

  it('a 500 after the effect that is not sticky lets the retry see the truth', async () => {
    fault({ kind: 'status', status: 500, when: 'after_effect' });
    await expect(create('Max', { idempotencyKey: 'k' })).rejects.toMatchObject({ statusCode: 500 });
    expect((await create('Max', { idempotencyKey: 'k' })).name).toBe('Max');
    expect(await customers()).toBe(1);
  });

  it('a dropped connection is retried once even with retries off, under the same key', async () => {
    fault({ kind: 'drop', when: 'after_effect' });
    expect((await create('Max')).name).toBe('Max');
    expect(await customers()).toBe(1);
    expect(world.sandbox.control.requests().filter((request) => request.method === 'POST')).toHaveLength(2);
  });

  it('a 429 is retried only when the header says so', async () => {
    fault({ kind: 'status', status: 429 }, { times: 9 });
    const patient = new Stripe(world.secretKey, {
      httpClient: Stripe.createFetchHttpClient(world.sandbox.fetch as typeof fetch),
      maxNetworkRetries: 2,
      telemetry: false,
    });
    await expect(patient.customers.create({ name: 'Max' })).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(world.sandbox.control.requests()).toHaveLength(1);
  });

  it('a truncated body is trouble, not an answer', async () => {
    fault({ kind: 'truncate' });
    await expect(create('Max')).rejects.toBeInstanceOf(Error);
  });

  it('matches by customer, counts, skips the first and stops after its times', async () => {
    const [a, b] = [await create('A'), await create('B')];
    world.sandbox.control.faults.add({
      on: 'request',
      match: { customer: a.id, after: 1 },
      effect: { kind: 'status', status: 503 },
      times: 1,
    });
    await world.stripe.customers.retrieve(a.id);
    await expect(world.stripe.customers.retrieve(a.id)).rejects.toMatchObject({ statusCode: 503 });
    await world.stripe.customers.retrieve(a.id);
    await world.stripe.customers.retrieve(b.id);
    expect(world.sandbox.control.faults.list()[0]).toMatchObject({ hits: 1, seen: 3 });
  });

  it('never answers without an error member, even for what is not JSON or not a method', async () => {
    for (const [method, path] of [
      ['PUT', '/v1/customers'],
      ['DELETE', '/v1/customers'],
      ['POST', '/v2/core/events'],
    ] as const) {
      const response = await world.sandbox.fetch(`https://api.stripe.com${path}`, {
        method,
        headers: { authorization: `Bearer ${world.secretKey}` },
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(((await response.json()) as { error: unknown }).error).toBeTruthy();
    }
    const big = await world.sandbox.fetch('https://api.stripe.com/v1/customers', {
      method: 'POST',
      body: 'x'.repeat(3_000_000),
      headers: { authorization: `Bearer ${world.secretKey}` },
    });
    expect(big.status).toBe(413);
    expect(sdkFor(world.sandbox, world.secretKey)).toBeTruthy();
  });
});
