import type { PageRoute, Route } from '../../kernel/types.ts';
import { confirm, create } from './create.ts';
import { listSetupAttempts, retrieveMandate } from './mandate.ts';
import { showMandate } from './mandate-page.ts';
import { cancel, list, retrieve, update } from './update.ts';

const ALL = '/v1/setup_intents';
const ONE = `${ALL}/{id}`;
const UNSUPPORTED = [
  'confirmation_token',
  'customer_account',
  'on_behalf_of',
  'payment_method_configuration',
  'payment_method_data',
  'single_use',
];

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: create, unsupported: UNSUPPORTED },
  { method: 'GET', path: ALL, run: list, unsupported: ['attach_to_self', 'customer_account'] },
  { method: 'GET', path: ONE, run: retrieve, publishable: true },
  { method: 'POST', path: ONE, run: update, unsupported: UNSUPPORTED },
  { method: 'POST', path: `${ONE}/confirm`, run: confirm, unsupported: UNSUPPORTED },
  { method: 'POST', path: `${ONE}/cancel`, run: cancel },
  { method: 'GET', path: '/v1/setup_attempts', run: listSetupAttempts },
  { method: 'GET', path: '/v1/mandates/{id}', run: retrieveMandate },
];

export const pages: PageRoute[] = [{ method: 'GET', path: '/mandates/{mandate}', run: showMandate }];
