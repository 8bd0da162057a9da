import type { Route } from '../../kernel/types.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v1/tax/settings', run: retrieve },
  { method: 'POST', path: '/v1/tax/settings', run: update },
];
