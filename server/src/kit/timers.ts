import type { App, Ctx } from './context.ts';
import { afterCommit, json } from './database.ts';
import { newId } from './ids.ts';
import { wholeSeconds } from './time.ts';

/** A row of the environment's agenda: what is due when on its own clock. */
export type Timer = {
  id: string;
  kind: string;
  objectType: string;
  objectId: string;
  dueAt: Temporal.Instant;
  payload: Record<string, unknown>;
  attempts: number;
};

/** One kind of timer. With `transactional` (the default) `run` shares its transaction with the mark that the timer is done. */
export type TimerKind = { kind: string; room: string; transactional?: boolean; run(ctx: Ctx, timer: Timer): Promise<void> };

export type TimerKinds = { add(kinds: readonly TimerKind[]): void; of(kind: string): TimerKind; all(): readonly TimerKind[] };

/** The queue name under which timers are drained and woken. */
export const TIMERS_QUEUE = 'timers';

/** Declares a kind of timer; the room lists it under `timers`. */
export function defineTimer(kind: TimerKind): TimerKind {
  return kind;
}

/** An empty table of kinds; a kind has one owner. */
export function createTimerKinds(): TimerKinds {
  const kinds = new Map<string, TimerKind>();
  return {
    add: (added) => {
      for (const kind of added) {
        if (kinds.has(kind.kind)) throw new Error(`Two rooms define the timer ${kind.kind}`);
        kinds.set(kind.kind, kind);
      }
    },
    of: (kind) => {
      const found = kinds.get(kind);
      if (!found) throw new Error(`No room defines the timer ${kind}`);
      return found;
    },
    all: () => [...kinds.values()],
  };
}

export type TimerInput = { kind: string; objectType: string; objectId: string; dueAt: Temporal.Instant; payload?: Record<string, unknown> };

/** Arms a timer on the environment's clock (whole seconds). Nothing changes where the same one is armed already. */
export async function armTimer(tx: Ctx, a: TimerInput): Promise<void> {
  await tx.db
    .insertInto('timers')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'timer'),
      kind: a.kind,
      object_type: a.objectType,
      object_id: a.objectId,
      due_at: wholeSeconds(a.dueAt),
      payload: json(a.payload ?? {}),
      created_at: tx.machineClock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  afterCommit(tx, () => tx.app.wake(TIMERS_QUEUE, tx.environmentId));
}

/** Cancels the armed timers of an object, of one kind or of all. Answers how many. */
export async function cancelTimers(tx: Ctx, a: { kind?: string; objectType: string; objectId: string }): Promise<number> {
  let query = tx.db
    .updateTable('timers')
    .set({ status: 'canceled' })
    .where('environment_id', '=', tx.environmentId)
    .where('status', '=', 'armed')
    .where('object_type', '=', a.objectType)
    .where('object_id', '=', a.objectId);
  if (a.kind !== undefined) query = query.where('kind', '=', a.kind);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** When the environment's next timer is due, or null. May lie in the past where it waits for another try. */
export async function nextTimer(app: App, environmentId: string): Promise<Temporal.Instant | null> {
  const row = await app.db
    .selectFrom('timers')
    .select((eb) => eb.fn.min('due_at').as('due_at'))
    .where('environment_id', '=', environmentId)
    .where('status', 'in', ['armed', 'firing'])
    .executeTakeFirst();
  return row?.due_at ?? null;
}
