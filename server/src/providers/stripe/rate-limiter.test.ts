import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, type StripeWorld, startStripeWorld } from '../../../test/support/stripe-world.ts';
import { hostClock, type MachineClock } from '../../kit/machine-clock.ts';
import { getConnection } from './connection/queries.ts';
import { anyList } from './pull/fetch.ts';
import type { Lane } from './rate-buckets.ts';
import { ownLimiter, sharedLimiter } from './rate-limiter.ts';
import { apiOf } from './runtime.ts';

/** Time that passes only when everybody waits for it. */
function virtualClock(): MachineClock & { run(): Promise<void> } {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    ...hostClock(),
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: nowMs + ms, wake })),
    run: async () => {
      for (;;) {
        for (let turn = 0; turn < 50; turn++) await Promise.resolve();
        const next = sleepers.sort((a, b) => a.at - b.at).shift();
        if (!next) return;
        nowMs = Math.max(nowMs, next.at);
        next.wake();
      }
    },
  };
}

describe('[P6] a process alone, in virtual time', () => {
  const take = (limiter: ReturnType<typeof ownLimiter>, lane: Lane, path = '/v1/prices') => limiter.take({ method: 'GET', path, lane });

  test('whoever is urgent goes first, however long the queue of the others', async () => {
    const clock = virtualClock();
    const limiter = ownLimiter({ machineClock: clock, livemode: false });
    const started = clock.monotonicMs();
    const ends: [Lane, number][] = [];
    const note = (lane: Lane, n: number) =>
      take(limiter, lane, `/v1/${lane}s${n % 7}`).then(() => void ends.push([lane, clock.monotonicMs() - started]));
    const all = [
      ...Array.from({ length: 20 }, (_, n) => note('import', n)),
      ...Array.from({ length: 20 }, (_, n) => note('refetch', n)),
      ...Array.from({ length: 20 }, (_, n) => note('money', n)),
    ];
    await clock.run();
    await Promise.all(all);
    const last = (lane: Lane) => Math.max(...ends.filter(([one]) => one === lane).map(([, ms]) => ms));
    expect(last('money')).toBeLessThan(1_100);
    expect(last('refetch')).toBeLessThan(2_300);
    expect(last('import')).toBeGreaterThan(last('refetch'));
  });

  test('an import alone takes three tenths', async () => {
    const clock = virtualClock();
    const limiter = ownLimiter({ machineClock: clock, livemode: false });
    const started = clock.monotonicMs();
    const all = Array.from({ length: 31 }, (_, n) => take(limiter, 'import', `/v1/x${n % 5}`));
    await clock.run();
    await Promise.all(all);
    const perSecond = 30_000 / (clock.monotonicMs() - started);
    expect(perSecond).toBeGreaterThan(5);
    expect(perSecond).toBeLessThan(7);
  });

  test('after a 429 nothing leaves for as long as Stripe asks, then half as much for the rest of the minute', async () => {
    const clock = virtualClock();
    const limiter = ownLimiter({ machineClock: clock, livemode: false });
    await take(limiter, 'money');
    const started = clock.monotonicMs();
    await limiter.penalize(3);
    const times: number[] = [];
    const all = Array.from({ length: 60 }, (_, n) =>
      take(limiter, 'money', `/v1/x${n % 5}`).then(() => void times.push(clock.monotonicMs() - started)),
    );
    await clock.run();
    await Promise.all(all);
    expect(times[0]).toBeGreaterThanOrEqual(3_000);
    const inTenSeconds = times.filter((ms) => ms < 8_000).length;
    expect(inTenSeconds).toBeGreaterThan(45);
    expect(inTenSeconds).toBeLessThanOrEqual(56);
  });

  test('a wait that is too long for a request in hand is refused with the time to come back, and nothing is sent', async () => {
    const clock = virtualClock();
    const limiter = ownLimiter({ machineClock: clock, livemode: false });
    await limiter.penalize(60);
    await expect(take(limiter, 'money')).rejects.toMatchObject({
      detail: { kind: 'rate_limited', code: 'own_limit', retryAfterSeconds: 60 },
    });
  });
});

describe('[P6] against the Sandbox with Stripe’s limits', () => {
  let world: StripeWorld;
  let connected: Connected;
  beforeAll(async () => {
    world = await startStripeWorld({ strict: true });
    connected = await world.connect();
  });
  afterAll(() => world.close());

  const limited = () =>
    world.sandbox.control.requests({ account: connected.account, limit: 10_000 }).filter((request) => request.status === 429).length;

  test('two processes that read at once stay within 25 a second between them: no 429 at all', async () => {
    const connection = await getConnection(connected.ctx, connected.connectionId);
    const limiters = [sharedLimiter(world.app, connection), sharedLimiter(world.app, connection)];
    const times: number[] = [];
    const read = async (limiter: (typeof limiters)[number], n: number) => {
      await limiter.take({ method: 'GET', path: `/v1/x${n % 4}`, lane: 'refetch' });
      times.push(performance.now());
    };
    await Promise.all(Array.from({ length: 40 }, (_, n) => read(limiters[n % 2]!, n)));
    const sorted = times.toSorted((a, b) => a - b);
    for (const [at, time] of sorted.entries())
      expect(sorted.slice(at).filter((other) => other - time < 1_000).length).toBeLessThanOrEqual(25);
    const api = await apiOf(connected.ctx, connection, 'refetch');
    await Promise.all(Array.from({ length: 30 }, () => api.get('/v1/customers', anyList, { limit: 1 })));
    expect(limited()).toBe(0);
  });

  test('a 429 that comes all the same closes the account’s budget for every process', async () => {
    const connection = await getConnection(connected.ctx, connected.connectionId);
    world.sandbox.control.faults.add({
      match: { method: 'GET', route: '/v1/prices', account: connected.account },
      effect: { kind: 'status', status: 429, headers: { 'retry-after': '30' } },
      times: 1,
    } as never);
    const api = await apiOf(connected.ctx, connection, 'refetch');
    await expect(api.get('/v1/prices', anyList)).rejects.toMatchObject({ detail: { kind: 'rate_limited' } });
    const row = await world.app.db
      .selectFrom('stripe_rate_buckets')
      .select(['slow_until_wall_at', 'closed_until_wall_at'])
      .where('connection_id', '=', connection.id)
      .where('bucket', '=', 'total')
      .executeTakeFirstOrThrow();
    expect(row.slow_until_wall_at?.epochMilliseconds).toBeGreaterThan(Date.now() + 55_000);
  });
});
