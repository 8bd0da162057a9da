/** Every effect of sandbox.md 8 that faults.test.ts and webhooks.test.ts do not already show, one story each. */
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type OutgoingRequest } from '../index.ts';
import { type ManualClock, manualClock, sdkFor, startSandbox, type TestSandbox } from '../testing/index.ts';

let clock: ManualClock;
let world: TestSandbox;
let received: OutgoingRequest[];
beforeEach(async () => {
  clock = manualClock('2026-01-01T12:00:00Z');
  received = [];
  const deliver = async (request: OutgoingRequest) => {
    received.push(request);
    return { status: 200, body: 'ok' };
  };
  world = await startSandbox({ clock, deliver });
});
afterEach(() => world.close());

const fault = (effect: object, match: object = {}, times = 1) =>
  world.sandbox.control.faults.add({ match: { account: world.account, ...match }, effect: effect as never, times });
const raw = (path: string, init: RequestInit = {}) =>
  world.sandbox.fetch(`https://api.stripe.com${path}`, { ...init, headers: { authorization: `Bearer ${world.secretKey}` } });

describe('requests', () => {
  it('latency lets the answer come when transport time has passed', async () => {
    fault({ kind: 'latency', min: 2000, max: 2000 });
    let answered = false;
    const call = raw('/v1/customers').then((answer) => {
      answered = true;
      return answer.status;
    });
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(1999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    clock.pass(1);
    expect(await call).toBe(200);
  });

  it.each([
    [409, 'idempotency_error', undefined],
    [429, 'invalid_request_error', 'rate_limit'],
    [500, 'api_error', undefined],
    [502, 'api_error', undefined],
    [503, 'api_error', undefined],
  ])('%i has an error member, and the headers the rule gives it', async (status, type, code) => {
    fault({ kind: 'status', status, should_retry: true, retry_after: 7 });
    const answer = await raw('/v1/customers');
    expect([answer.status, answer.headers.get('stripe-should-retry'), answer.headers.get('retry-after')]).toEqual([status, 'true', '7']);
    const { error } = (await answer.json()) as { error: { type: string; code?: string } };
    expect([error.type, error.code]).toEqual([type, code]);
  });

  it('a header that says so makes the SDK try a 429 again', async () => {
    fault({ kind: 'status', status: 429, should_retry: true }, { method: 'POST' });
    const httpClient = Stripe.createFetchHttpClient(world.sandbox.fetch as typeof fetch);
    const patient = new Stripe(world.secretKey, { httpClient, maxNetworkRetries: 1, telemetry: false });
    expect((await patient.customers.create({ name: 'Max' })).name).toBe('Max');
  });

  it('a drop before the effect leaves nothing behind', async () => {
    fault({ kind: 'drop' }, { method: 'POST' }, 2);
    await expect(raw('/v1/customers', { method: 'POST', body: 'name=Max' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(raw('/v1/customers', { method: 'POST', body: 'name=Max' })).rejects.toMatchObject({ message: 'socket hang up' });
    expect((await world.stripe.customers.list()).data).toEqual([]);
  });

  it('a hang ends when the client gives up', async () => {
    fault({ kind: 'hang' });
    const impatient = new AbortController();
    const call = raw('/v1/customers', { signal: impatient.signal });
    impatient.abort(new Error('client timeout'));
    await expect(call).rejects.toThrow('client timeout');
    fault({ kind: 'hang' });
    await expect(raw('/v1/customers', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('the same faults over HTTP close the socket and cut the body', async () => {
    const { url } = await world.sandbox.listen(0);
    const get = () => fetch(`${url}/v1/customers`, { headers: { authorization: `Bearer ${world.secretKey}` } });
    fault({ kind: 'drop' });
    await expect(get()).rejects.toThrow(/fetch failed/);
    fault({ kind: 'truncate' });
    await expect(get().then((answer) => answer.json())).rejects.toThrow(/JSON/);
    expect((await get()).status).toBe(200);
  });

  it('matches families of routes with a star, at either end or within', async () => {
    fault({ kind: 'status', status: 503 }, { route: '/v1/*/search' }, 9);
    await expect(world.stripe.customers.search({ query: "name:'x'" })).rejects.toMatchObject({ statusCode: 503 });
    await world.stripe.customers.list();
    world.sandbox.control.faults.remove();
    fault({ kind: 'status', status: 503 }, { route: '/v1/products*' }, 9);
    await expect(world.stripe.products.list()).rejects.toMatchObject({ statusCode: 503 });
    await world.stripe.customers.list();
  });

  it('probability is drawn from the seed', async () => {
    const hits = async () => {
      const sandbox = await createSandbox({ random: (await import('../index.ts')).seededRandom(5) });
      const { secretKey } = await sandbox.control.createAccount({});
      sandbox.control.faults.add({ match: { probability: 0.3 }, effect: { kind: 'status', status: 503 } });
      const found: number[] = [];
      for (let n = 0; n < 40; n += 1)
        await sdkFor(sandbox, secretKey)
          .customers.list()
          .catch(() => found.push(n));
      await sandbox.close();
      return found;
    };
    const first = await hits();
    expect(first.length).toBeGreaterThan(4);
    expect(first.length).toBeLessThan(24);
    expect(await hits()).toEqual(first);
  });
});

describe('stale reads', () => {
  const stale = (lag: number, match: object = {}) => fault({ kind: 'stale_read', lag }, match, 1000);
  const names = async () => (await world.stripe.customers.list()).data.map(({ name }) => name);

  it('show a list as it was, while the object itself is fresh', async () => {
    const rule = stale(5000);
    const max = await world.stripe.customers.create({ name: 'Max' });
    await world.stripe.customers.create({ name: 'Eva' });
    expect(await names()).toEqual([]);
    expect((await world.stripe.customers.retrieve(max.id)).id).toBe(max.id);
    clock.pass(5000);
    expect(await names()).toEqual(['Eva', 'Max']);
    await world.stripe.customers.update(max.id, { name: 'Maximilian' });
    clock.pass(1000);
    await world.stripe.customers.update(max.id, { name: 'M.' });
    expect(await names()).toEqual(['Eva', 'Max']);
    clock.pass(4000);
    expect(await names()).toEqual(['Eva', 'Maximilian']);
    clock.pass(1000);
    expect(await names()).toEqual(['Eva', 'M.']);
    await world.stripe.customers.del(max.id);
    expect(await names()).toEqual(['Eva', 'M.']);
    world.sandbox.control.faults.remove(rule.id);
    expect(await names()).toEqual(['Eva']);
  });

  it('keep filters and pages of then', async () => {
    stale(60_000);
    for (const email of ['a@example.com', 'b@example.com', 'a@example.com']) await world.stripe.customers.create({ email });
    clock.pass(60_000);
    const [newest] = (await world.stripe.customers.list({ email: 'a@example.com' })).data;
    await world.stripe.customers.update(newest!.id, { email: 'c@example.com' });
    expect((await world.stripe.customers.list({ email: 'a@example.com' })).data).toHaveLength(2);
    expect((await world.stripe.customers.list({ email: 'c@example.com' })).data).toEqual([]);
    const first = await world.stripe.customers.list({ limit: 2 });
    const rest = await world.stripe.customers.list({ limit: 2, starting_after: first.data.at(-1)!.id });
    expect([first.has_more, rest.data.length, rest.has_more]).toEqual([true, 1, false]);
  });

  it('lag search alone, and events', async () => {
    stale(60_000, { route: '/v1/*/search' });
    await world.stripe.customers.create({ email: 'max@example.com' });
    const search = async () => (await world.stripe.customers.search({ query: "email:'max@example.com'" })).data.length;
    expect([await search(), (await names()).length]).toEqual([0, 1]);
    clock.pass(60_000);
    expect(await search()).toBe(1);
    stale(60_000, { route: '/v1/events' });
    await world.stripe.customers.create({ email: 'eva@example.com' });
    expect((await world.stripe.events.list()).data.map(({ type }) => type)).toEqual(['customer.created']);
    clock.pass(60_000);
    expect((await world.stripe.events.list()).data).toHaveLength(2);
  });
});

describe('deliveries', () => {
  const settle = () => world.sandbox.control.idle(world.account);
  const verify = ({ body, headers }: OutgoingRequest, secret: string) =>
    Stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret, 300, undefined, clock.now());
  const endpoint = () => world.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/hook', enabled_events: ['*'] });
  const happen = async (name: string) => {
    await world.stripe.customers.create({ name });
    await settle();
  };

  it('drop_forever is never tried again', async () => {
    await endpoint();
    fault({ kind: 'drop_forever' });
    await happen('A');
    for (let hour = 0; hour < 6; hour += 1) {
      clock.pass(3_600_000);
      await settle();
    }
    expect(received).toEqual([]);
    expect((await world.sandbox.control.deliveries())[0]).toMatchObject({ status: 'failed', attempts: 1 });
  });

  it('reorder moves events within its window', async () => {
    await endpoint();
    fault({ kind: 'reorder', window: 60_000 }, { event: 'customer.*' }, 20);
    const order = Array.from({ length: 12 }, (_, n) => `C${n}`);
    for (const name of order) await world.stripe.customers.create({ name });
    for (let second = 0; second <= 61; second += 1) {
      await settle();
      clock.pass(1000);
    }
    await settle();
    const arrived = received.map(({ body }) => JSON.parse(body).data.object.name as string);
    expect([...arrived].sort()).toEqual([...order].sort());
    expect(arrived).not.toEqual(order);
  });

  it('future_timestamp and wrong_secret are signed so; wrong_account names somebody else', async () => {
    const { secret } = await endpoint();
    fault({ kind: 'future_timestamp', seconds: 400 });
    await happen('A');
    expect(Number(/t=(\d+)/.exec(received[0]!.headers['stripe-signature']!)![1])).toBe(clock.now() / 1000 + 400);
    fault({ kind: 'wrong_secret' });
    await happen('B');
    expect(() => verify(received[1]!, secret!)).toThrow(/No signatures found/);
    fault({ kind: 'wrong_account' });
    await happen('C');
    expect(verify(received[2]!, secret!)).toMatchObject({ account: 'acct_0000000000000000' });
  });

  it('huge_body is as large as asked and signed; a truncated one does not verify', async () => {
    const { secret } = await endpoint();
    fault({ kind: 'huge_body', bytes: 1_000_000 });
    await happen('A');
    expect(received[0]!.body.length).toBeGreaterThan(1_000_000);
    expect(verify(received[0]!, secret!).type).toBe('customer.created');
    fault({ kind: 'truncate' }, { endpoint: (await world.stripe.webhookEndpoints.list()).data[0]!.id });
    await happen('B');
    expect(() => JSON.parse(received[1]!.body)).toThrow();
    expect(() => verify(received[1]!, secret!)).toThrow(/No signatures found/);
  });

  it('the knob of one endpoint drops, doubles and shuffles by chance', async () => {
    const { id } = await endpoint();
    const knob = (settings: object | 'in_order') =>
      world.sandbox.control.deliveryKnob({ account: world.account, endpoint: id, knob: settings as never });
    await knob({ duplicate: 1 });
    await happen('A');
    expect(received).toHaveLength(2);
    await knob({ drop: 1 });
    await happen('B');
    expect(received).toHaveLength(2);
    await knob({ delay: { min: 1000, max: 1000 } });
    await happen('C');
    expect(received).toHaveLength(2);
    clock.pass(1000);
    await settle();
    expect(received).toHaveLength(3);
    await knob('in_order');
    await happen('D');
    expect(JSON.parse(received[3]!.body).data.object.name).toBe('D');
  });
});

describe('somebody acts in the dashboard', () => {
  const world_ = (change: object) => world.sandbox.control.world({ account: world.account, ...change } as never);
  it('changes or deletes an object, with or without an event', async () => {
    const product = await world.stripe.products.create({ name: 'Pro' });
    await world_({ kind: 'change', id: product.id, set: { name: 'Pro 2' }, event: 'product.updated' });
    expect((await world.stripe.products.retrieve(product.id)).name).toBe('Pro 2');
    await world_({ kind: 'change', id: product.id, set: { name: 'Pro 3' } });
    await world_({ kind: 'delete', id: product.id, event: 'product.deleted' });
    expect(await world.stripe.products.retrieve(product.id)).toMatchObject({ id: product.id, deleted: true });
    expect(await world.eventTypes(product.id)).toEqual(['product.created', 'product.updated', 'product.deleted']);
    await expect(world_({ kind: 'change', id: 'prod_none', set: {} })).rejects.toThrow(/No such object/);
  });
});
