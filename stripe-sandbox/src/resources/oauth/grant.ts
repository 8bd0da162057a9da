/** A platform's access to an account: one record on either side (the entry and the fan-out read them), told to both by events. */
import type { Account, Doc, Tx } from '../../kernel/types.ts';

export type Parties = { platform: Tx; account: Tx };

/** Opens the access, or opens it again. Emits account.application.authorized in the connected account; an app is announced as installed. */
export async function grantAccess(parties: Parties, scope: string, app?: { permissions: string[] }): Promise<void> {
  const { platform, account } = parties;
  platform.put({
    id: `grant_${account.account.id}`,
    object: 'sandbox.oauth_grant',
    created: platform.now(),
    account: account.account.id,
    ...((await findGrant(parties)) ?? {}),
    scope,
    revoked: false,
  });
  const install = await account.get(`install_${platform.account.id}`, { object: 'sandbox.oauth_install' });
  account.put({
    ...(install ?? { id: `install_${platform.account.id}`, object: 'sandbox.oauth_install', created: account.now() }),
    platform: platform.account.id,
    revoked: false,
  } as Doc);
  const application = applicationOf(platform.account);
  account.emit('account.application.authorized', application);
  if (app !== undefined) await account.announce('app.authorized', { application, permissions: app.permissions });
}

/** Ends the access with all its tokens. Emits account.application.deauthorized; false when there was none. */
export async function revokeAccess(parties: Parties): Promise<boolean> {
  const { platform, account } = parties;
  platform.directory.revokeKeys({ account: account.account.id, platform: platform.account.id });
  const grant = await findGrant(parties);
  if (grant === undefined || grant.revoked === true) return false;
  grant.revoked = true;
  platform.put(grant);
  const install = await account.get(`install_${platform.account.id}`, { object: 'sandbox.oauth_install' });
  if (install !== undefined) {
    install.revoked = true;
    account.put(install);
  }
  const application = applicationOf(platform.account);
  account.emit('account.application.deauthorized', application);
  await account.announce('app.deauthorized', { application });
  return true;
}

export function findGrant(parties: Parties): Promise<Doc | undefined> {
  return parties.platform.get(`grant_${parties.account.account.id}`, { object: 'sandbox.oauth_grant' });
}

/** `application` has no `created` at Stripe. */
function applicationOf(platform: Account): Doc {
  return { id: platform.settings.client_id ?? platform.id, object: 'application', name: platform.settings.name } as unknown as Doc;
}
