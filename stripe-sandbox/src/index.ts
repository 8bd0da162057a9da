/** The Stripe Sandbox: a stateful Stripe emulator. `createSandbox` is the whole public surface. */
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
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { memoryStore } from './store/memory.ts';
export type { Store } from './store/port.ts';
export { type Pool, postgresStore } from './store/postgres.ts';
