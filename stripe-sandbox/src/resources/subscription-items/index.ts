import type { Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { list } from './list.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';

const ONE = '/v1/subscription_items/{id}';
const UNSUPPORTED = ['current_trial'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/subscription_items', run: create, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/subscription_items', run: list },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update, unsupported: UNSUPPORTED },
  { method: 'DELETE', path: ONE, run: remove },
];
