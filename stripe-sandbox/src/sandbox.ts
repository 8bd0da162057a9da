/** Puts the Sandbox together: store, contract, registry, sender, clocks, control API and the one entry. */
import { type Clocks, createClocks } from './clock/clocks.ts';
import { type Contract, loadContract } from './contract/contract.ts';
import { type Control, createControl } from './control/control.ts';
import { createHistory } from './faults/history.ts';
import { createFaults } from './faults/rules.ts';
import { createCliHub } from './http/cli-hub.ts';
import { createEntry, type Entry } from './http/entry.ts';
import { IDEMPOTENCY_LIFETIME_MS } from './http/idempotency.ts';
import { type Listening, listen } from './http/listen.ts';
import { createRequestLog, type RequestLog } from './http/request-log.ts';
import { type Limits, limitsOf, type Profile } from './kernel/limits.ts';
import type { Registry, Services } from './kernel/services.ts';
import type { ResourceFolder } from './kernel/types.ts';
import { type Deliver, type Follower, httpDeliver, type RandomPort, systemClock, systemRandom, type TransportClock } from './ports.ts';
import { buildRegistry, loadFolders } from './resources/registry.ts';
import { cachedStore } from './store/cached.ts';
import { memoryStore } from './store/memory.ts';
import type { Store } from './store/port.ts';
import { retrySchedule } from './webhooks/retry.ts';
import { createSender, type Sender } from './webhooks/sender.ts';

const DEFAULT_SETTLE_MS = 5000;
const PRUNE_EVERY_MS = 3_600_000;

export type SandboxOptions = {
  /** Default: in memory. */
  store?: Store;
  /** Transport time; default the system's. */
  clock?: TransportClock;
  random?: RandomPort;
  /** Default: HTTP to loopback hosts only. */
  deliver?: Deliver;
  follower?: Follower;
  /** What hosted pages and list links start with; default the listening address. */
  publicUrl?: string;
  /** `strict` applies Stripe's limits: rates, clocks, counts (kernel/limits.ts). Default relaxed. */
  profile?: Profile;
  /** Single limits on top of the profile; `false` lifts one. */
  limits?: { [name in keyof Limits]?: number | false };
  /** Tests: check every answer and event object against the contract; `throw` fails the request, `collect` keeps the findings. */
  validateResponses?: boolean | 'collect';
  /** How long an instant waits for first delivery attempts, ms; `off` does not wait. */
  settle?: number | 'off';
  /** Bearer token of the control API over HTTP; without one it answers loopback callers without asking. */
  controlToken?: string;
  /** How long Stripe tries again: three times over a few hours (`test`, the default) or for three days (`live`). */
  webhookRetries?: 'test' | 'live';
  /**
   * Deliveries, clocks and wall timers start by themselves; otherwise `start()` starts them (one process of several), and the resource
   * folders, some hundred modules, are read at the first call or at `start`.
   */
  autostart?: boolean;
  /** Resource folders; default all. */
  folders?: ResourceFolder[];
};

export type Sandbox = {
  /** Takes what `fetch` takes: hand it to `Stripe.createFetchHttpClient`. Never call it inside an open database transaction. */
  fetch: Entry['fetch'];
  /** Serves the same on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<Listening>;
  control: Control;
  setFollower(follower: Follower | null): void;
  start(): Promise<void>;
  /** Stops background work and servers; the store stays the caller's when it was given. */
  close(): Promise<void>;
  /** Contract findings since the last call (validateResponses: 'collect'). */
  violations(): string[];
};

export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const store = options.store ?? memoryStore();
  const contract = loadContract();
  await store.open();
  const parts: Running = { url: options.publicUrl ?? null, found: [], servers: [], cancelPrune: null };
  const registry = lazyRegistry(contract, options.folders ?? null);
  const services = buildServices(options, { store, contract, registry, parts });
  const sender = createSender(services, services.cli.delivering(options.deliver ?? httpDeliver()));
  const settleMs = options.settle === 'off' ? 0 : (options.settle ?? DEFAULT_SETTLE_MS);
  const clocks = createClocks(services, sender, { follower: options.follower ?? null, settleMs });
  let started = false;
  services.committed = (change) => {
    if (!started) return;
    if (change.deliveries > 0) sender.wake();
    if (change.timers > 0) clocks.wake(change.account);
    for (const clock of change.advancing) clocks.advance(change.account, clock).catch(reportTrouble);
  };
  const control = afterLoading(createControl(services, { sender, clocks, token: options.controlToken ?? null }), registry.load);
  const entry = createEntry(services, control);
  const start = async (): Promise<void> => {
    if (started) return;
    started = true;
    await registry.load();
    sender.start();
    clocks.start();
    schedulePrune(services, parts);
    sender.wake();
    await clocks.resume();
  };
  if (options.autostart !== false) await start();
  return {
    fetch: entry.fetch,
    async listen(port = 0) {
      const publicHosts = () => (parts.url === null ? [] : [new URL(parts.url).hostname]);
      const server = await listen(entry, port, { publicHosts, upgrade: services.cli.upgrade });
      parts.servers.push(server);
      parts.url ??= server.url;
      return server;
    },
    control,
    setFollower: clocks.setFollower,
    start,
    close: () => close({ services, sender, clocks, parts, store: options.store === undefined ? store : null }),
    violations: () => parts.found.splice(0),
  };
}

