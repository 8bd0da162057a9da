import { type App, type Ctx, contextFor } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { messageOf, Refusal } from '../../../kit/errors.ts';
import { isFailure } from '../failure.ts';
import { OAUTH_CODE_CHARS } from '../limits.ts';
import { connect } from './connect.ts';
import { exchangeCode } from './exchange-code.ts';
import { digest, NO_SESSION } from './oauth-start.ts';
import { settleConnection } from './settle.ts';

export type Returned = { state?: string | undefined; code?: string | undefined; error?: string | undefined };
/** `connectionId` on success, else `error`: a code that the dashboard explains. */
export type OauthEnd = { ctx: Ctx | null; connectionId: string | null; error: string | null };

type StateRow = { id: string; environmentId: string; kind: 'connect' | 'app'; actor: string };

/**
 * The person is back from Stripe's consent page. The state is consumed first, once and for all; then the code is exchanged exactly once:
 * repeating it after a lost answer could revoke the access it gave. One of
 * `sessionKeys` must be what started it (null: started by a key).
 */
export async function finishOauth(app: App, a: { returned: Returned; sessionKeys: readonly (string | null)[] }): Promise<OauthEnd> {
  const state = a.returned.state ? await consumeState(app, { state: a.returned.state, sessionKeys: a.sessionKeys }) : null;
  if (state === null) return { ctx: null, connectionId: null, error: 'state_invalid' };
  const ctx = await contextFor(app, { environmentId: state.environmentId, actor: state.actor });
  const end = await conclude(ctx, state, a.returned);
  await app.db
    .updateTable('oauth_states')
    .set({ outcome: json({ connection_id: end.connectionId, error: end.error }) })
    .where('id', '=', state.id)
    .execute();
  return end;
}

async function conclude(ctx: Ctx, state: StateRow, returned: Returned): Promise<OauthEnd> {
  const failed = (error: string): OauthEnd => ({ ctx, connectionId: null, error });
  if (returned.error !== undefined) return failed(returned.error === 'access_denied' ? 'access_denied' : 'authorization_failed');
  if (!returned.code || returned.code.length > OAUTH_CODE_CHARS) return failed('code_missing');
  try {
    const credential = await exchangeCode(ctx, { stateId: state.id, kind: state.kind, code: returned.code });
    const connection = await connect(ctx, credential, {});
    await settleConnection(ctx, connection.id);
    return { ctx, connectionId: connection.id, error: null };
  } catch (error) {
    ctx.log.warn('oauth_failed', { reason: messageOf(error) });
    if (error instanceof Refusal) return failed(error.code);
    if (isFailure(error, 'unknown')) return failed('exchange_unknown');
    if (isFailure(error)) return failed('code_refused');
    throw error;
  }
}

/** Takes the state out of use; null where it is unknown, used, too old, or another session's. */
async function consumeState(app: App, a: { state: string; sessionKeys: readonly (string | null)[] }): Promise<StateRow | null> {
  const now = app.machineClock.now();
  const row = await app.db
    .updateTable('oauth_states')
    .set({ consumed_wall_at: now })
    .where('state_hash', '=', digest(a.state))
    .where(
      'session_hash',
      'in',
      a.sessionKeys.map((key) => digest(key ?? NO_SESSION)),
    )
    .where('consumed_wall_at', 'is', null)
    .where('expires_wall_at', '>', now)
    .returning(['id', 'environment_id', 'kind', 'actor'])
    .executeTakeFirst();
  return row ? { id: row.id, environmentId: row.environment_id, kind: row.kind as StateRow['kind'], actor: row.actor } : null;
}
