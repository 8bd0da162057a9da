import { StripeError } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { revokeAccess } from '../oauth/grant.ts';

const INSTALL = 'apps.install';

export function retrieveInstall(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require(INSTALL, rq.path.id!);
}

/** The installs of this account. */
export function listInstalls(rq: ApiRequest): Promise<ListAnswer> {
  const { account, app, channel, status } = rq.params;
  return rq.tx.list(rq, {
    object: INSTALL,
    where: { ref: app, status },
    filter: (install) => (!account || install.account === account) && (!channel || install.channel === channel),
  });
}

/** The merchant removes the app: its tokens stop working. Emits account.application.deauthorized, apps.install.deleted. Not for the app itself. */
export async function uninstallApp(rq: ApiRequest): Promise<Doc> {
  const { tx } = rq;
  const install = await retrieveInstall(rq);
  const platform = await tx.directory.findByClientId(install.app);
  if (rq.keyKind !== 'secret' || rq.platform !== null || platform === undefined) {
    throw new StripeError(403, { type: 'invalid_request_error', message: 'Only the account that installed an app may uninstall it.' });
  }
  await revokeAccess({ platform: await tx.forAccount(platform.id), account: tx });
  const { deleted: _deleted, ...shown } = install;
  return shown as Doc;
}
