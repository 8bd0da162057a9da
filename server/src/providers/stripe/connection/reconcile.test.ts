import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connected, type StripeWorld, startStripeWorld } from '../../../../test/support/stripe-world.ts';
import { shiftedClock } from '../../../kit/machine-clock.ts';
import { pollConnection } from '../inbox/poll.ts';
import { getConnection, updateConnection } from './queries.ts';
import { listReconcileRuns, reconcileQueue, startReconcile } from './reconcile.ts';

let hours = 0;
let world: StripeWorld;
let environmentId: string;
let connected: Connected;

beforeAll(async () => {
  world = await startStripeWorld({ machineClock: shiftedClock(() => Temporal.Duration.from({ hours })) });
});
beforeEach(async () => {
  world.reachable = true;
  environmentId = await world.addEnvironment();
  connected = await world.connect(environmentId);
  await world.settle(environmentId);
});
afterAll(() => world.close());

const connection = () => getConnection(connected.ctx, connected.connectionId);
const sweep = async () => {
  await startReconcile(connected.ctx, { connection: await connection(), trigger: 'manual' });
  await world.app.queues.drainAll(environmentId);
  return (await runs())[0]!;
};
const runs = () => listReconcileRuns(connected.ctx, { connectionId: connected.connectionId, limit: 10 });
const rows = (table: 'customers' | 'subscriptions' | 'invoices' | 'remote_objects' | 'email_occurrences') =>
  world.app.db.selectFrom(table).selectAll().where('environment_id', '=', environmentId).execute() as Promise<Record<string, unknown>[]>;
const card = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } };
/** Changes at Stripe of which no event ever reaches us. */
const unheard = async (change: () => Promise<unknown>) => {
  world.reachable = false;
  await change();
  await world.sandbox.control.idle();
  const { stripe } = connected;
  const [newest] = (await stripe.events.list({ limit: 1 })).data;
  await updateConnection(connected.ctx, connected.connectionId, { poll_cursor: `${newest?.id} ${newest?.created}` });
};
async function subscriber(name: string) {
  const { stripe } = connected;
  const customer = await stripe.customers.create({ name, email: `${name}@acme.example`, ...card });
  const product = await stripe.products.create({
    name: `${name}'s plan`,
    default_price_data: { currency: 'usd', unit_amount: 900, recurring: { interval: 'month' } },
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: String(product.default_price) }] });
  return { customer, product, subscription };
}

