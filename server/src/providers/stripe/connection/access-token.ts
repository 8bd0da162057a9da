import { claimWork, fence, releaseClaim } from '../../../kit/claims.ts';
import type { Ctx } from '../../../kit/context.ts';
import { transaction } from '../../../kit/database.ts';
import { sha256 } from '../../../kit/secrets.ts';
import { StripeFailure } from '../failure.ts';
import type { Connection } from './connection.ts';
import { exchangeRefreshToken } from './exchange-code.ts';
import { getConnection, updateConnection } from './queries.ts';
import { openRefreshToken, openSecret, sealSecret } from './secret.ts';

/** Renewed this long before it ends. */
const MARGIN_SECONDS = 300;

/**
 * The access token of an app install, renewed when it is about to end. Two renewals at once would lose the connection (the refresh token is
 * rolled at each), so one worker at a time does it, under a claim; the new token is stored before the old one is forgotten.
 */
export async function freshAccessToken(ctx: Ctx, connection: Connection): Promise<string | null> {
  if (!isEnding(ctx, connection)) return openSecret(ctx.app, connection);
  const claim = await claimWork(ctx, { kind: 'stripe_token', subjectId: connection.id });
  // Somebody else renews it; the old token still works for a few minutes.
  if (claim === null) return openSecret(ctx.app, connection);
  try {
    const current = await getConnection(ctx, connection.id);
    const refreshToken = openRefreshToken(ctx.app, current);
    if (!isEnding(ctx, current) || refreshToken === null) return openSecret(ctx.app, current);
    const key = `billow/refresh/${connection.id}/${sha256(refreshToken).toString('hex').slice(0, 24)}`;
    const renewed = await exchangeRefreshToken(ctx, { refreshToken, key }).catch(asRevoked);
    await transaction(ctx, async (tx) => {
      await fence(tx, claim);
      await updateConnection(tx, connection.id, {
        secret_sealed: sealSecret(tx.app, connection, 'secret_sealed', renewed.access),
        access_expires_wall_at: tx.machineClock.now().add({ seconds: renewed.seconds }),
        ...(renewed.refresh === null ? {} : { refresh_sealed: sealSecret(tx.app, connection, 'refresh_sealed', renewed.refresh) }),
      });
    });
    return renewed.access;
  } finally {
    await releaseClaim(ctx, claim);
  }
}

function isEnding(ctx: Ctx, connection: Connection): boolean {
  if (connection.accessExpiresAt === null) return false;
  return Temporal.Instant.compare(ctx.machineClock.now().add({ seconds: MARGIN_SECONDS }), connection.accessExpiresAt) >= 0;
}

/** `invalid_grant`: the refresh token is used up or the app was removed; only a new consent helps. */
function asRevoked(error: unknown): never {
  if (error instanceof StripeFailure && error.kind === 'oauth') throw new StripeFailure({ ...error.detail, kind: 'revoked' });
  throw error;
}
