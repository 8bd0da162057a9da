import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { accountDoc } from './account.ts';
import { findConnected, shownAccount } from './connected.ts';

/** The account of the key, or the connected one that `Stripe-Account` names. */
export async function retrieveOwnAccount(rq: ApiRequest): Promise<Doc> {
  if (rq.platform === null) return accountDoc(rq.account);
  return retrieveAs(rq, rq.platform);
}

/** The caller's own account by id, or one that is connected to it; any other is refused as if it did not exist. */
export async function retrieveAccount(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  if (id === rq.account.id) return retrieveOwnAccount(rq);
  return shownAccount(await findConnected(rq.tx, id));
}

/** As the platform that acts on it sees it. */
async function retrieveAs(rq: ApiRequest, platform: string): Promise<Doc> {
  const grant = await (await rq.tx.forAccount(platform)).get(`grant_${rq.account.id}`, { object: 'sandbox.oauth_grant' });
  return grant === undefined ? accountDoc(rq.account) : shownAccount({ grant, account: rq.account });
}
