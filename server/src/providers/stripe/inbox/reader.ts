import { type Claim, claimWork, fence, LostClaim, releaseClaim } from '../../../kit/claims.ts';
import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { transaction } from '../../../kit/database.ts';
import type { WorkQueue } from '../../../kit/queues.ts';
import { standingClock } from '../../../kit/time.ts';
import type { Connection } from '../connection/connection.ts';
import { workingConnections } from '../connection/queries.ts';
import { READER_BATCH_ROWS, READER_CONCURRENCY } from '../limits.ts';
import { record } from '../pull/record.ts';
import type { Fetched } from '../pull/source.ts';
import { apiOf } from '../runtime.ts';
import { listenedTo, targetOf } from './events.ts';
import { recordFailure } from './failure.ts';
import { followWhereForgotten } from './follow.ts';
import type { Outcome } from './handler.ts';
import { INBOX_QUEUE } from './inbox-writer.ts';
import { firstUnfinished, type InboxRow, markDone, noteLastEvent, waitingRows } from './queries.ts';
import { chooseWitness, type Witnessed } from './witness.ts';

/** Turns stored events into state: one read of Stripe per object, one transaction per object. */
export const inboxQueue: WorkQueue = {
  name: INBOX_QUEUE,
  order: 10,
  room: 'stripe',
  drain: async (app, { environmentId }) => {
    let done = 0;
    for (const connection of await workingConnections(app, environmentId)) {
      if (connection.settledAt === null) continue;
      done += await drainConnection(app, connection, environmentId !== null);
      if (environmentId === null) await followWhereForgotten(app, connection);
    }
    return done;
  },
  blocked: async (app, { environmentId }) => {
    const row = await firstUnfinished(app, environmentId);
    if (row === null) return null;
    return { queue: INBOX_QUEUE, id: row.eventId, reason: row.reason ?? `${row.type} waits to be read`, nextAttemptAt: row.nextAttemptAt };
  },
};

async function drainConnection(app: App, connection: Connection, withAhead: boolean): Promise<number> {
  let done = 0;
  for (;;) {
    const rows = await waitingRows(app, { connection, limit: READER_BATCH_ROWS, withAhead });
    const finished = await workOff(app, { connection, groups: grouped(rows) });
    done += finished;
    if (rows.length > 0) await noteLastEvent(app, connection);
    // What is left belongs to somebody else, or waits for its next try.
    if (finished === 0 || rows.length < READER_BATCH_ROWS) return done;
  }
}

/** Events about one object, in the order they came. */
function grouped(rows: readonly InboxRow[]): InboxRow[][] {
  const groups = new Map<string, InboxRow[]>();
  for (const row of rows) {
    const key = row.rootKey ?? row.eventId;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

async function workOff(app: App, a: { connection: Connection; groups: InboxRow[][] }): Promise<number> {
  let done = 0;
  const worker = async () => {
    for (let group = a.groups.shift(); group; group = a.groups.shift()) done += await workOffOne(app, { connection: a.connection, group });
  };
  await Promise.all(Array.from({ length: READER_CONCURRENCY }, worker));
  return done;
}

async function workOffOne(app: App, a: { connection: Connection; group: InboxRow[] }): Promise<number> {
  const ctx = await contextFor(app, { environmentId: a.connection.environmentId, actor: 'stripe' });
  const subjectId = `${a.connection.id}:${a.group[0]!.rootKey ?? a.group[0]!.eventId}`;
  const claim = await claimWork(ctx, { kind: 'stripe_object', subjectId });
  if (claim === null) return 0;
  try {
    return await settleGroup(ctx, { ...a, claim });
  } catch (error) {
    if (error instanceof LostClaim) return 0;
    return await recordFailure(ctx, { connection: a.connection, rows: a.group, error });
  } finally {
    await releaseClaim(ctx, claim);
  }
}

type Held = { connection: Connection; group: InboxRow[]; claim: Claim };

async function settleGroup(ctx: Ctx, a: Held): Promise<number> {
  const chosen = chooseWitness(a.connection, a.group);
  const handler = listenedTo(chosen.event.type)?.handler;
  if (!handler) return markDone(ctx, { rows: a.group, status: 'ignored', outcome: 'unknown_type' });
  const source = { ctx, api: await apiOf(ctx, a.connection, 'refetch'), connection: a.connection };
  const loaded = await handler.load({ source, event: chosen.event, target: targetOf(chosen.event) });
  return transaction(clockFor(ctx, chosen, loaded), async (tx) => {
    await fence(tx, a.claim);
    const recorded = loaded.length > 0 ? await record(tx, { connection: a.connection, loaded, witness: chosen.witness }) : 'no_change';
    const outcome: Outcome = handler.record ? await handler.record(tx, { source, event: chosen.event }) : recorded;
    return markDone(tx, { rows: a.group, status: outcome === 'foreign' ? 'ignored' : 'processed', outcome });
  });
}

/** An object on a test clock of its own is judged at its event's instant; the environment's clock does not move (architecture.md). */
function clockFor(ctx: Ctx, chosen: Witnessed, loaded: readonly Fetched[]): Ctx {
  const onOwnClock = typeof loaded.at(-1)?.body?.test_clock === 'string';
  return onOwnClock && chosen.event.createdRemote ? { ...ctx, clock: standingClock(chosen.event.createdRemote) } : ctx;
}
