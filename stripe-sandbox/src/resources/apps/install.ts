/** An app is installed while the account that authorized it lets it be. */
import type { Doc, Hooks, Tx } from '../../kernel/types.ts';

const INSTALL = 'apps.install';

/** Hook: the account authorized an app, or did so again. Emits apps.install.created or .updated. */
export async function recordInstall(tx: Tx, { application, permissions }: Hooks['app.authorized']): Promise<void> {
  const known = await installOf(tx, application.id);
  if (known !== undefined) {
    known.permissions_granted = permissions;
    tx.put(known);
    tx.emit('apps.install.updated', known);
    return;
  }
  const nothing = { connect_src: [], image_src: [] };
  const install = tx.make(INSTALL, 'appinst', {
    account: tx.account.id,
    app: application.id,
    approval_required: false,
    channel: 'testing',
    content_security_policy_granted: nothing,
    content_security_policy_pending: nothing,
    endpoints_granted: [],
    endpoints_pending: [],
    permissions_granted: permissions,
    permissions_pending: [],
    status: 'installed',
    _ref: application.id,
  });
  tx.put(install);
  tx.emit('apps.install.created', install);
}

/** Hook: the access ended. Emits apps.install.deleted. */
export async function removeInstall(tx: Tx, { application }: Hooks['app.deauthorized']): Promise<void> {
  const install = await installOf(tx, application.id);
  if (install === undefined) return;
  install.status = 'uninstalling';
  tx.put(install);
  tx.emit('apps.install.deleted', install);
  tx.remove(install);
}

function installOf(tx: Tx, app: string): Promise<Doc | undefined> {
  return tx.first({ object: INSTALL, where: { ref: app } });
}
