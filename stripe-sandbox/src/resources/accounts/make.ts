import { invalidRequest } from '../../kernel/errors.ts';
import { difference } from '../../kernel/event.ts';
import type { Answer, ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';
import { revokeAccess } from '../oauth/grant.ts';
import { madeAccountDoc } from './account.ts';
import { findConnected, shownAccount } from './connected.ts';

const TYPES = ['standard', 'express', 'custom'];

/** Makes a connected account, by `type` only [sandbox.md 2, "Accounts v1, thin"]. Stripe has no event for it. */
export async function createAccount(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const type = params.type ?? 'standard';
  if (!TYPES.includes(type)) throw invalidRequest(`Invalid type: must be one of ${TYPES.join(', ')}`, { param: 'type' });
  const { account } = await tx.directory.createAccount({
    name: '',
    email: params.email ?? '',
    country: params.country ?? rq.account.settings.country,
    currency: params.default_currency ?? rq.account.settings.currency,
  });
  const made = {
    type,
    email: params.email ?? null,
    business_type: params.business_type ?? null,
    metadata: mergeMetadata(null, params.metadata),
  };
  tx.put({
    id: `grant_${account.id}`,
    object: 'sandbox.oauth_grant',
    created: tx.now(),
    account: account.id,
    scope: 'read_write',
    revoked: false,
    made,
  });
  return madeAccountDoc(account, made);
}

/** Changes e-mail, business type or metadata of a connected account. Emits account.updated there, which Connect endpoints hear. */
export async function updateAccount(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (rq.path.id === rq.account.id) throw ownAccount();
  const connected = await findConnected(tx, rq.path.id!);
  const before = shownAccount(connected);
  const { type, email, business_type, metadata } = before;
  connected.grant.made = {
    type,
    email: orNull(params.email, email),
    business_type: orNull(params.business_type, business_type),
    metadata: mergeMetadata(metadata, params.metadata),
  };
  tx.put(connected.grant);
  const after = shownAccount(connected);
  const account = await opened(tx, connected.account.id);
  account.emit('account.updated', after, { previous: difference(before, after) });
  return after;
}

/** The platform gives the account up. Emits account.application.deauthorized there. */
export async function deleteAccount(rq: ApiRequest): Promise<Answer> {
  if (rq.path.id === rq.account.id) throw ownAccount();
  const { account } = await findConnected(rq.tx, rq.path.id!);
  await revokeAccess({ platform: rq.tx, account: await opened(rq.tx, account.id) });
  return { id: account.id, object: 'account', deleted: true };
}

/** The account's own side; it learns of its platform with the first thing that happens there. */
async function opened(platform: Tx, id: string): Promise<Tx> {
  const account = await platform.forAccount(id);
  const install = `install_${platform.account.id}`;
  if ((await account.get(install, { object: 'sandbox.oauth_install' })) === undefined) {
    account.put({ id: install, object: 'sandbox.oauth_install', created: account.now(), platform: platform.account.id, revoked: false });
  }
  return account;
}

/** Recorded by others, 2026-08. */
function ownAccount() {
  return invalidRequest('You cannot use this method on your own account: you may only use it on connected accounts.', { status: 403 });
}
