import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';
import { shownAccount } from './connected.ts';

/** The accounts connected to this platform, newest connection first. */
export async function listAccounts(rq: ApiRequest): Promise<ListAnswer> {
  const grants = await rq.tx.query({ object: 'sandbox.oauth_grant', filter: (grant) => grant.revoked !== true });
  const accounts = new Map((await rq.tx.directory.accounts()).map((account) => [account.id, account]));
  const connected = grants.flatMap((grant): Doc[] => {
    const account = accounts.get(grant.account);
    return account === undefined ? [] : [shownAccount({ grant, account })];
  });
  return pageOf(rq, connected, '/v1/accounts');
}
