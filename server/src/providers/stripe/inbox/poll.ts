import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { messageOf } from '../../../kit/errors.ts';
import type { WorkQueue } from '../../../kit/queues.ts';
import { toUnix } from '../../../kit/time.ts';
import type { StripeApi } from '../client.ts';
import type { Connection } from '../connection/connection.ts';
import { updateConnection, workingConnections } from '../connection/queries.ts';
import { startOver } from '../connection/reconcile.ts';
import { markDegraded, markRevoked } from '../connection/revoke.ts';
import { ensureWebhookEndpoint } from '../connection/webhook-endpoint.ts';
import { isFailure } from '../failure.ts';
import {
  POLL_EVERY_MS,
  POLL_FAILURES_BEFORE_DEGRADED,
  POLL_HORIZON_DAYS,
  POLL_OVERLAP_SECONDS,
  POLL_PAGE,
  POLL_PAGES_MAX,
} from '../limits.ts';
import { anyList } from '../pull/fetch.ts';
import type { RemoteBody } from '../pull/source.ts';
import { apiOf } from '../runtime.ts';
import { readEnvelope } from './envelope.ts';
import { insertRows } from './inbox-writer.ts';
import { inboxRow } from './receive.ts';
import type { Receiver } from './receiver.ts';

/**
 * The second transport and the safety net: `GET /v1/events` from the last event seen. Every ten seconds where no webhook reaches us, every
 * five minutes otherwise; in an advance of simulated time once a round where nothing else brings events.
 */
export const pollQueue: WorkQueue = {
  name: 'stripe_poll',
  order: 5,
  room: 'stripe',
  drain: async (app, { environmentId }) => {
    let found = 0;
    for (const connection of await workingConnections(app, environmentId)) {
      if (connection.settledAt === null) continue;
      // Asked for one environment means: within an advance of its time, where no sleep may lie on the path.
      const isDue = environmentId === null ? dueByTime(app, connection) : connection.transport === 'poll';
      if (isDue) found += await pollConnection(app, { connection, overlap: environmentId === null });
    }
    return found;
  },
  blocked: () => Promise.resolve(null),
};

/** Reads what is new at Stripe into the inbox; answers how many events were. Failures are counted on the connection, never thrown. */
export async function pollConnection(app: App, a: { connection: Connection; overlap: boolean }): Promise<number> {
  const { connection } = a;
  const ctx = await contextFor(app, { environmentId: connection.environmentId, actor: 'scheduler' });
  try {
    if (isTooOld(app, connection)) return await startOver(ctx, connection);
    const found = await readNew(ctx, a);
    await updateConnection(ctx, connection.id, {
      last_poll_wall_at: app.machineClock.now(),
      poll_failures: 0,
      ...(found > 0 ? { last_event_wall_at: app.machineClock.now() } : {}),
    });
    if (connection.statusReason === POLLING_FAILS) await markDegraded(ctx, { connectionId: connection.id, reason: null });
    if (a.overlap && connection.transport !== 'poll') await ensureWebhookEndpoint(ctx, connection);
    return found;
  } catch (error) {
    await noteFailure(ctx, connection, error);
    return 0;
  }
}

/** Where a connection stands in Stripe's list of events: the newest one there is. */
export async function newestCursor(api: StripeApi): Promise<string | null> {
  const [newest] = (await api.get('/v1/events', anyList, { limit: 1 })).data;
  return newest ? cursorOf(newest) : null;
}

const POLLING_FAILS = 'polling fails';
const DAY_MS = 86_400_000;

function dueByTime(app: App, connection: Connection): boolean {
  if (connection.lastPollAt === null) return true;
  const sinceMs = app.machineClock.now().epochMilliseconds - connection.lastPollAt.epochMilliseconds;
  return sinceMs >= (connection.transport === 'poll' ? POLL_EVERY_MS.alone : POLL_EVERY_MS.safetyNet);
}

function isTooOld(app: App, connection: Connection): boolean {
  if (connection.lastPollAt === null) return false;
  return app.machineClock.now().epochMilliseconds - connection.lastPollAt.epochMilliseconds > POLL_HORIZON_DAYS * DAY_MS;
}

