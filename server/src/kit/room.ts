import type { App } from './context.ts';
import type { Subscriber } from './events.ts';
import type { Route } from './http.ts';
import type { JobDefinition } from './jobs.ts';
import type { WorkQueue } from './queues.ts';
import type { TimerKind } from './timers.ts';

/** What a room plugs into the server; its index.ts exports one as `room`. */
export type Room = {
  name: string;
  routes?: readonly Route[];
  subscribers?: readonly Subscriber[];
  timers?: readonly TimerKind[];
  queues?: readonly WorkQueue[];
  jobs?: readonly JobDefinition[];
  /** Binds ports and seeds what must exist; runs after the migrations, before requests and readers. */
  setup?(app: App): Promise<void> | void;
};

/** Registers everything of the rooms, in the order of the list; then runs their setups in that order. */
export async function openRooms(app: App, rooms: readonly Room[]): Promise<void> {
  for (const room of rooms) {
    app.subscribers.add(room.subscribers ?? []);
    app.timers.add(room.timers ?? []);
    app.queues.add(room.queues ?? []);
    app.jobs.add(room.jobs ?? []);
  }
  for (const room of rooms) await room.setup?.(app);
}
