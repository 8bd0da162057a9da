import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { transaction } from './database.ts';
import { runDueTimers } from './run-timers.ts';
import { isoSeconds } from './time.ts';
import { armTimer, cancelTimers, defineTimer, nextTimer } from './timers.ts';

const seen: string[] = [];
let failuresLeft = 0;
const remind = defineTimer({
  kind: 'test.remind',
  room: 'test',
  run: async (ctx, timer) => {
    if (timer.payload.fail && failuresLeft-- > 0) throw new Error('not yet');
    seen.push(`${timer.objectId} ${isoSeconds(ctx.clock.now())}`);
    if (timer.payload.again) await armTimer(ctx, { kind: 'test.remind', objectType: 'x', objectId: 'again', dueAt: timer.dueAt });
  },
});
const ring = defineTimer({
  kind: 'test.ring',
  room: 'test',
  transactional: false,
  run: async (ctx, timer) => void seen.push(`${timer.objectId} ${ctx.inTransaction}`),
});

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-01T00:00:00Z', rooms: [{ name: 'test', timers: [remind, ring] }] });
});
afterAll(() => kit?.close());

const at = (text: string) => Temporal.Instant.from(text);
async function arm(objectId: string, dueAt: string, payload: Record<string, unknown> = {}, kind = 'test.remind') {
  await transaction(await kit.ctx(), (tx) => armTimer(tx, { kind, objectType: 'x', objectId, dueAt: at(dueAt), payload }));
}

test('timers fire in order of their due time and then of their arming, each seeing its own instant', async () => {
  seen.length = 0;
  await arm('third', '2026-01-03T00:00:00Z');
  await arm('second', '2026-01-02T00:00:00Z', { again: true });
  await arm('second', '2026-01-02T00:00:00Z');
  await arm('late', '2026-02-01T00:00:00Z');
  expect((await nextTimer(kit.app, kit.environmentId))?.toString()).toBe('2026-01-02T00:00:00Z');
  expect(await runDueTimers(kit.app, { environmentId: kit.environmentId, until: at('2026-01-31T00:00:00Z') })).toBe(3);
  expect(seen).toEqual(['second 2026-01-02T00:00:00Z', 'again 2026-01-02T00:00:00Z', 'third 2026-01-03T00:00:00Z']);
  expect(await cancelTimers(await kit.ctx(), { objectType: 'x', objectId: 'late' })).toBe(1);
  expect(await nextTimer(kit.app, kit.environmentId)).toBeNull();
});

test('a timer that fails keeps its row, is named as blocking, and the others go on', async () => {
  seen.length = 0;
  failuresLeft = 1;
  await kit.setClock('2026-03-01T00:00:00Z');
  await arm('stubborn', '2026-03-01T00:00:00Z', { fail: true });
  await arm('easy', '2026-03-01T00:00:00Z');
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual(['easy 2026-03-01T00:00:00Z']);
  const blocked = await kit.app.queues.blocked(kit.environmentId);
  expect(blocked).toMatchObject({ queue: 'timers', reason: 'The timer test.remind has not succeeded yet' });
  await kit.app.db.updateTable('timers').set({ next_attempt_wall_at: null }).where('status', '=', 'armed').execute();
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual(['easy 2026-03-01T00:00:00Z', 'stubborn 2026-03-01T00:00:00Z']);
  expect(await kit.app.queues.blocked(kit.environmentId)).toBeNull();
});

test('a timer outside the transaction runs without one, and only once', async () => {
  seen.length = 0;
  await arm('bell', '2026-03-01T00:00:00Z', {}, 'test.ring');
  await kit.app.queues.drainAll(kit.environmentId);
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual(['bell false']);
});

test('another environment keeps its own agenda', async () => {
  seen.length = 0;
  const other = await kit.addEnvironment({ now: '2026-05-01T00:00:00Z' });
  const ctx = await kit.ctx(other);
  await transaction(ctx, (tx) =>
    armTimer(tx, { kind: 'test.remind', objectType: 'x', objectId: 'theirs', dueAt: at('2026-05-01T00:00:00Z') }),
  );
  await kit.app.queues.drainAll(kit.environmentId);
  expect(seen).toEqual([]);
  await kit.app.queues.drainAll(other);
  expect(seen).toEqual(['theirs 2026-05-01T00:00:00Z']);
});
