import type { Route } from '../../kernel/types.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { removeDiscount } from './delete-discount.ts';
import { list } from './list.ts';
import { migrate } from './migrate.ts';
import { pause } from './pause.ts';
import { resume } from './resume.ts';
import { retrieve } from './retrieve.ts';
import { search } from './search.ts';
import { update } from './update.ts';

const ONE = '/v1/subscriptions/{id}';
/** Known, without behaviour here. */
const COMMON = [
  'application_fee_percent',
  'billing_schedules',
  'customer_account',
  'default_source',
  'on_behalf_of',
  'pending_invoice_item_interval',
  'transfer_data',
];

export const subscriptionRoutes: Route[] = [
  { method: 'POST', path: '/v1/subscriptions', run: create, unsupported: [...COMMON, 'backdate_start_date'] },
  { method: 'GET', path: '/v1/subscriptions', run: list, unsupported: ['automatic_tax', 'customer_account'] },
  { method: 'GET', path: '/v1/subscriptions/search', run: search },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update, unsupported: [...COMMON, 'trial_from_plan'] },
  { method: 'DELETE', path: ONE, run: cancel },
  { method: 'DELETE', path: `${ONE}/discount`, run: removeDiscount },
  { method: 'POST', path: '/v1/subscriptions/{id}/migrate', run: migrate },
  { method: 'POST', path: '/v1/subscriptions/{id}/pause', run: pause },
  { method: 'POST', path: '/v1/subscriptions/{id}/resume', run: resume },
];
