import type { Route } from '../../kernel/types.ts';
import { createToken, retrieveToken } from './create.ts';

const OTHER_KINDS = ['account', 'bank_account', 'customer', 'cvc_update', 'person', 'pii'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/tokens', run: createToken, unsupported: OTHER_KINDS, publishable: true },
  { method: 'GET', path: '/v1/tokens/{id}', run: retrieveToken, publishable: true },
];
