import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Kit, startKit } from '../../test/support/kit.ts';
import { present } from '../kit/assert.ts';
import { claimWork, releaseClaim } from '../kit/claims.ts';
import { transaction } from '../kit/database.ts';
import type { WorkQueue } from '../kit/queues.ts';
import { isoSeconds } from '../kit/time.ts';
import { armTimer, defineTimer } from '../kit/timers.ts';
import { advanceClock, alignClocks, resumeAdvances } from './advance-clock.ts';
import { InstantEnd, ProviderClock } from './ports.ts';
import { readEnvironment } from './queries.ts';
import { reachInstant } from './reach-instant.ts';

const seen: string[] = [];
let waitingFor = 0;
/** A timer that starts work in a queue, as a trial's end starts a mail. */
const remind = defineTimer({
  kind: 'test.remind',
  room: 'test',
  run: async (ctx, timer) => {
    seen.push(`timer ${timer.objectId} ${isoSeconds(ctx.clock.now()).slice(0, 10)}`);
    pending.push(timer.objectId);
  },
});
const pending: string[] = [];
const mail: WorkQueue = {
  name: 'test.mail',
  order: 70,
  room: 'test',
  drain: async () => {
    if (waitingFor > 0) return 0;
    const found = pending.splice(0);
    for (const id of found) seen.push(`mail ${id}`);
    return found.length;
  },
  blocked: async () => {
    if (pending.length === 0) return null;
    waitingFor -= 1;
    return { queue: 'test.mail', id: pending[0] ?? '', reason: 'The provider does not answer', nextAttemptAt: null };
  },
};

let kit: Kit;
beforeAll(async () => {
  kit = await startKit({ now: '2026-01-31T00:00:00Z', rooms: [{ name: 'test', timers: [remind], queues: [mail] }] });
});
afterAll(() => kit?.close());
beforeEach(() => {
  seen.length = 0;
});

const at = (text: string) => Temporal.Instant.from(text);
async function arm(environmentId: string, objectId: string, dueAt: string) {
  await transaction(await kit.ctx(environmentId), (tx) =>
    armTimer(tx, { kind: 'test.remind', objectType: 'x', objectId, dueAt: at(dueAt) }),
  );
}

test('four months in one call and month by month do the same things in the same order', async () => {
  const stories: string[][] = [];
  for (const steps of [
    ['2026-05-31T00:00:00Z'],
    ['2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z', '2026-04-30T00:00:00Z', '2026-05-31T00:00:00Z'],
  ]) {
    seen.length = 0;
    const id = await kit.addEnvironment();
    for (const [name, due] of [
      ['c', '2026-04-01'],
      ['a', '2026-02-02'],
      ['b', '2026-03-31'],
      ['later', '2026-06-01'],
    ] as const)
      await arm(id, name, `${due}T12:00:00Z`);
    for (const step of steps) await advanceClock(await kit.ctx(id), { to: at(step) });
    expect(isoSeconds(present((await readEnvironment(kit.app, id)).clockNow, 'clock'))).toBe('2026-05-31T00:00:00Z');
    stories.push([...seen]);
  }
  expect(stories[0]).toEqual(['timer a 2026-02-02', 'mail a', 'timer b 2026-03-31', 'mail b', 'timer c 2026-04-01', 'mail c']);
  expect(stories[1]).toEqual(stories[0]);
});

test('“next” stops at the next thing due; without one it says so; the clock never goes back', async () => {
  const id = await kit.addEnvironment();
  await arm(id, 'soon', '2026-02-14T08:00:00Z');
  const moved = await advanceClock(await kit.ctx(id), { to: 'next' });
  expect(moved.clockNow?.toString()).toBe('2026-02-14T08:00:00Z');
  await expect(advanceClock(await kit.ctx(id), { to: 'next' })).rejects.toMatchObject({ code: 'nothing_due', status: 409 });
  await expect(advanceClock(await kit.ctx(id), { to: at('2026-02-01T00:00:00Z') })).rejects.toMatchObject({ code: 'clock_in_the_past' });
  await expect(advanceClock(await kit.ctx(id), { to: at('2099-02-01T00:00:00Z') })).rejects.toMatchObject({ code: 'clock_too_far' });
  const wall = await kit.addEnvironment({ mode: 'test', now: null });
  await expect(advanceClock(await kit.ctx(wall), { to: 'next' })).rejects.toMatchObject({ code: 'clock_not_simulated' });
});