/** Trouble in background work: nobody waits for it, so it is said aloud. The stored target resumes the advance at the next start. */
function reportTrouble(error: unknown): void {
  process.stderr.write(`Stripe Sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

type LazyRegistry = { load(): Promise<void>; get(): Registry };

function lazyRegistry(contract: Contract, folders: ResourceFolder[] | null): LazyRegistry {
  let registry: Registry | null = null;
  const read = async (): Promise<void> => {
    registry = buildRegistry(contract, folders ?? (await loadFolders()));
  };
  let reading: Promise<void> | null = null;
  return {
    load: () => {
      reading ??= read();
      return reading;
    },
    get: () => {
      if (registry === null) throw new Error('The resource folders are not loaded yet: call load() first');
      return registry;
    },
  };
}

/** What touches objects waits for their folders; rules and logs do not need them. */
const WITHOUT_FOLDERS = new Set(['faults', 'requests', 'refusals', 'handle']);

function afterLoading(control: Control, load: () => Promise<void>): Control {
  const wrapped = Object.entries(control).map(([name, verb]) => {
    if (WITHOUT_FOLDERS.has(name)) return [name, verb];
    const call = verb as (...given: unknown[]) => Promise<unknown>;
    return [name, (...given: unknown[]) => load().then(() => call(...given))];
  });
  return Object.fromEntries(wrapped) as Control;
}

type Running = { url: string | null; found: string[]; servers: Listening[]; cancelPrune: (() => void) | null };

function buildServices(
  options: SandboxOptions,
  given: { store: Store; contract: Contract; registry: LazyRegistry; parts: Running },
): Services {
  const random = options.random ?? systemRandom();
  const { parts } = given;
  const report = (found: string[]): void => {
    if (options.validateResponses === 'collect') parts.found.push(...found);
    else throw new Error(`The answer breaks the contract:\n${found.join('\n')}`);
  };
  const clock = options.clock ?? systemClock();
  const faults = createFaults(random);
  const history = createHistory({ now: () => clock.now(), wanted: () => faults.wants('stale_read') });
  const services: Services = {
    store: cachedStore(history.watch(given.store)),
    clock,
    random,
    contract: given.contract,
    get registry() {
      return given.registry.get();
    },
    load: given.registry.load,
    publicUrl: () => parts.url ?? 'http://127.0.0.1:12111',
    profile: options.profile ?? 'relaxed',
    limits: limitsOf(options.profile ?? 'relaxed', options.limits),
    faults,
    history,
    retryAfterMs: retrySchedule(options.webhookRetries ?? 'test'),
    log: createRequestLog(),
    // Needs the services themselves.
    cli: undefined as never,
    committed: () => undefined,
    violations: options.validateResponses ? report : null,
  };
  services.cli = createCliHub(services);
  services.log = withTails(services);
  return services;
}

/** The request log that also tells running `stripe logs tail` commands. */
function withTails({ log, cli }: Services): RequestLog {
  return {
    ...log,
    add(request) {
      log.add(request);
      cli.logged(request);
    },
  };
}

/** Idempotency keys live 24 hours of transport time. */
function schedulePrune(services: Services, parts: Running): void {
  const prune = (): void => {
    void services.store.prune(services.clock.now() - IDEMPOTENCY_LIFETIME_MS).catch(reportTrouble);
    parts.cancelPrune = services.clock.after(PRUNE_EVERY_MS, prune);
  };
  prune();
}

async function close(running: { services: Services; sender: Sender; clocks: Clocks; parts: Running; store: Store | null }): Promise<void> {
  running.parts.cancelPrune?.();
  await running.services.cli.close();
  await Promise.all(running.parts.servers.splice(0).map((server) => server.close()));
  await running.clocks.stop();
  await running.sender.stop();
  await running.store?.close();
}
