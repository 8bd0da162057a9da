import { InstantEnd } from '../accounts/index.ts';
import type { App } from '../kit/context.ts';
import type { Room } from '../kit/room.ts';
import { environmentSubscriber } from './defaults/subscriber.ts';
import { routes } from './http/routes.ts';
import { exits } from './messages/exits.ts';
import { mailQueue } from './messages/queue.ts';
import { endDeadLeases } from './messages/record.ts';
import { endHolds } from './messages/settle.ts';
import { occurrencesQueue } from './occurrences/queue.ts';
import { subscribers } from './occurrences/subscribers.ts';
import { timers } from './occurrences/timers.ts';
import { createRenderPool, RenderPoolPort } from './render/pool.ts';
import { MailTransportsPort } from './transport.ts';

export const room: Room = {
  name: 'emails',
  routes,
  subscribers: [environmentSubscriber, ...exits, ...subscribers],
  timers,
  queues: [occurrencesQueue, mailQueue],
  setup: async (app) => {
    app.ports.bind(RenderPoolPort, createRenderPool({ machineClock: app.machineClock }));
    app.ports.bind(InstantEnd, endHolds);
    if (app.engine === 'pglite') await endDeadLeases(app);
  },
};

/** Ends the render workers and closes mail connections; call it after the queues have stopped. */
export async function stopEmails(app: App): Promise<void> {
  await app.ports.find(RenderPoolPort)?.close();
  await app.ports.find(MailTransportsPort)?.close();
}
