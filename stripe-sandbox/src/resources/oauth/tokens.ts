/** Access and refresh tokens. Access tokens are keys of the connected account that the platform holds. */
import { hashKey } from '../../http/keys.ts';
import { allPermissions } from '../../http/permissions.ts';
import { OAuthError } from '../../kernel/errors.ts';
import type { Account, Doc, Plain, Tx } from '../../kernel/types.ts';
import { type ConsentKind, permissionsOf } from './request.ts';

const TOKEN_LENGTH = 24;
const REFRESH_LENGTH = 48;
const HOUR = 3600;
const YEAR = 365 * 86_400;

export type TokenInput = { kind: ConsentKind; scope: string; account: string };

/**
 * Makes an access token, a publishable key and a refresh token, and answers what Stripe answers.
 * An app's access token lives an hour and may do what its manifest says; a Connect token lives as long as the grant, `read_only` may only read.
 */
export function issueTokens(tx: Tx, input: TokenInput & { refreshToken?: string }): Plain {
  const access = `sk_test_${tx.secret(TOKEN_LENGTH)}`;
  const publishable = `pk_test_${tx.secret(TOKEN_LENGTH)}`;
  const owner = { account: input.account, platform: tx.account.id };
  tx.directory.addKey({ secret: access, ...owner, ...rightsOf(tx, input) });
  tx.directory.addKey({ secret: publishable, ...owner, kind: 'publishable' });
  const refresh = input.refreshToken ?? storeRefreshToken(tx, input);
  return {
    access_token: access,
    ...(input.kind === 'app' ? { expires_in: HOUR } : {}),
    livemode: false,
    refresh_token: refresh,
    scope: input.scope,
    stripe_publishable_key: publishable,
    stripe_user_id: input.account,
    token_type: 'bearer',
  };
}

/** The stored refresh token. Throws invalid_grant for one that is unknown, rolled or a year old. */
export async function findRefreshToken(tx: Tx, input: { token: string; kind: ConsentKind }): Promise<Doc> {
  const found = await tx.get(refreshId(input.token), { object: 'sandbox.oauth_refresh' });
  if (found === undefined || found.kind !== input.kind || found.used || found.expires_at <= tx.now()) {
    throw new OAuthError('invalid_grant', 'This refresh token does not exist, was used already or has expired.');
  }
  return found;
}

function rightsOf(tx: Tx, input: TokenInput): { kind: 'oauth' | 'restricted'; permissions?: string[]; expiresAt?: number } {
  if (input.kind === 'app') return { ...appRights(tx.account), expiresAt: tx.now() + HOUR };
  if (input.scope === 'read_write') return { kind: 'oauth' };
  return { kind: 'restricted', permissions: allPermissions().filter((permission) => permission.endsWith('_read')) };
}

function appRights(platform: Account): { kind: 'oauth' | 'restricted'; permissions?: string[] } {
  return platform.settings.permissions === undefined ? { kind: 'oauth' } : { kind: 'restricted', permissions: permissionsOf(platform) };
}

/** Only its hash is kept. */
function storeRefreshToken(tx: Tx, input: TokenInput): string {
  const token = `rt_${tx.secret(REFRESH_LENGTH)}`;
  tx.put({
    id: refreshId(token),
    object: 'sandbox.oauth_refresh',
    created: tx.now(),
    kind: input.kind,
    scope: input.scope,
    account: input.account,
    expires_at: tx.now() + YEAR,
    used: false,
  });
  return token;
}

function refreshId(token: string): string {
  return `refresh_${hashKey(token)}`;
}
