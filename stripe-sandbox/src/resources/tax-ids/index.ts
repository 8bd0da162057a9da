import type { Route } from '../../kernel/types.ts';
import { createAccountTaxId, deleteAccountTaxId, listAccountTaxIds, retrieveAccountTaxId } from './of-account.ts';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/tax_ids', run: createAccountTaxId },
  { method: 'GET', path: '/v1/tax_ids', run: listAccountTaxIds },
  { method: 'GET', path: '/v1/tax_ids/{id}', run: retrieveAccountTaxId },
  { method: 'DELETE', path: '/v1/tax_ids/{id}', run: deleteAccountTaxId },
];
