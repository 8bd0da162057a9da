import { type Claim, claimWork, LostClaim, releaseClaim, renewClaim } from '../kit/claims.ts';
import { type App, type Ctx, contextFor } from '../kit/context.ts';
import { assertNoTransaction } from '../kit/database.ts';
import { messageOf, refuse } from '../kit/errors.ts';
import { earliest, isAtOrBefore, isBefore, isoSeconds, wholeSeconds } from '../kit/time.ts';
import type { ClockBlock, Environment } from './environment.ts';
import { ProviderClock } from './ports.ts';
import { readEnvironment, simulatedEnvironments } from './queries.ts';
import { ClockBlocked, nextOwnInstant, reachInstant } from './reach-instant.ts';

const CLAIM = 'clock';
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const YEARS_MAX = 10;

/**
 * Moves the environment's simulated clock to `to` (or to the next thing due) and resolves when everything on the way is done.
 * One advance at a time: 409 `clock_advancing`. 409 `clock_blocked` names the row that held it. A crash resumes it (resumeAdvances).
 */
export async function advanceClock(ctx: Ctx, a: { to: Temporal.Instant | 'next' }): Promise<Environment> {
  assertNoTransaction('advanceClock');
  const environment = await readEnvironment(ctx.app, ctx.environmentId);
  const now = simulatedNow(environment);
  const claim = await claimWork(ctx, { kind: CLAIM, subjectId: ctx.environmentId, leaseSeconds: LEASE_SECONDS });
  if (claim === null) refuseAdvancing(ctx.environmentId);
  try {
    await underClaim(ctx, claim, async () => {
      const present = await restAtPresent(ctx, a.to === 'next' ? now : checkedTarget(a.to, now));
      const target = a.to === 'next' ? await nextInstant(ctx, present) : a.to;
      await setTarget(ctx, wholeSeconds(target));
      await travel(ctx, wholeSeconds(target));
    });
    return await readEnvironment(ctx.app, ctx.environmentId);
  } finally {
    await releaseClaim(ctx, claim);
  }
}

/** Goes on with advances that a crash interrupted. Another process's running advance keeps its claim and is left alone. */
export async function resumeAdvances(app: App): Promise<void> {
  for (const environment of await simulatedEnvironments(app)) {
    if (environment.clockTarget === null) continue;
    const ctx = await contextFor(app, { environmentId: environment.id, actor: 'system' });
    const target = environment.clockTarget;
    const claim = await claimWork(ctx, { kind: CLAIM, subjectId: environment.id, leaseSeconds: LEASE_SECONDS });
    if (claim === null) continue;
    await underClaim(ctx, claim, () => resume(ctx, target))
      .catch((error: unknown) => app.log.warn('advance_not_resumed', { environment_id: environment.id, reason: messageOf(error) }))
      .finally(() => releaseClaim(ctx, claim));
  }
}

/** The crash may have left the provider's clock ahead: what lies between is lived first. */
async function resume(ctx: Ctx, target: Temporal.Instant): Promise<void> {
  const provider = ctx.app.ports.find(ProviderClock);
  if (provider !== null) await align(ctx, provider);
  await travel(ctx, target);
}

/** On connect and at start the clock that is behind follows the other, through its own timers in order. An advance under way does so anyway. */
export async function alignClocks(ctx: Ctx): Promise<void> {
  const provider = ctx.app.ports.find(ProviderClock);
  if (provider === null) return;
  const claim = await claimWork(ctx, { kind: CLAIM, subjectId: ctx.environmentId, leaseSeconds: LEASE_SECONDS });
  if (claim === null) return;
  try {
    await underClaim(ctx, claim, () => align(ctx, provider));
  } finally {
    await releaseClaim(ctx, claim);
  }
}

/**
 * Everything of the present instant is done before time moves: events on their way are fetched, queues come to rest. Otherwise what was
 * still in flight would be judged at a later instant. Answers the present, which a provider that was ahead may have moved (never past `limit`).
 */
async function restAtPresent(ctx: Ctx, limit: Temporal.Instant): Promise<Temporal.Instant> {
  const provider = ctx.app.ports.find(ProviderClock);
  await ctx.db.updateTable('environments').set({ clock_blocked: null }).where('id', '=', ctx.environmentId).execute();
  if (provider !== null) await orBlocked(ctx, () => align(ctx, provider));
  const present = (await readEnvironment(ctx.app, ctx.environmentId)).clockNow ?? limit;
  await orBlocked(ctx, async () => {
    if (provider !== null && (await provider.now(ctx)) !== null) await provider.advance(ctx, { to: present });
    await reachInstant(ctx.app, ctx.environmentId, present);
  });
  return present;
}

async function align(ctx: Ctx, provider: ProviderClock): Promise<void> {
  const ours = (await readEnvironment(ctx.app, ctx.environmentId)).clockNow;
  const theirs = ours === null ? null : await provider.now(ctx);
  if (ours === null || theirs === null) return;
  if (isBefore(ours, theirs)) await follow(ctx, provider, { ours, theirs: wholeSeconds(theirs) });
  else if (isBefore(theirs, ours)) await provider.advance(ctx, { to: ours });
}

/**
 * Lives what has happened at the provider meanwhile, in its order: everything is fetched first, then the clock goes from instant to instant of
 * what came and of our own timers. The target is stored, so that nothing of that future is worked off before its instant (inbox/queries.ts).
 */
