import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { revokeAccess } from '../../resources/oauth/grant.ts';

/** The merchant removes the platform. */
export type GrantAction = { kind: 'revoke_grant'; platform: string };

/** The platform's tokens stop working; account.application.deauthorized follows. Refuses when there is no access to end. */
export async function revokeGrant(tx: Tx, { platform }: GrantAction): Promise<Doc> {
  const other = await tx.forAccount(platform);
  if (!(await revokeAccess({ platform: other, account: tx })))
    throw invalidRequest(`${platform} has no access to ${tx.account.id} that could be revoked.`, { code: 'resource_missing' });
  return other.require('sandbox.oauth_grant', `grant_${tx.account.id}`);
}
