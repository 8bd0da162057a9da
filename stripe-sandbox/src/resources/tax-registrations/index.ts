import type { Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { list, retrieve } from './read.ts';
import { update } from './update.ts';

const ALL = '/v1/tax/registrations';

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: create },
  { method: 'GET', path: ALL, run: list },
  { method: 'GET', path: `${ALL}/{id}`, run: retrieve },
  { method: 'POST', path: `${ALL}/{id}`, run: update },
];
