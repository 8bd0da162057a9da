import { type Selectable, sql } from 'kysely';
import type { App, Ctx } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import type { DB } from '../../../kit/schema.generated.ts';
import type { Connection } from '../connection/connection.ts';
import { Unreadable } from '../pull/unreadable.ts';
import { type Envelope, readEnvelope } from './envelope.ts';

export type InboxStatus = 'received' | 'processed' | 'ignored' | 'failed' | 'quarantined' | 'dead';

export type InboxRow = {
  id: string;
  connectionId: string;
  eventId: string;
  type: string;
  objectType: string | null;
  objectId: string | null;
  rootKey: string | null;
  account: string | null;
  livemode: boolean | null;
  apiVersion: string | null;
  createdRemote: Temporal.Instant | null;
  sequence: bigint;
  raw: string | null;
  via: string;
  status: InboxStatus;
  outcome: string | null;
  attempts: number;
  nextAttemptAt: Temporal.Instant | null;
  error: unknown;
  receivedAt: Temporal.Instant;
  doneAt: Temporal.Instant | null;
};

const WAITING: InboxStatus[] = ['received', 'failed'];

/** A row of simulated time that its environment has not reached yet. Never true where time is real. */
const isAhead = sql<boolean>`exists (
  select 1 from environments e where e.id = inbox.environment_id and e.clock_now < inbox.created_remote)`;
/** One that the environment is on its way to: it waits for its instant. Later ones are of another test clock of the account. */
const isOnTheWay = sql<boolean>`exists (
  select 1 from environments e where e.id = inbox.environment_id
  and e.clock_now < inbox.created_remote and inbox.created_remote <= e.clock_target)`;

/**
 * What a connection may work on now, oldest first. Rows from the future of a simulated environment wait for their instant; with `withAhead`
 * only those that the environment is on its way to.
 */
export async function waitingRows(app: App, a: { connection: Connection; limit: number; withAhead: boolean }): Promise<InboxRow[]> {
  const rows = await app.db
    .selectFrom('inbox')
    .selectAll()
    .where('environment_id', '=', a.connection.environmentId)
    .where('connection_id', '=', a.connection.id)
    .where('status', 'in', WAITING)
    .where((eb) => eb.or([eb('next_attempt_wall_at', 'is', null), eb('next_attempt_wall_at', '<=', app.machineClock.now())]))
    .where((eb) => eb.not(a.withAhead ? isOnTheWay : isAhead))
    .orderBy('sequence')
    .limit(a.limit)
    .execute();
  return rows.map(toInboxRow);
}

