import type { HookListeners, Route, TimerHandler } from '../../kernel/types.ts';
import { subscriptionHooks } from './hooks.ts';
import { subscriptionRoutes } from './routes.ts';
import { subscriptionTimers } from './timers.ts';

export const routes: Route[] = subscriptionRoutes;
export const timers: Record<string, TimerHandler> = subscriptionTimers;
export const hooks: HookListeners = subscriptionHooks;
