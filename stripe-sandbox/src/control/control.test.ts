import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox, seededRandom } from '../index.ts';
import { sdkFor, startSandbox, type TestSandbox } from '../testing/index.ts';

let world: TestSandbox;
const open: Sandbox[] = [];
afterEach(async () => {
  await world?.close();
  for (const sandbox of open.splice(0)) await sandbox.close();
});

describe('accounts', () => {
  it('have their own keys, settings and clock; ids and live-looking keys are refused', async () => {
    world = await startSandbox();
    const access = await world.sandbox.control.createAccount({
      id: 'acct_fixed',
      country: 'DE',
      currency: 'eur',
      secretKey: 'sk_test_fixedfixedfixed1',
    });
    expect(access).toMatchObject({ account: 'acct_fixed', secretKey: 'sk_test_fixedfixedfixed1', clock: null });
    await expect(world.sandbox.control.createAccount({ id: 'acct_fixed' })).rejects.toThrow(/exists already/);
    await expect(world.sandbox.control.createAccount({ secretKey: 'sk_live_abcdefghijklmnop' })).rejects.toThrow(/sk_test_/);
    await world.sandbox.control.revokeKeys({ secret: access.secretKey });
    await expect(sdkFor(world.sandbox, access.secretKey).customers.list()).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('reset', () => {
  it('forgets objects, events and idempotency keys together, and keeps keys and clock', async () => {
    world = await startSandbox();
    const { control } = world.sandbox;
    const other = await control.createAccount({ name: 'Other' });
    await sdkFor(world.sandbox, other.secretKey).customers.create({ name: 'Stays' });
    const before = await world.stripe.customers.create({ name: 'Goes' }, { idempotencyKey: 'k' });
    control.faults.add({ match: { account: world.account }, effect: { kind: 'status', status: 500 }, times: 0 });
    await control.reset(world.account);
    expect((await world.stripe.customers.list()).data).toEqual([]);
    expect((await world.stripe.events.list()).data).toEqual([]);
    expect(control.faults.list()).toEqual([]);
    const after = await world.stripe.customers.create({ name: 'Goes' }, { idempotencyKey: 'k' });
    expect(after.id).not.toBe(before.id);
    expect((await sdkFor(world.sandbox, other.secretKey).customers.list()).data).toHaveLength(1);
    expect((await control.clock(world.account)).now).toBe(Date.UTC(2026, 0, 1) / 1000);
  });
});

describe('seed', () => {
  it('loads objects and events as they are, so that a re-fetch finds them', async () => {
    world = await startSandbox({ validateResponses: false });
    const customer = {
      id: 'cus_seeded',
      object: 'customer',
      created: 1_600_000_000,
      name: 'From a recording',
      livemode: false,
      metadata: { k: 'v' },
    };
    const event = {
      id: 'evt_seeded',
      object: 'event',
      created: 1_600_000_001,
      type: 'customer.created',
      api_version: '2020-08-27',
      data: { object: customer },
      livemode: false,
      pending_webhooks: 0,
      request: null,
    };
    await world.sandbox.control.seed({ account: world.account, objects: [customer], events: [event] });
    expect(await world.stripe.customers.retrieve('cus_seeded')).toMatchObject(customer);
    expect(await world.stripe.events.retrieve('evt_seeded')).toMatchObject({ api_version: '2020-08-27' });
    await world.sandbox.control.seed({ account: world.account, objects: [{ ...customer, name: 'Newer' }], events: [event] });
    expect(await world.stripe.customers.retrieve('cus_seeded')).toMatchObject({ name: 'Newer' });
    expect((await world.stripe.events.list()).data).toHaveLength(1);
  });
});

describe('the world outside the API', () => {
  it('changes and deletes objects in the dashboard', async () => {
    world = await startSandbox();
    const { id } = await world.stripe.customers.create({ name: 'Max' });
    await world.sandbox.control.world({ account: world.account, kind: 'change', id, set: { name: 'Moritz' }, event: 'customer.updated' });
    expect(await world.stripe.customers.retrieve(id)).toMatchObject({ name: 'Moritz' });
    expect(await world.eventTypes(id)).toEqual(['customer.created', 'customer.updated']);
    await world.sandbox.control.world({ account: world.account, kind: 'delete', id, event: 'customer.deleted' });
    expect(await world.stripe.customers.retrieve(id)).toMatchObject({ deleted: true });
  });
});

describe('determinism', () => {
  it('gives the same state for the same seed and the same requests, and restores a snapshot', async () => {
    const hashes: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const sandbox = await createSandbox({
        random: seededRandom(42),
        clock: { now: () => Date.UTC(2026, 0, 1), after: () => () => undefined },
      });
      open.push(sandbox);
      const access = await sandbox.control.createAccount({ clock: { mode: 'virtual', now: Date.UTC(2026, 0, 1) / 1000 } });
      const stripe = sdkFor(sandbox, access.secretKey);
      const customer = await stripe.customers.create({ name: 'Max', payment_method: 'pm_card_visa' }, { idempotencyKey: 'one' });
      await stripe.customers.update(customer.id, { metadata: { a: 'b' } }, { idempotencyKey: 'two' });
      await sandbox.control.advance({ account: access.account, to: Date.UTC(2026, 0, 3) / 1000 });
      const { hash } = await sandbox.control.state(access.account);
      hashes.push(hash);
      const saved = JSON.parse(JSON.stringify(await sandbox.control.snapshot()));
      await stripe.customers.del(customer.id);
      expect((await sandbox.control.state(access.account)).hash).not.toBe(hash);
      await sandbox.control.restore(saved);
      expect((await sandbox.control.state(access.account)).hash).toBe(hash);
    }
    expect(hashes[1]).toBe(hashes[0]);
  });
});

describe('/_sandbox over HTTP', () => {
  const call = async (base: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, never> & Record<string, unknown> };
  };

  it('offers the same methods to other processes', async () => {
    world = await startSandbox();
    const { url } = await world.sandbox.listen(0);
    expect((await call(url, 'GET', 'health')).json).toMatchObject({ status: 'ok', api_version: '2026-10-28.endive' });
    const made = (await call(url, 'POST', 'accounts', { name: 'Remote', clock: { mode: 'virtual', now: 1_767_225_600 } })).json;
    expect(made.secretKey).toMatch(/^sk_test_/);
    const moved = await call(url, 'POST', 'clock', { account: made.account, to: 1_767_312_000 });
    expect(moved.json).toMatchObject({ now: 1_767_312_000, status: 'ready' });
    expect(
      (
        await call(url, 'POST', 'outcomes', {
          account: made.account,
          customer: 'cus_x',
          outcome: { kind: 'decline', code: 'card_declined' },
        })
      ).status,
    ).toBe(200);
    const rule = await call(url, 'POST', 'faults', { match: { route: '/v1/customers' }, effect: { kind: 'latency', min: 1, max: 2 } });
    expect(rule.json).toMatchObject({ id: 'fault_1', on: 'request' });
    await call(url, 'DELETE', 'faults/fault_1');
    expect((await call(url, 'GET', 'faults')).json).toEqual([]);
    expect((await call(url, 'POST', 'reset', { account: made.account })).status).toBe(200);
    expect((await call(url, 'GET', 'nothing')).status).toBe(404);
  });

  it('asks for its token, and keeps browsers and foreign hosts out', async () => {
    const sandbox = await createSandbox({ controlToken: 'secret-token' });
    open.push(sandbox);
    const { url } = await sandbox.listen(0);
    expect((await call(url, 'GET', 'health')).status).toBe(401);
    expect((await call(url, 'GET', 'health', undefined, { authorization: 'Bearer secret-token' })).status).toBe(200);
    world = await startSandbox();
    const free = await world.sandbox.listen(0);
    expect((await call(free.url, 'POST', 'reset', {}, { origin: 'https://evil.example' })).status).toBe(403);
    const plain = await fetch(`${free.url}/_sandbox/reset`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(plain.status).toBe(400);
  });
});
