import { createSandbox, type Follower, httpDeliver, postgresStore, readAhead, type Sandbox } from 'stripe-sandbox';
import { nextOwnInstant, reachInstant, settle } from './accounts/index.ts';
import type { App } from './kit/context.ts';
import type { Database } from './kit/engine.ts';
import { readSetting, writeSetting } from './kit/instance-settings.ts';
import { takeLeadership } from './kit/leader.ts';
import type { Log } from './kit/log.ts';
import { instantFromUnix, isAtOrBefore, toUnix } from './kit/time.ts';
import { environmentOfAccount, SandboxHost } from './providers/stripe/index.ts';

/** The Stripe Sandbox beside the server. `sandbox` is null in a process that uses the one of another process. */
export type RunningSandbox = { url: string; sandbox: Sandbox | null; close(): Promise<void> };

const LEADER = 'stripe_sandbox';

/** Begins to read the Sandbox's modules, so that they are there when it is opened; what fails is said when they are needed. */
export function readSandboxAhead(log: Log): void {
  void readAhead().catch((error: unknown) => log.warn('read_ahead_failed', { error }));
}

/**
 * Starts the Sandbox on the same database (schema stripe_sandbox) and binds it to the Stripe adapter. Its clocks, deliveries and pages run in
 * one process; the others call that one. Answers before deliveries begin: call `begin` once webhooks can be received.
 */
export async function openSandbox(app: App, database: Database): Promise<RunningSandbox & { begin(): Promise<void> }> {
  const mayLead = app.config.role !== 'worker';
  const leadership = mayLead ? await takeLeadership(database, { url: app.config.databaseUrl, name: LEADER }) : null;
  if (leadership === null) return useOther(app);
  const sandbox = await createSandbox({
    store: postgresStore(database.pool),
    clock: { now: () => app.machineClock.now().epochMilliseconds, after: app.machineClock.after },
    deliver: httpDeliver(['127.0.0.1', 'localhost', '[::1]', ...publicHost(app)]),
    follower: follower(app),
    autostart: false,
  });
  const { url, port } = await sandbox.listen(app.config.stripeSandboxPort);
  app.config.stripeSandboxPort = port;
  await writeSetting(app, 'stripe_sandbox_url', url);
  bindHost(app, { url, sandbox });
  const close = async () => {
    await sandbox.close();
    await leadership.release();
  };
  return { url, sandbox, close, begin: () => sandbox.start() };
}

/** Billow comes along at every instant of an account's own clock; on another test clock of the account it only works off what is there. */
function follower(app: App): Follower {
  return {
    next: async (account, clock, until) => {
      if (clock !== account.clockId) return null;
      const environmentId = await environmentOfAccount(app, account.id);
      const own = environmentId === null ? null : await nextOwnInstant(app, environmentId);
      return own !== null && isAtOrBefore(own, instantFromUnix(until)) ? toUnix(own) : null;
    },
    reached: async (account, clock, instant) => {
      const environmentId = await environmentOfAccount(app, account.id);
      if (environmentId === null) return;
      if (clock === account.clockId) await reachInstant(app, environmentId, instantFromUnix(instant));
      else await settle(app, environmentId);
    },
  };
}

function bindHost(app: App, a: { url: string; sandbox: Sandbox }): void {
  const { control } = a.sandbox;
  const clockAt = (now: Temporal.Instant | null) => (now === null ? {} : { clock: { mode: 'virtual' as const, now: toUnix(now) } });
  app.ports.bind(SandboxHost, {
    url: a.url,
    fetch: a.sandbox.fetch,
    createAccount: async ({ name, now, clientId, redirectUris }) => {
      const input = { name, ...clockAt(now) };
      const made =
        clientId === undefined
          ? await control.createAccount(input)
          : await control.createPlatform({ ...input, clientId, redirectUris: redirectUris ?? [] });
      return { accountId: made.account, secretKey: made.secretKey };
    },
    simulate: async (accountId, now) => {
      await control.setClock({ account: accountId, mode: 'virtual', now: toUnix(now) });
    },
  });
}

async function useOther(app: App): Promise<RunningSandbox & { begin(): Promise<void> }> {
  const url = (await readSetting(app, 'stripe_sandbox_url')) ?? `http://127.0.0.1:${app.config.stripeSandboxPort}`;
  const elsewhere = async (): Promise<never> => {
    throw new Error('The Stripe Sandbox runs in another process: ask that one');
  };
  app.ports.bind(SandboxHost, { url, fetch: globalThis.fetch, createAccount: elsewhere, simulate: elsewhere });
  return { url, sandbox: null, close: async () => {}, begin: async () => {} };
}

function publicHost(app: App): string[] {
  return app.config.publicUrl === null ? [] : [new URL(app.config.publicUrl).hostname];
}
