import { OAuthError, StripeError } from '../../kernel/errors.ts';
import type { PageAnswer, PageRequest, Plain, Tx } from '../../kernel/types.ts';
import { text } from '../../pages/form.ts';
import { findCode } from './code.ts';
import { findGrant, grantAccess, revokeAccess } from './grant.ts';
import { jsonAnswer } from './json-answer.ts';
import { type ConsentKind, permissionsOf } from './request.ts';
import { findRefreshToken, issueTokens } from './tokens.ts';

const REUSED = 'This authorization code has already been used. All tokens issued with this code have been revoked.';

/** POST of the token address: a code or a refresh token for access. A code that comes a second time ends the access it gave [S 3.13]. */
export function exchangeToken(kind: ConsentKind): (rq: PageRequest) => Promise<PageAnswer> {
  return async (rq) => {
    const platform = await callingPlatform(rq);
    const grantType = text(rq, 'grant_type');
    if (grantType === 'authorization_code') return exchangeCode(rq, { platform, kind });
    if (grantType === 'refresh_token') return exchangeRefreshToken(rq, { platform, kind });
    throw new OAuthError('unsupported_grant_type', `Unsupported grant_type: '${grantType}'.`);
  };
}

/** The platform whose secret key came in `Authorization` or as `client_secret`. Throws 401 invalid_client. */
export async function callingPlatform(rq: PageRequest): Promise<string> {
  const secret = text(rq, 'client_secret');
  const caller = await rq.caller(secret === '' ? undefined : secret).catch((error: unknown) => {
    throw error instanceof StripeError ? new OAuthError('invalid_client', error.message, error.status) : error;
  });
  if (caller.kind !== 'secret') throw new OAuthError('invalid_client', 'Only a platform’s secret key is accepted here.', 401);
  return caller.account;
}

async function exchangeCode(rq: PageRequest, at: { platform: string; kind: ConsentKind }): Promise<PageAnswer> {
  const given = text(rq, 'code');
  if (given === '') throw new OAuthError('invalid_request', 'Missing authorization code.');
  const tokens = await rq.transaction(at.platform, async (tx): Promise<Plain | null> => {
    const code = await findCode(tx, { code: given, kind: at.kind });
    const parties = { platform: tx, account: await tx.forAccount(code.account) };
    if (code.used) {
      await revokeAccess(parties);
      return null;
    }
    code.used = true;
    tx.put(code);
    await grantAccess(parties, code.scope, at.kind === 'app' ? { permissions: permissionsOf(tx.account) } : undefined);
    return issueTokens(tx, { kind: at.kind, scope: code.scope, account: code.account });
  });
  if (tokens === null) throw new OAuthError('invalid_grant', REUSED);
  return jsonAnswer(tokens);
}

/** An app's refresh token is rolled at each exchange; Connect's stays. */
async function exchangeRefreshToken(rq: PageRequest, at: { platform: string; kind: ConsentKind }): Promise<PageAnswer> {
  const token = text(rq, 'refresh_token');
  if (token === '') throw new OAuthError('invalid_request', 'Missing refresh token.');
  const tokens = await rq.transaction(at.platform, (tx) => renew(tx, { token, kind: at.kind }));
  return jsonAnswer(tokens);
}

async function renew(tx: Tx, input: { token: string; kind: ConsentKind }): Promise<Plain> {
  const stored = await findRefreshToken(tx, input);
  const grant = await findGrant({ platform: tx, account: await tx.forAccount(stored.account) });
  if (grant === undefined || grant.revoked === true) throw new OAuthError('invalid_grant', 'Access to this account has been revoked.');
  const rolled = input.kind === 'app';
  if (rolled) {
    stored.used = true;
    tx.put(stored);
  }
  return issueTokens(tx, {
    kind: input.kind,
    scope: stored.scope,
    account: stored.account,
    ...(rolled ? {} : { refreshToken: input.token }),
  });
}
