import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connected, type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { getConnection, updateConnection } from '../connection/queries.ts';
import { pollConnection } from './poll.ts';

let world: StripeWorld;
let environmentId: string;
let connected: Connected;

beforeAll(async () => {
  world = await startStripeWorld();
});
beforeEach(async () => {
  world.reachable = true;
  environmentId = await world.addEnvironment();
  connected = await world.connect(environmentId);
});
afterAll(() => world.close());

const poll = async (overlap = true) =>
  pollConnection(world.app, { connection: await getConnection(connected.ctx, connected.connectionId), overlap });
const names = async () =>
  (await world.app.db.selectFrom('customers').select(['stripe_id', 'name', 'status']).where('environment_id', '=', environmentId).execute())
    .map((row) => `${row.stripe_id} ${row.status === 'archived' ? 'gone' : row.name}`)
    .sort();

/** `n` customers of which every third is renamed twice and every tenth deleted. Answers what the Sandbox holds in the end. */
async function changes(n: number): Promise<string[]> {
  const truth: string[] = [];
  for (let at = 0; at < n; at++) {
    const customer = await connected.stripe.customers.create({ name: `n${at}` });
    if (at % 3 === 0) await connected.stripe.customers.update(customer.id, { name: `m${at}` });
    if (at % 3 === 0) await connected.stripe.customers.update(customer.id, { name: `k${at}` });
    if (at % 10 === 0) await connected.stripe.customers.del(customer.id);
    truth.push(`${customer.id} ${at % 10 === 0 ? 'gone' : at % 3 === 0 ? `k${at}` : `n${at}`}`);
  }
  return truth.sort();
}

describe('catching up', () => {
  test('[W4] three days without a delivery: the event list brings everything, and once', async () => {
    world.reachable = false;
    const truth = await changes(50);
    expect(await poll()).toBeGreaterThan(50);
    await world.app.queues.drainAll(environmentId);
    expect(await names()).toEqual(truth);
    expect(await poll()).toBe(0);
    const rows = await world.rows(environmentId);
    expect(new Set(rows.map((row) => row.via))).toEqual(new Set(['poll']));
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['processed']));
  });

  test('[W5] thirty-one days later the events are gone: the objects themselves are read', async () => {
    world.reachable = false;
    const truth = (await changes(20)).filter((line) => !line.endsWith('gone'));
    const longAgo = world.app.machineClock.now().subtract({ hours: 31 * 24 });
    await updateConnection(connected.ctx, connected.connectionId, { last_poll_wall_at: longAgo, poll_cursor: 'evt_forgotten 1' });
    await poll();
    await world.app.queues.drainAll(environmentId);
    expect(await names()).toEqual(truth);
    const told = await world.app.db
      .selectFrom('events')
      .select('data')
      .where('environment_id', '=', environmentId)
      .where('type', '=', 'customer.created')
      .execute();
    expect(told.every((row) => (row.data as { historical?: boolean }).historical)).toBe(true);
  });

  test('a cursor that Stripe has forgotten starts over as well', async () => {
    world.reachable = false;
    const truth = (await changes(4)).filter((line) => !line.endsWith('gone'));
    await updateConnection(connected.ctx, connected.connectionId, { poll_cursor: 'evt_forgotten 1' });
    await poll();
    await world.app.queues.drainAll(environmentId);
    expect(await names()).toEqual(truth);
    expect((await getConnection(connected.ctx, connected.connectionId)).pollCursor).toMatch(/^evt_(?!forgotten)/);
  });

  test('sync T15: every event by webhook and by poll is one row and one effect', async () => {
    await changes(10);
    await world.settle(environmentId);
    const before = await world.rows(environmentId);
    await updateConnection(connected.ctx, connected.connectionId, { poll_cursor: `${before[0]?.event_id} ${0}` });
    await poll();
    expect(await world.rows(environmentId)).toEqual(before);
  });

  test('[W3] an event before our own write is stored: the later write meets the same row', async () => {
    const customer = await connected.stripe.customers.create({ name: 'early' });
    await Promise.all([world.settle(environmentId), poll(), world.app.queues.drainAll(environmentId)]);
    await world.settle(environmentId);
    expect(await names()).toEqual([`${customer.id} early`]);
  });

  test('[W16] a herd of 500 events on 20 objects costs at most two reads an object', async () => {
    world.reachable = false;
    const customers = [];
    for (let at = 0; at < 20; at++) customers.push(await connected.stripe.customers.create({ name: `h${at}` }));
    for (let at = 0; at < 480; at++) await connected.stripe.customers.update(customers[at % 20]!.id, { name: `h${at}` });
    await poll(false);
    const before = world.sandbox.control.requests({ account: connected.account }).length;
    await world.app.queues.drainAll(environmentId);
    const reads = world.sandbox.control
      .requests({ account: connected.account, limit: 10_000 })
      .filter((request) => request.method === 'GET' && /\/v1\/customers\/cus_/.test(request.path));
    expect(before).toBeGreaterThan(0);
    expect(reads.length).toBeLessThanOrEqual(40);
    expect(await names()).toEqual(customers.map((customer, at) => `${customer.id} h${460 + at}`).sort());
  });
});

