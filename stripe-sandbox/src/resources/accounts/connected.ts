/** The accounts a platform reaches: connected by consent, or made by it. The grant in the platform's account is the record of both. */
import { StripeError } from '../../kernel/errors.ts';
import type { Account, Doc, Tx } from '../../kernel/types.ts';
import { accountDoc, madeAccountDoc } from './account.ts';

export type Connected = { grant: Doc; account: Account };

/** The connected account of this id; any other is refused as if it did not exist. */
export async function findConnected(tx: Tx, id: string): Promise<Connected> {
  const grant = await tx.get(`grant_${id}`, { object: 'sandbox.oauth_grant' });
  const account = grant === undefined || grant.revoked ? undefined : (await tx.directory.accounts()).find((other) => other.id === id);
  if (grant === undefined || account === undefined) throw noAccess(id);
  return { grant, account };
}

export function shownAccount({ grant, account }: Connected): Doc {
  return grant.made === undefined ? accountDoc(account) : madeAccountDoc(account, grant.made);
}

function noAccess(id: string): StripeError {
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
  return new StripeError(403, { type: 'invalid_request_error', code: 'account_invalid', message });
}
