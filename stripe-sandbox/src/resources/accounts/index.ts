import type { Route } from '../../kernel/types.ts';
import { listAccounts } from './list.ts';
import { createAccount, deleteAccount, updateAccount } from './make.ts';
import { retrieveAccount, retrieveOwnAccount } from './retrieve.ts';

const ONE = '/v1/accounts/{id}';
/** Onboarding, verification and payout settings of connected accounts. */
const ONBOARDING = [
  'account_token',
  'business_profile',
  'capabilities',
  'company',
  'controller',
  'documents',
  'external_account',
  'groups',
  'individual',
  'settings',
  'tos_acceptance',
];

/** A restricted key may call none of these: the entry refuses it, naming the account, as Stripe does. */
export const routes: Route[] = [
  { method: 'GET', path: '/v1/account', run: retrieveOwnAccount },
  { method: 'GET', path: '/v1/accounts', run: listAccounts, unsupported: ['created'] },
  { method: 'POST', path: '/v1/accounts', run: createAccount, unsupported: ONBOARDING },
  { method: 'GET', path: ONE, run: retrieveAccount },
  { method: 'POST', path: ONE, run: updateAccount, unsupported: [...ONBOARDING, 'default_currency'] },
  { method: 'DELETE', path: ONE, run: deleteAccount },
];