describe('what cannot be worked off', () => {
  test('[W17] one poisoned object in many: the others are done, the poison waits, dies at the twelfth try and is replayed after the fix', async () => {
    const { account, ctx } = connected;
    const poisoned = await connected.stripe.customers.create({ name: 'poison' });
    world.sandbox.control.faults.add({
      match: { method: 'GET', route: '/v1/customers/{customer}', account },
      effect: { kind: 'status', status: 500 },
      times: 1_000,
    } as never);
    const [rule] = world.sandbox.control.faults.list();
    const others = await Promise.all(Array.from({ length: 20 }, (_, at) => connected.stripe.products.create({ name: `p${at}` })));
    await world.settle(environmentId);
    const rowOf = async () => (await world.rows(environmentId)).find((row) => row.object_id === poisoned.id)!;
    expect((await world.rows(environmentId)).filter((row) => row.status === 'processed')).toHaveLength(others.length);
    expect(await rowOf()).toMatchObject({ status: 'failed', attempts: 1 });
    for (let attempt = 2; attempt <= 12; attempt++) {
      await world.app.db
        .updateTable('inbox')
        .set({ next_attempt_wall_at: null })
        .where('environment_id', '=', environmentId)
        .where('object_id', '=', poisoned.id)
        .execute();
      await world.app.queues.drainAll(environmentId);
    }
    expect(await rowOf()).toMatchObject({ status: 'dead', attempts: 12 });
    const tasks = await world.app.db.selectFrom('operator_tasks').select('kind').where('environment_id', '=', environmentId).execute();
    expect(tasks.map((task) => task.kind)).toEqual(['stripe_event_dead']);

    world.sandbox.control.faults.remove((rule as { id: string }).id);
    const { replay } = await import('./replay.ts');
    const { findInboxRow } = await import('./queries.ts');
    await replay(ctx, (await findInboxRow(ctx, (await rowOf()).event_id))!);
    await world.app.queues.drainAll(environmentId);
    expect(await rowOf()).toMatchObject({ status: 'processed', outcome: 'adopted', via: 'replay' });
    expect(await names()).toEqual([`${poisoned.id} poison`]);
  });

  test('a key refused in the middle stops the connection and keeps the events for later', async () => {
    world.reachable = false;
    await connected.stripe.customers.create({ name: 'waits' });
    await poll();
    await world.sandbox.control.revokeKeys({ account: connected.account });
    await world.app.queues.drainAll(environmentId);
    expect((await getConnection(connected.ctx, connected.connectionId)).status).toBe('revoked');
    expect((await world.rows(environmentId)).map((row) => [row.status, row.attempts])).toEqual([['received', 0]]);
    expect(await world.app.queues.blocked(environmentId)).toBeNull();
  });
});
