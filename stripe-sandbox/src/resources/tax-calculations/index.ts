import type { ResourceFolder, Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { calculationIncludables, lineItems, retrieve } from './read.ts';

export const routes: Route[] = [
  {
    method: 'POST',
    path: '/v1/tax/calculations',
    run: create,
    unsupported: ['ship_from_details', 'shipping_cost'],
  },
  { method: 'GET', path: '/v1/tax/calculations/{id}', run: retrieve },
  { method: 'GET', path: '/v1/tax/calculations/{id}/line_items', run: lineItems },
];

export const includables: NonNullable<ResourceFolder['includables']> = { 'tax.calculation': calculationIncludables };
