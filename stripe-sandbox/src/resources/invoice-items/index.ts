import type { Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { list } from './list.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

const ONE = '/v1/invoiceitems/{id}';
const UNSUPPORTED = ['customer_account'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/invoiceitems', run: create, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/invoiceitems', run: list },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update, unsupported: [...UNSUPPORTED, 'invoicing_rules'] },
  { method: 'DELETE', path: ONE, run: remove },
];
