import { createHash } from 'node:crypto';
import type { Ctx } from '../../../kit/context.ts';
import { newId } from '../../../kit/ids.ts';
import { addressOf } from '../address.ts';
import { OAUTH_STATE_MINUTES } from '../limits.ts';
import { requireLiveEngine } from './live-engine.ts';
import { callbackUrl, oauthClient } from './oauth-client.ts';

const STATE_CHARS = 43;
/** A consent started by a key, in sandbox environments only: the state alone is what brings it back. */
export const NO_SESSION = 'no session';

/**
 * Starts a consent: stores a one-time state bound to this session and environment, valid ten minutes, and answers where to send the person.
 * The address is built here, since the SDK forgets the port of a Sandbox and asks for more scope than given [K 7].
 */
export async function startOauth(ctx: Ctx, a: { sessionKey: string | null }): Promise<{ authorizeUrl: string }> {
  if (ctx.mode === 'live') await requireLiveEngine(ctx.app);
  const client = await oauthClient(ctx.app, ctx.mode);
  const state = ctx.app.ids.token(STATE_CHARS);
  const redirectUri = callbackUrl(ctx.app);
  const now = ctx.machineClock.now();
  await ctx.db
    .insertInto('oauth_states')
    .values({
      id: newId(ctx, 'oauth'),
      environment_id: ctx.environmentId,
      state_hash: digest(state),
      session_hash: digest(a.sessionKey ?? NO_SESSION),
      actor: ctx.actor,
      kind: client.kind,
      redirect_uri: redirectUri,
      expires_wall_at: now.add({ minutes: OAUTH_STATE_MINUTES }),
      created_at: now,
    })
    .execute();
  return { authorizeUrl: authorizeUrl(ctx, { clientId: client.clientId, kind: client.kind, state, redirectUri }) };
}

/** SHA-256, as states and sessions are stored. */
export function digest(value: string): Uint8Array {
  return createHash('sha256').update(value).digest();
}

function authorizeUrl(ctx: Ctx, a: { clientId: string; kind: 'connect' | 'app'; state: string; redirectUri: string }): string {
  const sandbox = ctx.mode === 'sandbox' ? addressOf(ctx.app, { provider: 'stripe_sandbox', apiBase: null }).base : null;
  const base = sandbox ?? (a.kind === 'app' ? 'https://marketplace.stripe.com' : 'https://connect.stripe.com');
  const query = new URLSearchParams({ client_id: a.clientId, redirect_uri: a.redirectUri, state: a.state });
  if (a.kind === 'connect') {
    query.set('response_type', 'code');
    query.set('scope', 'read_write');
  }
  return `${base}${a.kind === 'app' ? '/oauth/v2/authorize' : '/oauth/authorize'}?${query}`;
}
