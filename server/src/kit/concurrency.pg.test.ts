import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Kit, startKit, TEST_MASTER_KEY } from '../../test/support/kit.ts';
import { readConfig } from '../config.ts';
import { createApp, listenForWakes } from './app.ts';
import { claimWork, fence, releaseClaim } from './claims.ts';
import { transaction } from './database.ts';
import { openPostgres } from './engine-postgres.ts';
import { announce } from './events.ts';
import { beginKeyed } from './idempotency.ts';
import { takeLeadership } from './leader.ts';
import { silentLog } from './log.ts';
import { runDueTimers } from './run-timers.ts';
import { armTimer, defineTimer } from './timers.ts';

const runs = new Map<string, number>();
const count = defineTimer({
  kind: 'test.count',
  room: 'test',
  run: async (_ctx, timer) => void runs.set(timer.objectId, (runs.get(timer.objectId) ?? 0) + 1),
});

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-01T00:00:00Z', rooms: [{ name: 'test', timers: [count] }] });
});
afterAll(() => kit?.close());

test('of twenty that announce one transition at once, one does', async () => {
  const ctx = await kit.ctx();
  const announced = await Promise.all(
    Array.from({ length: 20 }, () =>
      transaction(ctx, (tx) => announce(tx, { type: 'x.made', objectType: 'x', objectId: 'x_1', data: {}, dedupeKey: 'x.made:x_1' })),
    ),
  );
  expect(announced.filter((event) => event !== null)).toHaveLength(1);
});

test('events of one object announced at once are numbered without a gap', async () => {
  const ctx = await kit.ctx();
  await Promise.all(
    Array.from({ length: 4 }, (_, index) =>
      transaction(ctx, (tx) => announce(tx, { type: 'y.changed', objectType: 'y', objectId: 'y_1', data: {}, dedupeKey: `y:${index}` })),
    ),
  );
  const rows = await ctx.db.selectFrom('events').select('object_seq').where('object_id', '=', 'y_1').orderBy('object_seq').execute();
  expect(rows.map((row) => row.object_seq)).toEqual([1n, 2n, 3n, 4n]);
});

test('many readers together fire each timer once', async () => {
  const ctx = await kit.ctx();
  const dueAt = Temporal.Instant.from('2026-01-01T00:00:00Z');
  await transaction(ctx, async (tx) => {
    for (let index = 0; index < 40; index++) await armTimer(tx, { kind: 'test.count', objectType: 'x', objectId: `t${index}`, dueAt });
  });
  const done = await Promise.all(
    Array.from({ length: 6 }, () => runDueTimers(kit.app, { environmentId: kit.environmentId, until: dueAt })),
  );
  expect(done.reduce((a, b) => a + b, 0)).toBe(40);
  expect([...runs.values()].every((times) => times === 1)).toBe(true);
});

test('a claim has one winner, and a fence keeps the next one out until its transaction ends', async () => {
  const ctx = await kit.ctx();
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimWork(ctx, { kind: 'pull', subjectId: 'cus_1' })));
  const won = claims.filter((claim) => claim !== null);
  expect(won).toHaveLength(1);
  const claim = won[0]!;
  const order: string[] = [];
  const writer = transaction(ctx, async (tx) => {
    await fence(tx, claim);
    order.push('fenced');
    await ctx.machineClock.sleep(150);
    order.push('written');
  });
  await ctx.machineClock.sleep(50);
  const release = releaseClaim(ctx, claim).then(() => order.push('released'));
  await Promise.all([writer, release]);
  expect(order).toEqual(['fenced', 'written', 'released']);
});

test('of ten equal requests under one key one runs', async () => {
  const ctx = await kit.ctx();
  const request = { scope: 'api_key:1', key: 'k', method: 'POST', path: '/v1/x', body: '{}' };
  const started = await Promise.allSettled(Array.from({ length: 10 }, () => beginKeyed(ctx, request)));
  expect(started.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
});

test('a deadlock is tried again and both transactions succeed', async () => {
  const ctx = await kit.ctx();
  const claim = (subject: string) => claimWork(ctx, { kind: 'dead', subjectId: subject });
  await Promise.all([claim('a'), claim('b')]);
  const touch = (tx: typeof ctx, subject: string) =>
    tx.db
      .updateTable('work_claims')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('kind', '=', 'dead')
      .where('subject_id', '=', subject)
      .execute();
  const both = (first: string, second: string) =>
    transaction(ctx, async (tx) => {
      await touch(tx, first);
      await ctx.machineClock.sleep(100);
      await touch(tx, second);
    });
  await Promise.all([both('a', 'b'), both('b', 'a')]);
  const rows = await ctx.db.selectFrom('work_claims').select('attempts').where('kind', '=', 'dead').execute();
  expect(rows.map((row) => row.attempts)).toEqual([3, 3]);
});

test('one process leads, and the next one takes over when it is gone', async () => {
  const url = inject('databaseUrl');
  const first = await takeLeadership(kit.database, { url, name: 'test' });
  expect(first).not.toBeNull();
  expect(await takeLeadership(kit.database, { url, name: 'test' })).toBeNull();
  await first?.release();
  const second = await takeLeadership(kit.database, { url, name: 'test' });
  expect(second).not.toBeNull();
  await second?.release();
});

test('a wake in one process reaches the readers of another', async () => {
  const { rows } = await kit.database.pool.query('select current_database() as name');
  const url = new URL(inject('databaseUrl') ?? '');
  url.pathname = `/${rows[0].name}`;
  const database = await openPostgres({ url: url.toString() });
  const other = createApp({ config: readConfig({ env: {} }), database, masterKey: TEST_MASTER_KEY, log: silentLog() });
  const heard: string[] = [];
  other.queues.signal = (queue) => void heard.push(queue);
  const stop = await listenForWakes(other, database);
  await kit.app.machineClock.sleep(300);
  kit.app.wake('timers', kit.environmentId);
  for (let tries = 0; tries < 50 && heard.length === 0; tries++) await kit.app.machineClock.sleep(20);
  await stop();
  await database.close();
  expect(heard).toEqual(['timers']);
});
