/**
 * The loop that moves simulated time, one for every clock (architecture.md, Advancing simulated time): next instant = the soonest of own timers,
 * the follower's and the target; set the clock; run what is due; wait for the first deliveries; let the follower catch up; repeat until quiet.
 */

import { pageTransaction } from '../http/pages.ts';
import type { Services } from '../kernel/services.ts';
import type { Account, Doc } from '../kernel/types.ts';
import type { Follower } from '../ports.ts';
import { createMutexes } from '../store/mutex.ts';
import type { Sender } from '../webhooks/sender.ts';
import { postponeNextTimer, runNextTimer } from './run-timer.ts';

const CLOCK = 'test_helpers.test_clock';
const POLL_MS = 1000;
/** Rounds at one instant before the loop takes it for a fault: each round must come from something new happening. */
const MAX_ROUNDS = 1000;
const ADVANCE_ATTEMPTS = 5;
const ADVANCE_PAUSE_MS = 250;

export type Clocks = {
  /** Goes on with every advance that is under way in the store. */
  resume(): Promise<void>;
  /** Runs an advance that the API has just stored; resolves when the clock is ready (or has failed). */
  advance(account: string, clockId: string): Promise<void>;
  /** New timers were stored: whatever is due already runs now. */
  wake(account: string): void;
  start(): void;
  stop(): Promise<void>;
  /** Resolves when no advance and no due timer is being worked on. */
  idle(): Promise<void>;
  setFollower(follower: Follower | null): void;
  /** The account clock's time and its next due instant. */
  state(account: string): Promise<{ mode: 'wall' | 'virtual'; now: number; clock: string | null; status: string; next: number | null }>;
};