/** Whether rows from the future of the connection's environment have waited since before `since`: nobody seems to bring their instant. */
export async function hasForgottenAhead(app: App, connection: Connection, since: Temporal.Instant): Promise<boolean> {
  const row = await app.db
    .selectFrom('inbox')
    .select('id')
    .where('environment_id', '=', connection.environmentId)
    .where('connection_id', '=', connection.id)
    .where('status', 'in', WAITING)
    .where('received_wall_at', '<', since)
    .where(isAhead)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The first instant after the environment's present, and not after `until`, at which an event that has come is to be worked off. */
export async function firstAhead(ctx: Ctx, until: Temporal.Instant): Promise<Temporal.Instant | null> {
  const row = await ctx.db
    .selectFrom('inbox')
    .innerJoin('stripe_connections', 'stripe_connections.id', 'inbox.connection_id')
    .select((eb) => eb.fn.min('inbox.created_remote').as('first'))
    .where('inbox.environment_id', '=', ctx.environmentId)
    .where('inbox.status', 'in', WAITING)
    .where('inbox.created_remote', '<=', until)
    .where('stripe_connections.status', 'in', ['active', 'degraded'])
    .where(isAhead)
    .executeTakeFirst();
  return row?.first ?? null;
}

/** When the connection last heard from Stripe; shown on the Stripe card. */
export async function noteLastEvent(app: App, connection: Connection): Promise<void> {
  await app.db
    .updateTable('stripe_connections')
    .set({ last_event_wall_at: app.machineClock.now() })
    .where('environment_id', '=', connection.environmentId)
    .where('id', '=', connection.id)
    .execute();
}

/** Ends rows that are still waiting. Answers how many. */
export async function markDone(
  ctx: Ctx,
  a: { rows: readonly InboxRow[]; status: 'processed' | 'ignored'; outcome: string },
): Promise<number> {
  const result = await ctx.db
    .updateTable('inbox')
    .set({ status: a.status, outcome: a.outcome, error: null, next_attempt_wall_at: null, done_wall_at: ctx.machineClock.now() })
    .where('environment_id', '=', ctx.environmentId)
    .where(
      'id',
      'in',
      a.rows.map((row) => row.id),
    )
    .where('status', 'in', WAITING)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export type Postponed = { status: 'failed' | 'received'; attempts: number; nextAttemptAt: Temporal.Instant };
export type Ended = { status: 'quarantined' | 'dead'; attempts: number };

/** Puts one row off to its next try, or ends it as unreadable or dead. */
export async function markFailed(ctx: Ctx, a: { row: InboxRow; ending: Postponed | Ended; error: unknown }): Promise<void> {
  const ended = a.ending.status === 'quarantined' || a.ending.status === 'dead';
  await ctx.db
    .updateTable('inbox')
    .set({
      status: a.ending.status,
      attempts: a.ending.attempts,
      error: json(a.error),
      next_attempt_wall_at: 'nextAttemptAt' in a.ending ? a.ending.nextAttemptAt : null,
      done_wall_at: ended ? ctx.machineClock.now() : null,
    })
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', a.row.id)
    .where('status', 'in', WAITING)
    .execute();
}

/** The oldest event of an environment that is not worked off although its connection works. */
export async function firstUnfinished(
  app: App,
  environmentId: string,
): Promise<{ eventId: string; type: string; reason: string | null; nextAttemptAt: Temporal.Instant | null } | null> {
  const row = await app.db
    .selectFrom('inbox')
    .innerJoin('stripe_connections', 'stripe_connections.id', 'inbox.connection_id')
    .select(['inbox.event_id', 'inbox.type', 'inbox.error', 'inbox.next_attempt_wall_at'])
    .where('inbox.environment_id', '=', environmentId)
    .where('inbox.status', 'in', WAITING)
    .where('stripe_connections.status', 'in', ['active', 'degraded'])
    .where((eb) => eb.not(isOnTheWay))
    .orderBy('inbox.sequence')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return {
    eventId: row.event_id,
    type: row.type,
    reason: (row.error as { message?: string } | null)?.message ?? null,
    nextAttemptAt: row.next_attempt_wall_at,
  };
}

export type InboxFilter = {
  type?: string | undefined;
  status?: InboxStatus | undefined;
  objectId?: string | undefined;
  via?: string | undefined;
};

/** Up to `limit` + 1 events, newest first, before the cursor's sequence. */
export async function listInbox(ctx: Ctx, a: InboxFilter & { limit: number; before: bigint | null }): Promise<InboxRow[]> {
  let query = ctx.db
    .selectFrom('inbox')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .orderBy('sequence', 'desc')
    .limit(a.limit + 1);
  if (a.before !== null) query = query.where('sequence', '<', a.before);
  if (a.type !== undefined) query = query.where('type', '=', a.type);
  if (a.status !== undefined) query = query.where('status', '=', a.status);
  if (a.via !== undefined) query = query.where('via', '=', a.via);
  if (a.objectId !== undefined) query = query.where('object_id', '=', a.objectId);
  return (await query.execute()).map(toInboxRow);
}

/** One event by Stripe's id (or our row's); of several connections the newest. Null where there is none. */
export async function findInboxRow(ctx: Ctx, id: string): Promise<InboxRow | null> {
  const row = await ctx.db
    .selectFrom('inbox')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where((eb) => eb.or([eb('event_id', '=', id), eb('id', '=', id)]))
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? toInboxRow(row) : null;
}

/** Makes an event wait again as if it had just come. */
export async function putBack(ctx: Ctx, row: InboxRow): Promise<void> {
  await ctx.db
    .updateTable('inbox')
    .set({ status: 'received', outcome: null, attempts: 0, error: null, next_attempt_wall_at: null, done_wall_at: null, via: 'replay' })
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', row.id)
    .execute();
}

/** The event inside a stored row. Throws Unreadable where the body is no longer kept. */
export function envelopeOf(row: InboxRow): Envelope {
  const envelope = row.raw === null ? null : readEnvelope(JSON.parse(row.raw));
  if (envelope === null) throw new Unreadable(`the body of ${row.eventId} is not kept`);
  return envelope;
}

function toInboxRow(row: Selectable<DB['inbox']>): InboxRow {
  return {
    id: row.id,
    connectionId: row.connection_id,
    eventId: row.event_id,
    type: row.type,
    objectType: row.object_type,
    objectId: row.object_id,
    rootKey: row.root_key,
    account: row.account,
    livemode: row.livemode,
    apiVersion: row.api_version,
    createdRemote: row.created_remote,
    sequence: BigInt(row.sequence),
    raw: row.raw,
    via: row.via,
    status: row.status as InboxStatus,
    outcome: row.outcome,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_wall_at,
    error: row.error,
    receivedAt: row.received_wall_at,
    doneAt: row.done_wall_at,
  };
}
