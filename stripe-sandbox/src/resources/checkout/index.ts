import type { HookListeners, PageRoute, ResourceFolder, Route, TimerHandler } from '../../kernel/types.ts';
import { includeTotalDetails } from './breakdown.ts';
import { checkoutHooks } from './complete.ts';
import { createSession } from './create.ts';
import { expireDue, expireSession } from './expire.ts';
import { checkoutPages } from './page/index.ts';
import { includeLineItems, listLineItems, listSessions, retrieveSession } from './read.ts';
import { UNSUPPORTED, UNSUPPORTED_UPDATE } from './unsupported.ts';
import { updateSession } from './update.ts';

const ONE = '/v1/checkout/sessions/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/checkout/sessions', run: createSession, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/checkout/sessions', run: listSessions, unsupported: ['customer_account'] },
  { method: 'GET', path: ONE, run: retrieveSession },
  { method: 'POST', path: ONE, run: updateSession, unsupported: UNSUPPORTED_UPDATE },
  { method: 'GET', path: `${ONE}/line_items`, run: listLineItems },
  { method: 'POST', path: `${ONE}/expire`, run: expireSession },
];

export const timers: Record<string, TimerHandler> = { checkout_expire: expireDue };
export const hooks: HookListeners = checkoutHooks;
export const includables: NonNullable<ResourceFolder['includables']> = {
  'checkout.session': { line_items: includeLineItems, total_details: includeTotalDetails },
};
export const pages: PageRoute[] = checkoutPages;
