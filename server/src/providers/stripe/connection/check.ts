import type { Ctx } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { refuse } from '../../../kit/errors.ts';
import { newId } from '../../../kit/ids.ts';
import { isFailure } from '../failure.ts';
import { apiOf } from '../runtime.ts';
import type { Connection } from './connection.ts';
import { type KeyKind, missingRequired, probePermissions } from './probe.ts';
import { getConnection, updateConnection } from './queries.ts';
import { markDegraded, markRevoked } from './revoke.ts';
import { openSecret } from './secret.ts';

/** Probes the rights of a connection again and brings its status in line: revoked, degraded with the missing right named, or active. */
export async function checkConnection(ctx: Ctx, id: string): Promise<Connection> {
  const connection = await getConnection(ctx, id);
  try {
    const keyKind = keyKindOf(ctx, connection);
    const capabilities = await probePermissions(await apiOf(ctx, connection), {
      keyKind,
      mode: ctx.mode,
      key: newId(ctx, 'probe'),
      purpose: connection.purpose,
    });
    await updateConnection(ctx, id, { capabilities: json(capabilities), capabilities_checked_wall_at: ctx.machineClock.now() });
    const missing = missingRequired(capabilities);
    await markDegraded(ctx, { connectionId: id, reason: missing.length > 0 ? `missing permission ${missing.join(', ')}` : null });
  } catch (error) {
    if (isFailure(error, 'revoked')) await markRevoked(ctx, { connectionId: id, reason: error.message });
    else if (isFailure(error))
      refuse({
        status: 502,
        code: 'stripe_unreachable',
        message: `Stripe could not be asked: ${error.message}`,
        fix: 'Try again in a moment.',
      });
    else throw error;
  }
  return getConnection(ctx, id);
}

function keyKindOf(ctx: Ctx, connection: Connection): KeyKind {
  if (connection.authKind === 'oauth') return 'oauth';
  return openSecret(ctx.app, connection)?.startsWith('rk_') ? 'restricted' : 'secret';
}
