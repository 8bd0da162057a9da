/** Somebody acts in the dashboard behind the product's back: an object changes or goes, a grant is revoked. */
import { pageTransaction } from '../http/pages.ts';
import { invalidRequest } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { Doc, Params, Tx } from '../kernel/types.ts';

export type WorldChange =
  | { account: string; kind: 'change'; id: string; set: Params; event?: string }
  | { account: string; kind: 'delete'; id: string; event?: string }
  | { account: string; kind: 'revoke_grant'; platform: string };

/** Applies the change and, when `event` is named, tells of it. Answers the object. */
export function changeWorld(services: Services, change: WorldChange): Promise<Doc> {
  return pageTransaction(services, change.account, (tx) =>
    change.kind === 'revoke_grant' ? revokeGrant(tx, change.platform) : changeObject(tx, change),
  );
}

async function changeObject(tx: Tx, change: Extract<WorldChange, { kind: 'change' | 'delete' }>): Promise<Doc> {
  const doc = await tx.get(change.id);
  if (doc === undefined) throw invalidRequest(`No such object: '${change.id}'`, { code: 'resource_missing' });
  if (change.kind === 'change') Object.assign(doc, change.set);
  if (change.event !== undefined && change.kind === 'delete') tx.emit(change.event, doc);
  if (change.kind === 'delete') tx.remove(doc);
  else tx.put(doc);
  if (change.event !== undefined && change.kind === 'change') tx.emit(change.event, doc);
  return doc;
}

/** The merchant removes the platform: its tokens stop working and `account.application.deauthorized` follows. */
async function revokeGrant(tx: Tx, platform: string): Promise<Doc> {
  const other = await tx.forAccount(platform);
  const grant = await other.require('sandbox.oauth_grant', `grant_${tx.account.id}`);
  grant.revoked = true;
  other.put(grant);
  const install = await tx.get(`install_${platform}`);
  const { settings } = other.account;
  const application = { id: settings.client_id ?? platform, object: 'application', name: settings.name };
  tx.emit('account.application.deauthorized', application as unknown as Doc);
  if (install !== undefined) {
    install.revoked = true;
    tx.put(install);
  }
  tx.directory.revokeKeys({ account: tx.account.id, platform });
  return grant;
}
