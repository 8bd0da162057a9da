import { StripeError } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { accountDoc } from './account.ts';

/** The account of the key, or the connected one that `Stripe-Account` names. */
export async function retrieveOwnAccount(rq: ApiRequest): Promise<Doc> {
  return accountDoc(rq.account);
}

/** The caller's own account by id, or one that is connected to it; any other is refused as if it did not exist. */
export async function retrieveAccount(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  if (id === rq.account.id) return accountDoc(rq.account);
  const grant = await rq.tx.get(`grant_${id}`, { object: 'sandbox.oauth_grant' });
  const account = grant === undefined || grant.revoked ? undefined : (await rq.tx.directory.accounts()).find((other) => other.id === id);
  if (account === undefined) throw noAccess(id);
  return accountDoc(account);
}

function noAccess(id: string): StripeError {
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
  return new StripeError(403, { type: 'invalid_request_error', code: 'account_invalid', message });
}
