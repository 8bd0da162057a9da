import type { Route } from '../../kernel/types.ts';
import { listAccounts } from './list.ts';
import { retrieveAccount, retrieveOwnAccount } from './retrieve.ts';

/** A restricted key may call none of these: the entry refuses it, naming the account, as Stripe does. */
export const routes: Route[] = [
  { method: 'GET', path: '/v1/account', run: retrieveOwnAccount },
  { method: 'GET', path: '/v1/accounts', run: listAccounts, unsupported: ['created'] },
  { method: 'GET', path: '/v1/accounts/{id}', run: retrieveAccount },
];
