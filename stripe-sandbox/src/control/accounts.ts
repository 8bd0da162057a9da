/** Accounts, platforms and keys, made and unmade from outside. */

import { presentOf } from '../http/authenticate.ts';
import { hashKey } from '../http/keys.ts';
import { invalidRequest } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { AccountSettings } from '../kernel/types.ts';
import { emptyBatch } from '../store/port.ts';
import { keyRow, type NewAccount, newAccount } from './new-account.ts';

const CLIENT_ID_LENGTH = 32;
const KEY_LENGTH = 24;
const MIN_KEY_LENGTH = 20;
const MS = 1000;

export type AccountAccess = { account: string; secretKey: string; publishableKey: string; clock: string | null };
export type NewPlatform = NewAccount & { clientId?: string; redirectUris?: string[] };

/** A fresh account with its keys. An id that exists already is refused. */
export async function createAccount(services: Services, input: NewAccount): Promise<AccountAccess> {
  for (const key of [input.secretKey, input.publishableKey]) if (key !== undefined) checkKey(key);
  const made = newAccount(services, input);
  await services.store.write(made.row.id, async (writes) => {
    if ((await writes.account(made.row.id)) !== undefined)
      throw invalidRequest(`The account ${made.row.id} exists already.`, { code: 'resource_already_exists' });
    await writes.commit({ ...emptyBatch(), accounts: [made.row], keys: made.keys, objects: made.objects });
  });
  return { account: made.row.id, secretKey: made.secretKey, publishableKey: made.publishableKey, clock: made.row.clockId };
}

/** An account whose OAuth client may ask others for consent. */
export async function createPlatform(services: Services, input: NewPlatform): Promise<AccountAccess & { clientId: string }> {
  const { clientId: given, redirectUris, ...rest } = input;
  const clientId = given ?? `ca_${services.random.alphanumeric(CLIENT_ID_LENGTH)}`;
  const access = await createAccount(services, { name: 'Platform', ...rest, client_id: clientId, redirect_uris: redirectUris ?? [] });
  return { ...access, clientId };
}

export async function createRestrictedKey(
  services: Services,
  input: { account: string; permissions: string[]; secret?: string },
): Promise<{ secret: string }> {
  const secret = input.secret ?? `rk_test_${services.random.alphanumeric(KEY_LENGTH)}`;
  checkKey(secret);
  const row = { ...keyRow(secret, input.account, 'restricted'), permissions: input.permissions };
  await services.store.write(input.account, (writes) => writes.commit({ ...emptyBatch(), keys: [row] }));
  return { secret };
}

export async function revokeKeys(services: Services, which: { secret?: string; account?: string; platform?: string }): Promise<void> {
  const { secret, ...rest } = which;
  if (secret === undefined && rest.account === undefined && rest.platform === undefined)
    throw invalidRequest('Say which keys: secret, account or platform.');
  const revoked = { ...rest, ...(secret === undefined ? {} : { hash: hashKey(secret) }) };
  await services.store.write(which.account ?? 'keys', (writes) => writes.commit({ ...emptyBatch(), revokeKeys: [revoked] }));
}

/** A key is rolled: same account, same rights, another secret. With a grace period both work until it ends, as in Stripe's dashboard. */
export async function rollKey(services: Services, input: { secret: string; graceSeconds?: number }): Promise<{ secret: string }> {
  const old = await services.store.read((reads) => reads.key(hashKey(input.secret)));
  if (old === undefined) throw invalidRequest('There is no such key to roll.', { code: 'resource_missing' });
  const prefix = /^[a-z]+_test_/.exec(input.secret)?.[0] ?? 'sk_test_';
  const secret = `${prefix}${services.random.alphanumeric(KEY_LENGTH)}`;
  const fresh = { ...keyRow(secret, old.account, old.kind), permissions: old.permissions, platform: old.platform };
  await services.store.write(old.account, async (writes) => {
    const grace = input.graceSeconds ?? 0;
    const now = await presentOf(services, writes, old);
    const expiring = { ...old, expiresAt: now + grace * MS };
    await writes.commit({
      ...emptyBatch(),
      keys: grace > 0 ? [fresh, expiring] : [fresh],
      revokeKeys: grace > 0 ? [] : [{ hash: old.hash }],
    });
  });
  return { secret };
}

export async function listAccounts(services: Services): Promise<{ id: string; settings: AccountSettings }[]> {
  const rows = await services.store.read((reads) => reads.accounts());
  return rows.map((row) => ({ id: row.id, settings: row.settings }));
}

export async function updateAccount(services: Services, input: { account: string; settings: Partial<AccountSettings> }): Promise<void> {
  await services.store.write(input.account, async (writes) => {
    const row = await writes.account(input.account);
    if (row === undefined) throw invalidRequest(`No such account: '${input.account}'`, { code: 'resource_missing' });
    await writes.commit({ ...emptyBatch(), accounts: [{ ...row, settings: { ...row.settings, ...input.settings } }] });
  });
}

/** Never a live-looking key; long enough for the CLI. */
function checkKey(key: string): void {
  if (!/^(sk|rk|pk)_test_[A-Za-z0-9]+$/.test(key) || key.length < MIN_KEY_LENGTH) {
    throw invalidRequest('Keys look like sk_test_…, rk_test_… or pk_test_… and have 20 characters or more.');
  }
}