export function createClocks(services: Services, sender: Sender, options: { follower: Follower | null; settleMs: number }): Clocks {
  const mutexes = createMutexes();
  const working = new Set<Promise<unknown>>();
  let follower = options.follower;
  let stopped = false;
  let cancelPoll: (() => void) | null = null;

  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.catch(() => undefined);
    working.add(settled);
    void settled.then(() => working.delete(settled));
    return work;
  };
  const context: LoopContext = { services, sender, settleMs: options.settleMs, follower: () => follower, stopped: () => stopped };
  const advance = (account: string, clockId: string): Promise<void> =>
    track(mutexes.run(`${account} ${clockId}`, () => advanceStubbornly(context, { account, clockId })));
  const runDue = (account: string): Promise<void> =>
    track(
      (async () => {
        for (const clock of await clocksOf(services, account)) {
          await mutexes.run(`${account} ${clock.key}`, () => runDueTimers(context, { account, ...clock }));
        }
      })(),
    );
  const report = (error: unknown): void => {
    if (!stopped)
      process.stderr.write(`Stripe Sandbox: clock: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  const runWall = async (): Promise<void> => {
    for (const account of await wallAccounts(services)) await runDue(account);
  };
  const poll = (): void => {
    cancelPoll = services.clock.after(POLL_MS, () => {
      track(runWall())
        .catch(report)
        .finally(() => {
          if (!stopped) poll();
        });
    });
  };
  return {
    advance,
    wake: (account) => void (stopped || runDue(account).catch(report)),
    async resume() {
      for (const { account, clockId } of await advancing(services)) void advance(account, clockId).catch(report);
    },
    start: poll,
    async stop() {
      stopped = true;
      cancelPoll?.();
      while (working.size > 0) await Promise.all(working);
    },
    async idle() {
      while (working.size > 0) await Promise.all(working);
    },
    setFollower(next) {
      follower = next;
    },
    state: (account) => clockState(services, account),
  };
}

type LoopContext = { services: Services; sender: Sender; settleMs: number; follower: () => Follower | null; stopped: () => boolean };
type Which = { account: string; clockId: string };

/** Trouble of the store (a lock, a lost connection) must not leave a clock advancing for ever: the loop begins again where the store stands. */
async function advanceStubbornly(context: LoopContext, which: Which): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await advanceLoop(context, which);
    } catch (error) {
      if (context.stopped() || attempt >= ADVANCE_ATTEMPTS) throw error;
      process.stderr.write(`Stripe Sandbox: advancing ${which.clockId} again after: ${String(error)}\n`);
      await new Promise<void>((resolve) => context.services.clock.after(ADVANCE_PAUSE_MS * attempt, resolve));
    }
  }
}

/** Moves one clock to its target, instant by instant. Stops silently when the Sandbox closes: the stored target resumes it. */
async function advanceLoop(context: LoopContext, which: Which): Promise<void> {
  let rounds = 0;
  let instant = Number.NaN;
  while (!context.stopped()) {
    const view = await readClock(context.services, which);
    if (view === null || view.doc.status !== 'advancing') return;
    const { account, column, target } = view;
    const now: number = view.doc.frozen_time;
    // Nothing of the present may be judged at a later instant: it comes to rest before time moves.
    if (Number.isNaN(instant)) {
      await context.sender.settled(account.id, context.settleMs);
      if (!(await followerReached(context, which, now))) return;
    }
    const own = await nextTimer(context.services, { account: account.id, clock: column });
    const theirs = await followerNext(context, { account, which, target });
    if (theirs === BLOCKED) return;
    // What the follower still has due at an instant it has reached is its own affair; asking again would not end.
    const wanted = theirs !== null && theirs <= instant ? null : theirs;
    const next = Math.max(now, Math.min(target, own ?? target, wanted ?? target));
    if (next !== instant) [instant, rounds] = [next, 0];
    rounds += 1;
    if (rounds > MAX_ROUNDS) return fail(context, which, new Error(`Time stands still at ${instant}: timers keep coming.`));
    if (next > now) await setClock(context.services, which, next);
    try {
      while (await runNextTimer(context.services, { account: account.id, clock: column, now: next })) if (context.stopped()) return;
    } catch (error) {
      return fail(context, which, error);
    }
    await context.sender.settled(account.id, context.settleMs);
    if (!(await followerReached(context, which, next))) return;
    if (await quiet(context, { account: account.id, clock: column, now: next })) {
      if (next >= target) return finish(context.services, which);
    }
  }
}

/** Nothing due and nothing undelivered: the instant is over. */
async function quiet(context: LoopContext, at: { account: string; clock: string | null; now: number }): Promise<boolean> {
  const due = await nextTimer(context.services, at);
  if (due !== null && due <= at.now) return false;
  await context.sender.settled(at.account, context.settleMs);
  return true;
}

const BLOCKED = Symbol('blocked');

/** The follower's next instant; when it cannot even say, the advance ends where it stands. */
async function followerNext(
  context: LoopContext,
  at: { account: Account; which: Which; target: number },
): Promise<number | null | typeof BLOCKED> {
  try {
    return (await context.follower()?.next(at.account, at.which.clockId, at.target)) ?? null;
  } catch (error) {
    await finish(context.services, at.which, error instanceof Error ? error.message : String(error));
    return BLOCKED;
  }
}

/** A follower that cannot get on ends the advance where it stands; the next call goes on from there. */
async function followerReached(context: LoopContext, which: Which, instant: number): Promise<boolean> {
  const follower = context.follower();
  const view = await readClock(context.services, which);
  if (follower === null || view === null) return true;
  try {
    await follower.reached(view.account, which.clockId, instant);
    return true;
  } catch (error) {
    await finish(context.services, which, error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function runDueTimers(context: LoopContext, which: { account: string; key: string; column: string | null }): Promise<void> {
  for (;;) {
    if (context.stopped()) return;
    const view = await readDue(context.services, which);
    if (view === null) return;
    const at = { account: which.account, clock: which.column, now: view };
    try {
      if (!(await runNextTimer(context.services, at))) return;
    } catch (error) {
      process.stderr.write(`Stripe Sandbox: timer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      await postponeNextTimer(context.services, at);
    }
  }
}

/** The clock's present, or null while an advance has it. */
async function readDue(services: Services, which: { account: string; key: string; column: string | null }): Promise<number | null> {
  return services.store.read(async (reads) => {
    const account = await reads.account(which.account);
    const clockId = which.column ?? account?.clockId ?? null;
    if (account === undefined) return null;
    if (clockId === null) return Math.floor(services.clock.now() / 1000);
    const row = await reads.object(which.account, clockId);
    return row === undefined || row.deleted || row.doc.status !== 'ready' ? null : (row.doc.frozen_time as number);
  });
}

