import { z } from 'zod';
import { nextOwnInstant, type ProviderClock, reachInstant } from '../../accounts/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { earliest, instantFromUnix, toUnix } from '../../kit/time.ts';
import type { StripeApi } from './client.ts';
import type { Connection } from './connection/connection.ts';
import { currentConnection, getConnection } from './connection/queries.ts';
import { isFailure } from './failure.ts';
import { pollConnection } from './inbox/poll.ts';
import { firstAhead } from './inbox/queries.ts';
import { CLOCK_READY_POLL_MS, CLOCK_READY_TIMEOUT_MS } from './limits.ts';
import { apiOf } from './runtime.ts';

/** What the Sandbox tells of an account's own clock; Stripe has none, its accounts live in real time. */
const state = z.object({
  mode: z.enum(['wall', 'virtual']),
  now: z.number().int(),
  clock: z.string().nullable(),
  next: z.number().int().nullable(),
});
const testClock = z.object({ id: z.string(), status: z.string(), frozen_time: z.number().int() });

type AccountClock = { api: StripeApi; connection: Connection; id: string; now: Temporal.Instant; next: Temporal.Instant | null };

/**
 * The clock of the environment's Stripe account, moved through the same call as any test clock. A Sandbox in this process brings Billow along
 * at every instant (its follower); one elsewhere is moved from due instant to due instant, and Billow follows after each.
 */
export const stripeClock: ProviderClock = {
  now: async (ctx) => (await accountClock(ctx))?.now ?? null,
  next: async (ctx, until) => {
    const clock = await accountClock(ctx);
    const due = clock?.next ?? null;
    return due !== null && Temporal.Instant.compare(due, until) <= 0 ? due : null;
  },
  fetch: async (ctx) => {
    const connection = await currentConnection(ctx);
    if (connection !== null && connection.settledAt !== null) await pollConnection(ctx.app, { connection, overlap: false });
  },
  arrived: async (ctx, until) => firstAhead(ctx, until),
  advance: async (ctx, { to }) => {
    const clock = await accountClock(ctx);
    if (clock === null) return;
    // What has just happened is worked off where the clock still stands, not at the next instant.
    await catchUp(ctx, clock, clock.now);
    if (clock.connection.apiBase === null) await moveTo(ctx, clock, to);
    else await followElsewhere(ctx, clock, to);
    await pollConnection(ctx.app, { connection: await getConnection(ctx, clock.connection.id), overlap: false });
  },
};

async function followElsewhere(ctx: Ctx, clock: AccountClock, to: Temporal.Instant): Promise<void> {
  for (let at = clock; Temporal.Instant.compare(at.now, to) < 0; ) {
    const own = await nextOwnInstant(ctx.app, ctx.environmentId);
    const step = earliest(to, later(own, at.now), later(at.next, at.now)) ?? to;
    await moveTo(ctx, at, step);
    await catchUp(ctx, clock, step);
    at = (await accountClock(ctx)) ?? { ...at, now: to };
  }
}

async function catchUp(ctx: Ctx, clock: AccountClock, instant: Temporal.Instant): Promise<void> {
  await pollConnection(ctx.app, { connection: await getConnection(ctx, clock.connection.id), overlap: false });
  await reachInstant(ctx.app, ctx.environmentId, instant);
}

/** Moves the clock and waits until it is there; throws where it stopped on the way. */
async function moveTo(ctx: Ctx, clock: AccountClock, to: Temporal.Instant): Promise<void> {
  await whenReady(ctx, clock);
  if (Temporal.Instant.compare(to, clock.now) > 0) {
    const key = `billow/clock/${clock.id}/${toUnix(clock.now)}/${toUnix(to)}/${ctx.app.ids.token(8)}`;
    await clock.api.post(`/v1/test_helpers/test_clocks/${clock.id}/advance`, testClock, { params: { frozen_time: toUnix(to) }, key });
  }
  const reached = await whenReady(ctx, clock);
  if (reached.status !== 'ready' || reached.frozen_time < toUnix(to)) {
    throw new Error(`The clock of ${clock.connection.accountId} stopped at ${instantFromUnix(reached.frozen_time)} (${reached.status})`);
  }
}

async function whenReady(ctx: Ctx, clock: AccountClock): Promise<z.output<typeof testClock>> {
  const startMs = ctx.machineClock.monotonicMs();
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, CLOCK_READY_POLL_MS)) {
    const seen = await clock.api.get(`/v1/test_helpers/test_clocks/${clock.id}`, testClock);
    if (seen.status !== 'advancing') return seen;
    if (ctx.machineClock.monotonicMs() - startMs > CLOCK_READY_TIMEOUT_MS) return seen;
    await ctx.machineClock.sleep(waitMs);
  }
}

/** Null without a working connection, and where the account lives in real time. */
async function accountClock(ctx: Ctx): Promise<AccountClock | null> {
  const connection = await currentConnection(ctx);
  if (connection === null || connection.provider !== 'stripe_sandbox' || connection.status === 'revoked') return null;
  const api = await apiOf(ctx, connection);
  const seen = await api.get('/_sandbox/clock', state, { account: connection.accountId }).catch((error: unknown) => {
    // A Sandbox elsewhere may keep its control API to itself: then the environment's clock moves alone.
    if (isFailure(error, 'missing', 'invalid', 'revoked', 'forbidden')) return null;
    throw error;
  });
  if (seen === null || seen.mode === 'wall' || seen.clock === null) return null;
  return { api, connection, id: seen.clock, now: instantFromUnix(seen.now), next: seen.next === null ? null : instantFromUnix(seen.next) };
}

function later(instant: Temporal.Instant | null, than: Temporal.Instant): Temporal.Instant | null {
  return instant !== null && Temporal.Instant.compare(instant, than) > 0 ? instant : null;
}
