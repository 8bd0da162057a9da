import { claimWork, releaseClaim } from '../../../kit/claims.ts';
import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { messageOf } from '../../../kit/errors.ts';
import type { WorkQueue } from '../../../kit/queues.ts';
import { isFailure } from '../failure.ts';
import { INBOX_QUEUE } from '../inbox/inbox-writer.ts';
import { newestCursor } from '../inbox/poll.ts';
import { PROBE_EVERY_MS } from '../limits.ts';
import { scanAccount } from '../pull/scan.ts';
import { apiOf, StripeRuntime } from '../runtime.ts';
import { SandboxHost } from '../sandbox-host.ts';
import { checkConnection } from './check.ts';
import type { Connection, ScanState } from './connection.ts';
import { getConnection, updateConnection, workingConnections } from './queries.ts';
import { markRevoked } from './revoke.ts';
import { ensureWebhookEndpoint, webhookUrlOf } from './webhook-endpoint.ts';

/** A scan of a big account takes minutes: its claim is long, and a dead process is noticed only after it. */
const LEASE_SECONDS = 600;
const QUEUE = 'stripe_setup';

/**
 * What follows connecting: note where Stripe's events stand, make the webhook endpoint, mirror what the account holds as history. Until then
 * events are stored but not worked on, so that history is never mistaken for news. Also keeps the endpoint pointing at the present public URL.
 */
export const setupQueue: WorkQueue = {
  name: QUEUE,
  order: 3,
  room: 'stripe',
  drain: async (app, { environmentId }) => {
    let done = 0;
    for (const connection of await workingConnections(app, environmentId)) {
      const isProbeDue = environmentId === null && probeIsDue(app, connection);
      if (connection.settledAt !== null && wasLookedAt(app, connection) && !isProbeDue) continue;
      const ctx = await contextFor(app, { environmentId: connection.environmentId, actor: 'system' });
      if (connection.settledAt === null) done += (await settleConnection(ctx, connection.id)) ? 1 : 0;
      else await lookAtEndpoint(ctx, connection);
      if (isProbeDue) await probeAgain(ctx, connection);
    }
    return done;
  },
  blocked: async (app, { environmentId }) => {
    const waiting = (await workingConnections(app, environmentId)).find((connection) => connection.settledAt === null);
    if (!waiting) return null;
    return {
      queue: QUEUE,
      id: waiting.id,
      reason: waiting.settings.scan?.reason ?? 'the first scan of the account has not ended',
      nextAttemptAt: null,
    };
  },
};

/** Rights are looked at daily, and every ten minutes while one is missing. */
function probeIsDue(app: App, connection: Connection): boolean {
  if (connection.capabilitiesCheckedAt === null) return true;
  const age = app.machineClock.now().epochMilliseconds - connection.capabilitiesCheckedAt.epochMilliseconds;
  return age >= (connection.status === 'degraded' ? PROBE_EVERY_MS.degraded : PROBE_EVERY_MS.active);
}

async function probeAgain(ctx: Ctx, connection: Connection): Promise<void> {
  await checkConnection(ctx, connection.id).catch((error: unknown) => {
    ctx.log.warn('probe_failed', { connection_id: connection.id, reason: messageOf(error) });
    return updateConnection(ctx, connection.id, { capabilities_checked_wall_at: ctx.machineClock.now() });
  });
}

/** Settles a new connection; false where somebody else is at it or Stripe did not play along (tried again by the queue). */
export async function settleConnection(ctx: Ctx, connectionId: string): Promise<boolean> {
  const claim = await claimWork(ctx, { kind: 'stripe_setup', subjectId: connectionId, leaseSeconds: LEASE_SECONDS });
  if (claim === null) return false;
  try {
    const connection = await getConnection(ctx, connectionId);
    if (connection.settledAt !== null || connection.status === 'disconnected') return false;
    await settle(ctx, connection);
    return true;
  } catch (error) {
    await noteFailure(ctx, connectionId, error);
    return false;
  } finally {
    await releaseClaim(ctx, claim);
  }
}

async function settle(ctx: Ctx, connection: Connection): Promise<void> {
  await bringTogether(ctx, connection);
  const cursor = await newestCursor(await apiOf(ctx, connection));
  const reachable = await ensureWebhookEndpoint(ctx, connection);
  ctx.app.ports.get(StripeRuntime).lookedAt.add(connection.id);
  await scan(ctx, reachable);
  const now = ctx.machineClock.now();
  await updateConnection(ctx, connection.id, { poll_cursor: cursor, last_poll_wall_at: now, settled_at: now });
  ctx.app.wake(INBOX_QUEUE, ctx.environmentId);
}

/** An account of the Sandbox that lived in real time gets a clock of its own when the environment's is simulated. */
async function bringTogether(ctx: Ctx, connection: Connection): Promise<void> {
  if (connection.provider !== 'stripe_sandbox' || connection.apiBase !== null) return;
  const simulated = await simulatedNow(ctx);
  if (simulated !== null) await ctx.app.ports.find(SandboxHost)?.simulate(connection.accountId, simulated);
}

/** Where the environment's simulated clock stands; null where it lives in real time. */
export async function simulatedNow(ctx: Ctx): Promise<Temporal.Instant | null> {
  const row = await ctx.db.selectFrom('environments').select('clock_now').where('id', '=', ctx.environmentId).executeTakeFirstOrThrow();
  return row.clock_now;
}

async function scan(ctx: Ctx, connection: Connection): Promise<void> {
  const source = { ctx: { ...ctx, actor: 'import' }, api: await apiOf(ctx, connection, 'import'), connection };
  const counts = await scanAccount(source, { onPage: (soFar) => noteScan(ctx, connection.id, { status: 'running', counts: soFar }) });
  await noteScan(ctx, connection.id, { status: 'done', counts });
}

async function noteScan(ctx: Ctx, connectionId: string, state: ScanState): Promise<void> {
  const { settings } = await getConnection(ctx, connectionId);
  await updateConnection(ctx, connectionId, { settings: json({ ...settings, scan: state }) });
}

async function noteFailure(ctx: Ctx, connectionId: string, error: unknown): Promise<void> {
  ctx.log.warn('stripe_setup_failed', { connection_id: connectionId, error });
  if (isFailure(error, 'revoked')) return markRevoked(ctx, { connectionId, reason: error.message });
  await noteScan(ctx, connectionId, { status: 'failed', counts: {}, reason: messageOf(error) });
}

function wasLookedAt(app: App, connection: Connection): boolean {
  return (
    app.ports.get(StripeRuntime).lookedAt.has(connection.id) && connection.settings.webhook_url === webhookUrlOf({ app }, connection.id)
  );
}

/** Once per process and connection: the public URL may have changed while the server was down (W18). */
async function lookAtEndpoint(ctx: Ctx, connection: Connection): Promise<void> {
  if (wasLookedAt(ctx.app, connection)) return;
  ctx.app.ports.get(StripeRuntime).lookedAt.add(connection.id);
  try {
    await ensureWebhookEndpoint(ctx, connection);
  } catch (error) {
    // The safety net of the poll looks again.
    ctx.log.warn('webhook_endpoint_unchecked', { connection_id: connection.id, reason: messageOf(error) });
    if (isFailure(error, 'revoked')) await markRevoked(ctx, { connectionId: connection.id, reason: error.message });
  }
}
