/** Accounts and keys, seen from a transaction: what the consent page and the OAuth endpoints need. */
import { newAccount } from '../control/new-account.ts';
import { hashKey, hintOf } from '../http/keys.ts';
import type { StoreReads } from '../store/port.ts';
import type { Services } from './services.ts';
import type { Directory } from './types.ts';
import type { View } from './view.ts';

export function directoryOf(services: Services, store: StoreReads, view: () => View): Directory {
  return {
    accounts: async () => [...(await store.accounts()), ...view().newAccounts],
    findByClientId: async (clientId) => (await store.accounts()).find((account) => account.settings.client_id === clientId),
    async createAccount(input) {
      const made = newAccount(services, input);
      view().newAccounts.push(made.row);
      view().newObjects.push(...made.objects);
      view().keys.push(...made.keys);
      return { account: made.row, secretKey: made.secretKey, publishableKey: made.publishableKey };
    },
    addKey(key) {
      view().keys.push({
        hash: hashKey(key.secret),
        account: key.account,
        kind: key.kind,
        permissions: key.permissions ?? [],
        platform: key.platform ?? null,
        expiresAt: key.expiresAt === undefined ? null : key.expiresAt * 1000,
        hint: hintOf(key.secret),
      });
    },
    revokeKeys(which) {
      view().revoked.push({
        ...(which.secret === undefined ? {} : { hash: hashKey(which.secret) }),
        ...(which.account === undefined ? {} : { account: which.account }),
        ...(which.platform === undefined ? {} : { platform: which.platform }),
      });
    },
  };
}
