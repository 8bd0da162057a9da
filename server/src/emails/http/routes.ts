import type { Route } from '../../kit/http.ts';
import { messageRoutes } from './message-routes.ts';
import { routingRoutes } from './routing-routes.ts';
import { sendingRoutes } from './sending-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { templateRoutes } from './template-routes.ts';
import { triggerRoutes } from './trigger-routes.ts';
import { versionRoutes } from './version-routes.ts';

export const routes: readonly Route[] = [
  ...triggerRoutes,
  ...templateRoutes,
  ...versionRoutes,
  ...routingRoutes,
  ...messageRoutes,
  ...settingsRoutes,
  ...sendingRoutes,
];
