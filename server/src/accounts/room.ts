import { type App, contextFor } from '../kit/context.ts';
import { type DeadLetter, DeadLetters } from '../kit/dead-letters.ts';
import type { Room } from '../kit/room.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { auditQueue } from './audit-seals.ts';
import { clockRoutes } from './clock-routes.ts';
import { environmentRoutes } from './environment-routes.ts';
import { installationRoutes } from './installation-routes.ts';
import { operatorTaskRoutes } from './operator-task-routes.ts';
import { openOperatorTask } from './operator-tasks.ts';
import { peopleRoutes } from './people-routes.ts';

/** What the room plugs into the server. */
export const accountsRoom: Room = {
  name: 'accounts',
  routes: [...environmentRoutes, ...clockRoutes, ...apiKeyRoutes, ...peopleRoutes, ...installationRoutes, ...operatorTaskRoutes],
  queues: [auditQueue],
  setup: (app) => app.ports.bind(DeadLetters, openTask),
};

async function openTask(app: App, letter: DeadLetter): Promise<void> {
  const ctx = await contextFor(app, { environmentId: letter.environmentId, actor: 'system' });
  const { kind, objectType, objectId, title, detail } = letter;
  await openOperatorTask(ctx, { kind, severity: 'critical', objectType, objectId, dedupeKey: `${kind}:${objectId}`, title, detail });
}
