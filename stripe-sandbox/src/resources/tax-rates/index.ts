import type { Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

const ONE = '/v1/tax_rates/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/tax_rates', run: create },
  { method: 'GET', path: '/v1/tax_rates', run: list },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update },
];