async function readNew(ctx: Ctx, a: { connection: Connection; overlap: boolean }): Promise<number> {
  const { connection } = a;
  const api = await apiOf(ctx, connection, 'refetch');
  const cursor = parseCursor(connection.pollCursor);
  let found = 0;
  if (cursor === null) return storeAll(ctx, { connection, api });
  try {
    found += await readForward(ctx, { connection, api, after: cursor.id });
  } catch (error) {
    // Stripe has forgotten the event we stood at: read the objects instead.
    if (isFailure(error, 'missing')) return startOver(ctx, connection);
    throw error;
  }
  if (a.overlap) found += await readOverlap(ctx, { connection, api, created: cursor.created });
  return found;
}

/** Page by page towards the present; the cursor moves only after a page is committed. */
async function readForward(ctx: Ctx, a: { connection: Connection; api: StripeApi; after: string }): Promise<number> {
  let found = 0;
  let after = a.after;
  for (let page = 0; page < POLL_PAGES_MAX; page++) {
    const list = await a.api.get('/v1/events', anyList, { limit: POLL_PAGE, ending_before: after });
    const [newest] = list.data;
    if (!newest) return found;
    found += await store(ctx, a.connection, list.data);
    await updateConnection(ctx, a.connection.id, { poll_cursor: cursorOf(newest) });
    after = newest.id;
    if (!list.has_more) return found;
  }
  return found;
}

/** Events that appeared late, behind the one we stood at (recorded: `invoice_payment.paid` comes seconds after the rest). */
async function readOverlap(ctx: Ctx, a: { connection: Connection; api: StripeApi; created: number }): Promise<number> {
  // Never back beyond the connection itself: what was before it has been scanned.
  const created = { gte: Math.max(a.created - POLL_OVERLAP_SECONDS, toUnix(a.connection.activatedAt)), lte: a.created };
  let found = 0;
  let after: string | undefined;
  for (let page = 0; page < POLL_PAGES_MAX; page++) {
    const list = await a.api.get('/v1/events', anyList, { limit: POLL_PAGE, created, ...(after ? { starting_after: after } : {}) });
    found += await store(ctx, a.connection, list.data);
    after = list.data.at(-1)?.id;
    if (!list.has_more || after === undefined) return found;
  }
  return found;
}

/** An account that had no event when it was connected: everything it has is new. */
async function storeAll(ctx: Ctx, a: { connection: Connection; api: StripeApi }): Promise<number> {
  const newestFirst: RemoteBody[] = [];
  let after: string | undefined;
  for (let page = 0; page < POLL_PAGES_MAX; page++) {
    const list = await a.api.get('/v1/events', anyList, { limit: POLL_PAGE, ...(after ? { starting_after: after } : {}) });
    newestFirst.push(...list.data);
    after = list.data.at(-1)?.id;
    if (!list.has_more || after === undefined) break;
  }
  const [newest] = newestFirst;
  if (!newest) return 0;
  const found = await store(ctx, a.connection, newestFirst);
  await updateConnection(ctx, a.connection.id, { poll_cursor: cursorOf(newest) });
  return found;
}

async function store(ctx: Ctx, connection: Connection, newestFirst: readonly RemoteBody[]): Promise<number> {
  const receiver: Receiver = {
    connectionId: connection.id,
    environmentId: connection.environmentId,
    accountId: connection.accountId,
    livemode: connection.livemode,
    secrets: [],
  };
  const rows = newestFirst.toReversed().flatMap((event) => {
    const envelope = readEnvelope(event);
    return envelope === null ? [] : [inboxRow(receiver, { envelope, raw: JSON.stringify(event), via: 'poll' })];
  });
  return insertRows(ctx.app, rows);
}

async function noteFailure(ctx: Ctx, connection: Connection, error: unknown): Promise<void> {
  ctx.log.warn('poll_failed', { connection_id: connection.id, reason: messageOf(error) });
  if (isFailure(error, 'revoked')) return markRevoked(ctx, { connectionId: connection.id, reason: error.message });
  const failures = connection.pollFailures + 1;
  await updateConnection(ctx, connection.id, { last_poll_wall_at: ctx.machineClock.now(), poll_failures: failures });
  if (failures >= POLL_FAILURES_BEFORE_DEGRADED) await markDegraded(ctx, { connectionId: connection.id, reason: POLLING_FAILS });
}

/** `evt_1 1700000000`: id and instant of the last event seen. */
function cursorOf(event: RemoteBody): string {
  return `${event.id} ${Number(event.created)}`;
}

function parseCursor(cursor: string | null): { id: string; created: number } | null {
  const [id, created] = cursor?.split(' ') ?? [];
  return id && created ? { id, created: Number(created) } : null;
}
