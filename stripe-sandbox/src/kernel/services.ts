/** What the running Sandbox hands to its transactions: ports, store, the registry's tables. Built once in index.ts. */
import type { Contract } from '../contract/contract.ts';
import type { History } from '../faults/history.ts';
import type { Faults } from '../faults/rules.ts';
import type { CliHub } from '../http/cli-hub.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { RandomPort, TransportClock } from '../ports.ts';
import type { Store } from '../store/port.ts';
import type { Limits, Profile } from './limits.ts';
import type { HookListeners, Includable, PageRoute, Route, TimerHandler } from './types.ts';

export type Registry = {
  routes: Map<string, Route>;
  timers: Map<string, TimerHandler>;
  hooks: HookListeners[];
  includables: Map<string, Map<string, Includable>>;
  pages: PageRoute[];
};

export type Services = {
  store: Store;
  clock: TransportClock;
  random: RandomPort;
  contract: Contract;
  /** Throws before `load` has resolved. */
  readonly registry: Registry;
  /** Reads the resource folders once. */
  load(): Promise<void>;
  publicUrl: () => string;
  profile: Profile;
  limits: Limits;
  faults: Faults;
  /** What `stale_read` shows. */
  history: History;
  /** How long after each failed delivery the next one follows, ms. */
  retryAfterMs: number[];
  log: RequestLog;
  /** Running commands of the Stripe CLI. */
  cli: CliHub;
  /** Called after each commit that recorded events or timers. */
  committed: (change: { account: string; events: number; deliveries: number; timers: number; advancing: string[] }) => void;
  /** Test switch: every response and event object is checked against the contract; findings are collected or thrown. */
  violations: ((found: string[]) => void) | null;
};
