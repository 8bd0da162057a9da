import type { HookListeners, PageRoute, Route, TimerHandler } from '../../kernel/types.ts';
import { createConfiguration, listConfigurations, retrieveConfiguration, updateConfiguration } from './configurations.ts';
import { portalHooks, portalPages, portalTimers } from './page/index.ts';
import { createPortalSession } from './sessions.ts';

const CONFIGURATIONS = '/v1/billing_portal/configurations';
const NO_SESSIONS = ['after_expiration', 'customer_account', 'on_behalf_of'];

export const routes: Route[] = [
  { method: 'POST', path: CONFIGURATIONS, run: createConfiguration },
  { method: 'GET', path: CONFIGURATIONS, run: listConfigurations },
  { method: 'GET', path: `${CONFIGURATIONS}/{id}`, run: retrieveConfiguration },
  { method: 'POST', path: `${CONFIGURATIONS}/{id}`, run: updateConfiguration },
  { method: 'POST', path: '/v1/billing_portal/sessions', run: createPortalSession, unsupported: NO_SESSIONS },
];

export const pages: PageRoute[] = portalPages;
export const hooks: HookListeners = portalHooks;
export const timers: Record<string, TimerHandler> = portalTimers;
