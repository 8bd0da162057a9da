/** The Stripe Sandbox: a stateful Stripe emulator. `createSandbox` is the whole public surface. `readAhead` reads its modules early. */
export type { Control } from './control/control.ts';
export {
  type Deliver,
  type Follower,
  httpDeliver,
  type OutgoingRequest,
  type RandomPort,
  seededRandom,
  systemClock,
  systemRandom,
  type TransportClock,
} from './ports.ts';
export { loadFolders as readAhead } from './resources/registry.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { memoryStore } from './store/memory.ts';
export type { Store } from './store/port.ts';
export { type Pool, postgresStore } from './store/postgres.ts';