test('work that waits a moment for a provider holds its instant until it is done', async () => {
  const id = await kit.addEnvironment();
  await arm(id, 'slow', '2026-02-01T00:00:00Z');
  await arm(id, 'after', '2026-02-02T00:00:00Z');
  waitingFor = 3;
  await advanceClock(await kit.ctx(id), { to: at('2026-02-03T00:00:00Z') });
  expect(seen).toEqual(['timer slow 2026-02-01', 'mail slow', 'timer after 2026-02-02', 'mail after']);
});

test('one advance at a time, and one that died is gone on with', async () => {
  const id = await kit.addEnvironment();
  await arm(id, 'left', '2026-02-01T00:00:00Z');
  const ctx = await kit.ctx(id);
  const claim = present(await claimWork(ctx, { kind: 'clock', subjectId: id }), 'claim');
  await expect(advanceClock(ctx, { to: 'next' })).rejects.toMatchObject({ code: 'clock_advancing', status: 409 });
  await kit.app.db
    .updateTable('environments')
    .set({ clock_target: at('2026-02-05T00:00:00Z') })
    .where('id', '=', id)
    .execute();
  await resumeAdvances(kit.app);
  expect(seen).toEqual([]);
  await releaseClaim(ctx, claim);
  await resumeAdvances(kit.app);
  expect(seen).toEqual(['timer left 2026-02-01', 'mail left']);
  const environment = await readEnvironment(kit.app, id);
  expect([environment.clockNow?.toString(), environment.clockTarget]).toEqual(['2026-02-05T00:00:00Z', null]);
});

test('what only waited for company at an instant is released at its end, before the clock goes on', async () => {
  const id = await kit.addEnvironment();
  await arm(id, 'held', '2026-02-01T00:00:00Z');
  const ends: string[] = [];
  kit.app.ports.bind(InstantEnd, async (_app, { instant }) => {
    ends.push(isoSeconds(instant).slice(0, 10));
    if (ends.length !== 2) return 0;
    pending.push('company');
    return 1;
  });
  await advanceClock(await kit.ctx(id), { to: at('2026-02-02T00:00:00Z') });
  kit.app.ports.bind(InstantEnd, async () => 0);
  expect(seen).toEqual(['timer held 2026-02-01', 'mail held', 'mail company']);
  expect(ends).toEqual(['2026-01-31', '2026-02-01', '2026-02-01', '2026-02-02']);
});

test('with a provider the provider’s clock leads, and the clock that is behind follows the other', async () => {
  const id = await kit.addEnvironment();
  await arm(id, 'own', '2026-02-10T00:00:00Z');
  let theirs: Temporal.Instant | null = at('2026-03-01T00:00:00Z');
  kit.app.ports.bind(ProviderClock, {
    now: async (ctx) => (ctx.environmentId === id ? theirs : null),
    fetch: async () => void seen.push('fetched'),
    // What came from there happened on two days; the first is taken as soon as the clock stands at it.
    arrived: async (_ctx, until) => {
      const now = (await readEnvironment(kit.app, id)).clockNow ?? until;
      const days = ['2026-02-05T00:00:00Z', '2026-02-20T00:00:00Z'].map(at);
      return days.find((day) => Temporal.Instant.compare(day, now) > 0 && Temporal.Instant.compare(day, until) <= 0) ?? null;
    },
    next: async (_ctx, until) => (Temporal.Instant.compare(at('2026-03-15T00:00:00Z'), until) <= 0 ? at('2026-03-15T00:00:00Z') : null),
    advance: async (ctx, { to }) => {
      theirs = to;
      seen.push(`provider ${isoSeconds(to).slice(0, 10)}`);
      await reachInstant(ctx.app, ctx.environmentId, to);
    },
  });
  kit.app.ports.bind(InstantEnd, async (_app, { instant }) => {
    seen.push(`over ${isoSeconds(instant).slice(0, 10)}`);
    return 0;
  });
  await alignClocks(await kit.ctx(id));
  kit.app.ports.bind(InstantEnd, async () => 0);
  expect(seen).toEqual([
    'fetched',
    'over 2026-01-31',
    'over 2026-02-05',
    'timer own 2026-02-10',
    'mail own',
    'over 2026-02-10',
    'over 2026-02-20',
    'over 2026-03-01',
  ]);
  expect((await readEnvironment(kit.app, id)).clockTarget).toBe(null);
  expect((await readEnvironment(kit.app, id)).clockNow?.toString()).toBe('2026-03-01T00:00:00Z');
  await advanceClock(await kit.ctx(id), { to: 'next' });
  expect(seen.at(-1)).toBe('provider 2026-03-15');
  await kit.setClock('2026-04-01T00:00:00Z', id);
  await alignClocks(await kit.ctx(id));
  expect(seen.at(-1)).toBe('provider 2026-04-01');
});