async function readClock(services: Services, which: Which) {
  return services.store.read(async (reads) => {
    const [account, row] = [await reads.account(which.account), await reads.object(which.account, which.clockId)];
    if (account === undefined || row === undefined || row.deleted) return null;
    const target: number = row.doc.status_details.advancing?.target_frozen_time ?? row.doc.frozen_time;
    return { account, doc: row.doc, target, column: account.clockId === which.clockId ? null : which.clockId };
  });
}

async function nextTimer(services: Services, of: { account: string; clock: string | null }): Promise<number | null> {
  const [timer] = await services.store.read((reads) => reads.timers({ account: of.account, clock: of.clock, limit: 1 }));
  return timer?.dueAt ?? null;
}

async function setClock(services: Services, which: Which, now: number): Promise<void> {
  await pageTransaction(services, which.account, async (tx) => {
    const clock = await tx.require(CLOCK, which.clockId);
    clock.frozen_time = now;
    tx.put(clock);
  });
}

/** `ready`, at the target or, with a reason, where the follower held it. */
async function finish(services: Services, which: Which, stoppedBecause: string | null = null): Promise<void> {
  await pageTransaction(services, which.account, async (tx) => {
    const clock = await tx.require(CLOCK, which.clockId);
    Object.assign(clock, { status: 'ready', status_details: {}, _stopped: stoppedBecause });
    tx.put(clock);
    tx.emit('test_helpers.test_clock.ready', clock);
  });
}

async function fail(context: LoopContext, which: Which, error: unknown): Promise<void> {
  process.stderr.write(
    `Stripe Sandbox: advancing ${which.clockId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  await pageTransaction(context.services, which.account, async (tx) => {
    const clock = await tx.require(CLOCK, which.clockId);
    Object.assign(clock, { status: 'internal_failure', _stopped: String(error) });
    tx.put(clock);
    tx.emit('test_helpers.test_clock.internal_failure', clock);
  });
}

async function clocksOf(services: Services, account: string): Promise<{ key: string; column: string | null }[]> {
  return services.store.read(async (reads) => {
    const row = await reads.account(account);
    if (row === undefined) return [];
    const rows = await reads.objects({ account, object: CLOCK, where: {}, order: 'oldest', limit: 1000 });
    const others = rows.filter((clock) => clock.id !== row.clockId).map((clock) => ({ key: clock.id, column: clock.id }));
    return [{ key: row.clockId ?? 'wall', column: null }, ...others];
  });
}

async function wallAccounts(services: Services): Promise<string[]> {
  const accounts = await services.store.read((reads) => reads.accounts());
  return accounts.filter((account) => account.clockMode === 'wall').map((account) => account.id);
}

async function advancing(services: Services): Promise<Which[]> {
  return services.store.read(async (reads) => {
    const found: Which[] = [];
    for (const account of await reads.accounts()) {
      const rows = await reads.objects({
        account: account.id,
        object: CLOCK,
        where: { status: 'advancing' },
        order: 'oldest',
        limit: 1000,
      });
      found.push(...rows.map((row) => ({ account: account.id, clockId: row.id })));
    }
    return found;
  });
}

async function clockState(services: Services, accountId: string) {
  return services.store.read(async (reads) => {
    const account = await reads.account(accountId);
    if (account === undefined) throw new Error(`No such account: ${accountId}`);
    const clock: Doc | undefined = account.clockId === null ? undefined : (await reads.object(accountId, account.clockId))?.doc;
    const [timer] = await reads.timers({ account: accountId, clock: null, limit: 1 });
    const now: number = clock?.frozen_time ?? Math.floor(services.clock.now() / 1000);
    return {
      mode: account.clockMode,
      now,
      clock: account.clockId,
      status: (clock?.status ?? 'ready') as string,
      next: timer?.dueAt ?? null,
    };
  });
}
