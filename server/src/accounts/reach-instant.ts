import { sql } from 'kysely';
import type { App } from '../kit/context.ts';
import { json } from '../kit/database.ts';
import { INSTANT_HOLD_MS } from '../kit/limits.ts';
import type { Blocked } from '../kit/queues.ts';
import { isoSeconds, wholeSeconds } from '../kit/time.ts';
import type { ClockBlock } from './environment.ts';
import { InstantEnd } from './ports.ts';

/** An instant did not come to rest in 60 s of machine time. The advance stops there; the next one goes on. */
export class ClockBlocked extends Error {
  override name = 'ClockBlocked';
  readonly block: ClockBlock;
  constructor(block: ClockBlock) {
    super(`The clock is held by ${block.queue} ${block.id}: ${block.reason}`);
    this.block = block;
  }
}

const LOOK_AGAIN_MS = 25;
const LOOK_AGAIN_MAX_MS = 500;

/**
 * Step 3 of "Advancing simulated time": sets the environment's clock to the instant (never back) and works until nothing is left to do
 * at it. Throws ClockBlocked, and notes the row, where something still waits for machine time after 60 s.
 */
export async function reachInstant(app: App, environmentId: string, instant: Temporal.Instant): Promise<void> {
  const at = wholeSeconds(instant);
  await app.db
    .updateTable('environments')
    .set((eb) => ({ clock_now: sql<Temporal.Instant>`greatest(clock_now, ${at}::timestamptz)`, clock_seq: eb('clock_seq', '+', 1n) }))
    .where('id', '=', environmentId)
    .where('clock_kind', '=', 'simulated')
    .execute();
  do await settle(app, environmentId);
  while (await endOfInstant(app, environmentId, at));
}

/** The environment's next own timer after its present, or null. */
export async function nextOwnInstant(app: App, environmentId: string): Promise<Temporal.Instant | null> {
  const row = await app.db
    .selectFrom('timers as t')
    .innerJoin('environments as e', 'e.id', 't.environment_id')
    .select((eb) => eb.fn.min('t.due_at').as('due_at'))
    .where('t.environment_id', '=', environmentId)
    .where('t.status', 'in', ['armed', 'firing'])
    .where(sql<boolean>`t.due_at > e.clock_now`)
    .executeTakeFirst();
  return row?.due_at ?? null;
}

/** Works until nothing is left to do at the present of the environment; the clock does not move. Throws ClockBlocked after 60 s. */
export async function settle(app: App, environmentId: string): Promise<void> {
  const start = app.machineClock.monotonicMs();
  for (let wait = LOOK_AGAIN_MS; ; wait = Math.min(wait * 2, LOOK_AGAIN_MAX_MS)) {
    if (app.lifetime.signal.aborted) throw new Error('The server is ending');
    await app.queues.drainAll(environmentId);
    const blocked = await app.queues.blocked(environmentId);
    if (blocked === null) return;
    app.log.debug('instant_waits', { environment_id: environmentId, queue: blocked.queue, object_id: blocked.id, reason: blocked.reason });
    if (app.machineClock.monotonicMs() - start > INSTANT_HOLD_MS) throw await noteBlock(app, environmentId, blocked);
    await app.machineClock.sleep(wait);
  }
}

async function endOfInstant(app: App, environmentId: string, instant: Temporal.Instant): Promise<boolean> {
  const end = app.ports.find(InstantEnd);
  return end !== null && (await end(app, { environmentId, instant })) > 0;
}

async function noteBlock(app: App, environmentId: string, blocked: Blocked): Promise<ClockBlocked> {
  const { queue, id, reason, nextAttemptAt } = blocked;
  const block: ClockBlock = { queue, id, reason, next_attempt_at: nextAttemptAt === null ? null : isoSeconds(nextAttemptAt) };
  await app.db
    .updateTable('environments')
    .set({ clock_blocked: json(block) })
    .where('id', '=', environmentId)
    .execute();
  return new ClockBlocked(block);
}
