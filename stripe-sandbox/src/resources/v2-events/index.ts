/** Thin events: what happened, without the object. */
import type { Route } from '../../kernel/types.ts';
import { listThinEvents } from './list.ts';
import { retrieveThinEvent } from './retrieve.ts';

export const routes: Route[] = [
  { method: 'GET', path: '/v2/core/events', run: listThinEvents },
  { method: 'GET', path: '/v2/core/events/{id}', run: retrieveThinEvent },
];
