import { alignClocks, ProviderClock, settle } from '../../../accounts/index.ts';
import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { messageOf } from '../../../kit/errors.ts';
import type { Connection } from '../connection/connection.ts';
import { simulatedNow } from '../connection/settle.ts';
import { AHEAD_PATIENCE_MS } from '../limits.ts';
import { StripeRuntime } from '../runtime.ts';
import { hasForgottenAhead } from './queries.ts';

/**
 * Events from the future of a simulated environment wait for whoever advances time. Where nobody does (a Sandbox in another process was moved
 * by its own SDK; an object lives on another test clock of the account) they are followed here, beside the reader: it must not wait for itself.
 */
export async function followWhereForgotten(app: App, connection: Connection): Promise<void> {
  if (connection.livemode) return;
  const { following } = app.ports.get(StripeRuntime);
  if (following.has(connection.environmentId)) return;
  const since = app.machineClock.now().subtract({ milliseconds: AHEAD_PATIENCE_MS });
  if (!(await hasForgottenAhead(app, connection, since))) return;
  const ctx = await contextFor(app, { environmentId: connection.environmentId, actor: 'scheduler' });
  const work = follow(ctx, connection)
    .catch((error: unknown) => {
      if (!app.lifetime.signal.aborted) ctx.log.warn('clock_not_followed', { connection_id: connection.id, reason: messageOf(error) });
    })
    .finally(() => following.delete(connection.environmentId));
  following.set(connection.environmentId, work);
}

async function follow(ctx: Ctx, connection: Connection): Promise<void> {
  const ours = await simulatedNow(ctx);
  const theirs = await ctx.app.ports.get(ProviderClock).now(ctx);
  if (ours === null) return;
  // The account itself has not gone ahead: what has is on another of its test clocks, and is worked off where we stand.
  if (theirs === null || Temporal.Instant.compare(theirs, ours) <= 0) return settle(ctx.app, ctx.environmentId);
  // A Sandbox in this installation brings us along itself, at every instant (its follower).
  if (connection.apiBase !== null) await alignClocks(ctx);
}
