import type { ResourceFolder, Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { list, planIncludables, retrieve } from './read.ts';
import { update } from './update.ts';

const ONE = '/v1/plans/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/plans', run: create },
  { method: 'GET', path: '/v1/plans', run: list },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update },
  { method: 'DELETE', path: ONE, run: remove },
];

export const includables: NonNullable<ResourceFolder['includables']> = { plan: planIncludables };
