/** The front door of the Stripe adapter: connection, inbox, mirror and clock of one Stripe account per environment. */
import { ProviderClock } from '../../accounts/index.ts';
import { StripeMirrorPort } from '../../emails/index.ts';
import type { Room } from '../../kit/room.ts';
import { stripeClock } from './clock.ts';
import { reconcileQueue } from './connection/reconcile.ts';
import { connectionRoutes } from './connection/routes.ts';
import { setupQueue } from './connection/settle.ts';
import { pollQueue } from './inbox/poll.ts';
import { inboxQueue } from './inbox/reader.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { stripeMirror } from './mirror.ts';
import { createRuntime, StripeRuntime } from './runtime.ts';

export { type Sdk, sdkFor } from './client.ts';
export { connectSandbox, repairSandboxConnection, type SandboxConnection, sandboxConnection } from './connection/connect-sandbox.ts';
export { liveEngineProblem, requireLiveEngine } from './connection/live-engine.ts';
export { setOauthClient } from './connection/oauth-client.ts';
export { environmentOfAccount } from './connection/queries.ts';
export { remoteObject } from './pull/remote-objects.ts';
export { SandboxHost } from './sandbox-host.ts';

export const room: Room = {
  name: 'stripe',
  routes: [...connectionRoutes, ...inboxRoutes],
  queues: [setupQueue, pollQueue, inboxQueue, reconcileQueue],
  setup: (app) => {
    app.ports.bind(StripeRuntime, createRuntime(app));
    app.ports.bind(ProviderClock, stripeClock);
    app.ports.bind(StripeMirrorPort, stripeMirror);
  },
};
