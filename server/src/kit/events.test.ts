import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Kit, startKit } from '../../test/support/kit.ts';
import type { Ctx } from './context.ts';
import { transaction } from './database.ts';
import { announce, findEvent, type Subscriber } from './events.ts';
import { cancel, defineJob, snooze } from './jobs.ts';
import { armTimer, defineTimer } from './timers.ts';

const seen: string[] = [];
let failuresLeft = 0;
const report = defineJob({
  name: 'test.report',
  input: z.object({ event_id: z.string() }),
  run: async (ctx, input, job) => {
    const event = await findEvent(ctx, input.event_id);
    if (event?.data.cancel) return cancel('not wanted');
    if (event?.data.snooze && job.attempt === 1 && !seen.includes('snoozed')) {
      seen.push('snoozed');
      return snooze(Temporal.Duration.from({ seconds: 0 }));
    }
    if (failuresLeft-- > 0) throw new Error('no luck');
    seen.push(`job ${event?.type} ${event?.objectSeq}`);
    return undefined;
  },
});
const subscribers: Subscriber[] = [
  {
    event: 'thing.made',
    by: 'test',
    why: 'writes a row',
    run: async (tx, event) => void seen.push(`in transaction ${event.objectSeq} ${tx.inTransaction}`),
  },
  { event: 'thing.made', by: 'test', why: 'reports it', job: report },
  {
    event: 'thing.refused',
    by: 'test',
    why: 'rolls everything back',
    run: async () => {
      throw new Error('refused');
    },
  },
];

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({
    rooms: [
      { name: 'test', subscribers, jobs: [report], timers: [defineTimer({ kind: 'test.never', room: 'test', run: async () => {} })] },
    ],
  });
});
afterAll(() => kit?.close());

const make = (tx: Ctx, key: string, data: Record<string, unknown> = {}) =>
  announce(tx, { type: 'thing.made', objectType: 'thing', objectId: 'thing_1', data, dedupeKey: key });

test('[I-dedupe] the same transition announces once: subscribers run once, and the numbers have no gap', async () => {
  seen.length = 0;
  const ctx = await kit.ctx();
  const first = await transaction(ctx, (tx) => make(tx, 'a', { amount: 5n }));
  const again = await transaction(ctx, (tx) => make(tx, 'a'));
  const second = await transaction(ctx, (tx) => make(tx, 'b'));
  expect([first?.objectSeq, again, second?.objectSeq]).toEqual([1n, null, 2n]);
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual(['in transaction 1 true', 'in transaction 2 true', 'job thing.made 1', 'job thing.made 2']);
  expect((await findEvent(ctx, first?.id ?? ''))?.data).toEqual({ amount: 5 });
});

test('a rollback takes the event, its rows and its jobs with it', async () => {
  seen.length = 0;
  const ctx = await kit.ctx();
  const all = transaction(ctx, async (tx) => {
    await make(tx, 'c');
    await armTimer(tx, { kind: 'test.never', objectType: 'thing', objectId: 'thing_1', dueAt: ctx.clock.now() });
    await announce(tx, { type: 'thing.refused', objectType: 'thing', objectId: 'thing_1', data: {}, dedupeKey: 'd' });
  });
  await expect(all).rejects.toThrow('refused');
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual(['in transaction 3 true']);
  const rows = await kit.app.db.selectFrom('events').select('id').where('dedupe_key', 'in', ['c', 'd']).execute();
  expect(rows).toEqual([]);
});

test('a job ends in four ways: done, canceled, snoozed, thrown and tried again', async () => {
  seen.length = 0;
  const ctx = await kit.ctx();
  await transaction(ctx, (tx) => make(tx, 'cancel', { cancel: true }));
  await transaction(ctx, (tx) => make(tx, 'snooze', { snooze: true }));
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen.filter((line) => !line.startsWith('in'))).toEqual(['snoozed', 'job thing.made 4']);
  failuresLeft = 1;
  seen.length = 0;
  await transaction(ctx, (tx) => make(tx, 'throw'));
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen.filter((line) => !line.startsWith('in'))).toEqual([]);
  expect(await kit.app.queues.blocked(kit.environmentId)).toMatchObject({ queue: 'jobs' });
});
