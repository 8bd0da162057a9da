import type { Route } from '../../kernel/types.ts';
import { list } from './list.ts';
import { retrieve } from './retrieve.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/invoice_payments', run: list },
  { method: 'GET', path: '/v1/invoice_payments/{id}', run: retrieve },
];