describe('[W5] the full sweep', () => {
  test('what was changed, made and deleted while no event came through is here afterwards, and nobody is mailed', async () => {
    const { stripe } = connected;
    const kept = await subscriber('kept');
    const goes = await subscriber('goes');
    const draft = await stripe.invoices.create({ customer: kept.customer.id });
    const unsold = await stripe.products.create({ name: 'Never sold' });
    await world.settle(environmentId);
    const occurrences = (await rows('email_occurrences')).length;
    let made = '';
    await unheard(async () => {
      await stripe.customers.update(kept.customer.id, { name: 'Kept and renamed' });
      await stripe.customers.del(goes.customer.id);
      await stripe.invoices.del(draft.id!);
      await stripe.products.del(unsold.id);
      made = (await stripe.customers.create({ name: 'Made meanwhile' })).id;
    });
    const run = await sweep();
    expect(run).toMatchObject({ status: 'done', trigger: 'manual', gone: 3, errors: 0, reason: null });

    const customers = new Map((await rows('customers')).map((row) => [row.stripe_id, row]));
    expect(customers.get(kept.customer.id)).toMatchObject({ name: 'Kept and renamed', status: 'active' });
    expect(customers.get(goes.customer.id)).toMatchObject({ status: 'archived' });
    expect(customers.get(goes.customer.id)?.deleted_in_stripe_at).not.toBeNull();
    expect(customers.get(made)).toMatchObject({ name: 'Made meanwhile' });
    const subscriptions = new Map((await rows('subscriptions')).map((row) => [row.stripe_id, row]));
    expect(subscriptions.get(kept.subscription.id)).toMatchObject({ status: 'active' });
    expect(subscriptions.get(goes.subscription.id)).toMatchObject({ status: 'canceled' });
    expect((await rows('invoices')).find((row) => row.stripe_id === draft.id)).toMatchObject({ status: 'voided' });
    const gone = (await rows('remote_objects')).filter((row) => row.deleted).map((row) => row.id);
    expect(gone.toSorted()).toEqual([goes.customer.id, draft.id, unsold.id].toSorted());

    // As history: state is written, mails are not.
    await world.settle(environmentId);
    expect((await rows('email_occurrences')).length).toBe(occurrences);
    const told = await world.app.db
      .selectFrom('events')
      .select(['type', 'data'])
      .where('environment_id', '=', environmentId)
      .where('type', '=', 'customer.archived')
      .execute();
    expect(told.map((event) => (event.data as { historical?: boolean }).historical)).toEqual([true]);
    // A second one finds nothing more.
    expect(await sweep()).toMatchObject({ status: 'done', gone: 0, repaired: 0, errors: 0 });
  });

  test('objects on a test clock, which no plain list shows, are not taken for deleted', async () => {
    const { stripe } = connected;
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Math.floor(Date.parse('2026-01-01T00:00:00Z') / 1000) });
    const onClock = await stripe.customers.create({ name: 'on a clock', test_clock: clock.id });
    await world.settle(environmentId);
    expect(await sweep()).toMatchObject({ status: 'done', gone: 0 });
    expect((await rows('customers')).find((row) => row.stripe_id === onClock.id)).toMatchObject({ status: 'active' });
  });

  test('a subscription that Stripe no longer knows stays as it was, and a person is asked', async () => {
    await world.app.db
      .insertInto('remote_objects')
      .values({
        environment_id: environmentId,
        connection_id: connected.connectionId,
        type: 'subscription',
        id: 'sub_NobodyKnowsMe0001',
        api_version: '2026-10-28.endive',
        fetched_wall_at: world.app.machineClock.now(),
        fetch_seq: 0n,
        classification: 'unmanaged',
      })
      .execute();
    expect(await sweep()).toMatchObject({ status: 'done', gone: 1 });
    const tasks = await world.app.db
      .selectFrom('operator_tasks')
      .select(['kind', 'object_id'])
      .where('environment_id', '=', environmentId)
      .execute();
    expect(tasks).toEqual([{ kind: 'stripe_object_missing', object_id: 'sub_NobodyKnowsMe0001' }]);
  });

  test('what may not be listed is not taken for deleted either', async () => {
    await connected.stripe.products.create({ name: 'Cannot be seen' });
    await world.settle(environmentId);
    world.sandbox.control.faults.add({
      match: { method: 'GET', route: '/v1/products', account: connected.account },
      effect: { kind: 'status', status: 403 },
      times: 5,
    } as never);
    expect(await sweep()).toMatchObject({ status: 'done', gone: 0 });
    expect((await rows('remote_objects')).filter((row) => row.deleted)).toEqual([]);
    for (const { id } of world.sandbox.control.faults.list() as { id: string }[]) world.sandbox.control.faults.remove(id);
  });

  test('120 unchanged customers cost a statement a page, not one each', async () => {
    const { stripe } = connected;
    for (let at = 0; at < 120; at += 20)
      await Promise.all(Array.from({ length: 20 }, (_, n) => stripe.customers.create({ name: `c${at + n}` })));
    await world.settle(environmentId);
    await sweep();
    const counted = countStatements();
    const run = await sweep();
    expect(run).toMatchObject({ checked: 120, repaired: 0, gone: 0 });
    expect(counted()).toBeLessThan(100);
  });

  test('cut in the middle it goes on where it stood, and an error never counts as done', async () => {
    const { stripe } = connected;
    const some = await Promise.all(Array.from({ length: 5 }, (_, n) => stripe.customers.create({ name: `c${n}` })));
    await world.settle(environmentId);
    await unheard(() => Promise.all(some.map((customer) => stripe.customers.del(customer.id))));
    world.sandbox.control.faults.add({
      match: { method: 'GET', route: '/v1/customers/{customer}', account: connected.account },
      effect: { kind: 'status', status: 500 },
      times: 1,
    } as never);
    await startReconcile(connected.ctx, { connection: await connection(), trigger: 'manual' });
    await world.app.queues.drainAll(environmentId);
    const [cut] = await runs();
    expect(cut).toMatchObject({ status: 'running', attempts: 1, cursors: { isListed: true } });
    expect(cut?.reason).toContain('500');
    const listsBefore = lists();
    await world.app.db
      .updateTable('reconcile_runs')
      .set({ next_attempt_wall_at: null })
      .where('environment_id', '=', environmentId)
      .execute();
    await world.app.queues.drainAll(environmentId);
    expect((await runs())[0]).toMatchObject({ status: 'done', gone: 5 });
    expect(lists()).toBe(listsBefore);
  });

  const lists = () =>
    world.sandbox.control
      .requests({ account: connected.account, limit: 10_000 })
      .filter((request) => request.method === 'GET' && /^\/v1\/customers(\?|$)/.test(request.path)).length;

  test('one at a time, and not without a working connection', async () => {
    await startReconcile(connected.ctx, { connection: await connection(), trigger: 'manual' });
    await expect(startReconcile(connected.ctx, { connection: await connection(), trigger: 'manual' })).rejects.toMatchObject({
      status: 409,
      code: 'reconcile_running',
    });
    await updateConnection(connected.ctx, connected.connectionId, { status: 'revoked' });
    await world.app.queues.drainAll(environmentId);
    expect((await runs())[0]).toMatchObject({ status: 'canceled' });
    await expect(startReconcile(connected.ctx, { connection: await connection(), trigger: 'manual' })).rejects.toMatchObject({
      code: 'connection_not_working',
    });
  });
});

test('[W5] thirty-one days of silence start a sweep by themselves, and the event list goes on from the present', async () => {
  const customer = await connected.stripe.customers.create({ name: 'goes' });
  await world.settle(environmentId);
  await unheard(() => connected.stripe.customers.del(customer.id));
  const longAgo = world.app.machineClock.now().subtract({ hours: 31 * 24 });
  await updateConnection(connected.ctx, connected.connectionId, { last_poll_wall_at: longAgo, poll_cursor: 'evt_forgotten 1' });
  await pollConnection(world.app, { connection: await connection(), overlap: true });
  await world.app.queues.drainAll(environmentId);
  expect((await runs()).map((run) => [run.trigger, run.status, run.gone])).toEqual([['after_outage', 'done', 1]]);
  expect((await connection()).pollCursor).toMatch(/^evt_(?!forgotten)/);
});

test('every night once, for every connection, by the host’s time', async () => {
  const nightly = async () => {
    await reconcileQueue.drain(world.app, { environmentId: null });
    return (await runs()).filter((run) => run.trigger === 'nightly').map((run) => run.status);
  };
  hours = 24;
  expect(await nightly()).toEqual(['done']);
  expect(await nightly()).toEqual(['done']);
  hours = 48;
  expect(await nightly()).toEqual(['done', 'done']);
  hours = 0;
});

/** Counts what is asked of the database from now on. */
function countStatements(): () => number {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...given: unknown[]) {
    count += 1;
    return (query as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof query;
  return () => {
    pg.Client.prototype.query = query;
    return count;
  };
}
