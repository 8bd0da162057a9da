import { refreshEntitlements } from '../../billing/entitlements/refresh.ts';
import type { HookListeners, Route } from '../../kernel/types.ts';
import { listActiveEntitlements, retrieveActiveEntitlement } from './active.ts';
import { createFeature, listFeatures, retrieveFeature, updateFeature } from './features.ts';

const FEATURES = '/v1/entitlements/features';
const ACTIVE = '/v1/entitlements/active_entitlements';

export const routes: Route[] = [
  { method: 'POST', path: FEATURES, run: createFeature },
  { method: 'GET', path: FEATURES, run: listFeatures },
  { method: 'GET', path: `${FEATURES}/{id}`, run: retrieveFeature },
  { method: 'POST', path: `${FEATURES}/{id}`, run: updateFeature },
  { method: 'GET', path: ACTIVE, run: listActiveEntitlements },
  { method: 'GET', path: `${ACTIVE}/{id}`, run: retrieveActiveEntitlement },
];

export const hooks: HookListeners = { 'subscription.updated': refreshEntitlements };