async function follow(ctx: Ctx, provider: ProviderClock, a: { ours: Temporal.Instant; theirs: Temporal.Instant }): Promise<void> {
  const { ours, theirs } = a;
  const { clockTarget } = await readEnvironment(ctx.app, ctx.environmentId);
  const target = clockTarget !== null && isBefore(theirs, clockTarget) ? clockTarget : theirs;
  await setTarget(ctx, target);
  try {
    await provider.fetch(ctx);
    await reachInstant(ctx.app, ctx.environmentId, ours);
    await travelAlone(ctx, theirs);
  } finally {
    if (!ctx.app.lifetime.signal.aborted) await setTarget(ctx, clockTarget);
  }
}

async function travel(ctx: Ctx, target: Temporal.Instant): Promise<void> {
  try {
    await orBlocked(ctx, async () => {
      const provider = ctx.app.ports.find(ProviderClock);
      if (provider !== null && (await provider.now(ctx)) !== null) await provider.advance(ctx, { to: target });
      // Without a connection this is the whole way; with one it is what the provider left, usually nothing.
      await travelAlone(ctx, target);
    });
  } finally {
    // An advance cut short by the end of the process goes on with the next one.
    if (!ctx.app.lifetime.signal.aborted) await setTarget(ctx, null);
  }
}

/** Turns a held instant into the refusal 409 `clock_blocked`, also where the provider only passed it on. */
async function orBlocked(ctx: Ctx, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const block = error instanceof ClockBlocked ? error.block : (await readEnvironment(ctx.app, ctx.environmentId)).clockBlocked;
    if (block === null) throw error;
    refuseBlocked(block);
  }
}

/** Through the environment's own timers and what has arrived from the provider's present, one instant after the other, and to the target. */
async function travelAlone(ctx: Ctx, target: Temporal.Instant): Promise<void> {
  const provider = ctx.app.ports.find(ProviderClock);
  for (;;) {
    const arrived = provider === null ? null : await provider.arrived(ctx, target);
    const due = earliest(await nextOwnInstant(ctx.app, ctx.environmentId), arrived);
    const isLast = due === null || !isAtOrBefore(due, target);
    await reachInstant(ctx.app, ctx.environmentId, isLast ? target : due);
    if (isLast) return;
  }
}

async function nextInstant(ctx: Ctx, now: Temporal.Instant): Promise<Temporal.Instant> {
  const limit = farthest(now);
  const own = await nextOwnInstant(ctx.app, ctx.environmentId);
  const theirs = (await ctx.app.ports.find(ProviderClock)?.next(ctx, own !== null && isBefore(own, limit) ? own : limit)) ?? null;
  const next = earliest(own, theirs);
  if (next === null)
    refuse({ status: 409, code: 'nothing_due', message: 'Nothing is due in this environment.', fix: 'Advance to a date instead.' });
  return next;
}

function checkedTarget(to: Temporal.Instant, now: Temporal.Instant): Temporal.Instant {
  const target = wholeSeconds(to);
  if (isBefore(target, now)) {
    refuse({ code: 'clock_in_the_past', message: `The clock stands at ${isoSeconds(now)}; it never goes back.`, param: 'to' });
  }
  if (isBefore(farthest(now), target))
    refuse({ code: 'clock_too_far', message: `The clock moves at most ${YEARS_MAX} years at once.`, param: 'to' });
  return target;
}

function farthest(now: Temporal.Instant): Temporal.Instant {
  return now.toZonedDateTimeISO('UTC').add({ years: YEARS_MAX }).toInstant();
}

function simulatedNow(environment: Environment): Temporal.Instant {
  if (environment.clockNow !== null) return environment.clockNow;
  refuse({
    status: 409,
    code: 'clock_not_simulated',
    message: 'This environment follows the real time; only a simulated clock can be moved.',
  });
}

async function setTarget(ctx: Ctx, target: Temporal.Instant | null): Promise<void> {
  await ctx.db.updateTable('environments').set({ clock_target: target }).where('id', '=', ctx.environmentId).execute();
}

/** Keeps the claim alive while the work runs; a lost one ends it with 409. */
async function underClaim(ctx: Ctx, claim: Claim, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const beat = heartbeat(ctx, claim, over.signal);
  try {
    await work();
  } finally {
    over.abort();
    await beat;
  }
}

async function heartbeat(ctx: Ctx, claim: Claim, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await ctx.machineClock.sleep(RENEW_MS, over);
    if (over.aborted) return;
    await renewClaim(ctx, claim, LEASE_SECONDS).catch((error: unknown) => {
      if (!(error instanceof LostClaim)) ctx.log.warn('claim_not_renewed', { reason: messageOf(error) });
    });
  }
}

function refuseAdvancing(environmentId: string): never {
  refuse({
    status: 409,
    code: 'clock_advancing',
    message: `The clock of ${environmentId} is already being advanced.`,
    fix: 'Wait until it has arrived.',
  });
}

function refuseBlocked(block: ClockBlock): never {
  refuse({
    status: 409,
    code: 'clock_blocked',
    message: `The clock stopped: ${block.queue} ${block.id} is not finished (${block.reason}).`,
    param: block.id,
    fix: 'Advance again to go on once it is.',
  });
}
