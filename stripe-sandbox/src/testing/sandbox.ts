/** A started Sandbox for tests: one account on a virtual clock, the official SDK in front of it. Tests here and of the product use it instead of mocks. */
import Stripe from 'stripe';
import { createSandbox, type Sandbox, type SandboxOptions, seededRandom, type TransportClock } from '../index.ts';

export type TestSandbox = {
  sandbox: Sandbox;
  account: string;
  secretKey: string;
  /** The SDK in process. */
  stripe: Stripe;
  /** Moves the account's clock and waits until it is ready. */
  advance(to: Date | string): Promise<void>;
  /** Event types about one object (or all), oldest first. */
  eventTypes(object?: string): Promise<string[]>;
  close(): Promise<void>;
};

/** Starts at `now` (default 2026-01-01T00:00:00Z) with contract checks on: an answer that breaks the SDK's types fails the call. */
export async function startSandbox(options: SandboxOptions & { now?: Date | string } = {}): Promise<TestSandbox> {
  const { now = '2026-01-01T00:00:00Z', ...rest } = options;
  const sandbox = await createSandbox({ random: seededRandom(1), validateResponses: true, ...rest });
  const access = await sandbox.control.createAccount({ name: 'Acme', clock: { mode: 'virtual', now: seconds(now) } });
  return {
    sandbox,
    account: access.account,
    secretKey: access.secretKey,
    stripe: sdkFor(sandbox, access.secretKey),
    advance: async (to) => void (await sandbox.control.advance({ account: access.account, to: seconds(to) })),
    async eventTypes(object) {
      const events = await sandbox.control.events({ account: access.account, ...(object === undefined ? {} : { object }) });
      return events.map((event) => event.type as string);
    },
    close: () => sandbox.close(),
  };
}

export function sdkFor(sandbox: Sandbox, key: string): Stripe {
  return new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(sandbox.fetch as typeof fetch),
    telemetry: false,
    maxNetworkRetries: 0,
  });
}

export function seconds(at: Date | string): number {
  return Math.floor(new Date(at).getTime() / 1000);
}

export type ManualClock = TransportClock & {
  /** Moves transport time and runs what falls due on the way. */
  pass(ms: number): void;
};

/** Transport time that stands still until a test moves it. */
export function manualClock(start: Date | string): ManualClock {
  let now = new Date(start).getTime();
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const entry = { at: now + ms, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    pass(ms) {
      const until = now + ms;
      for (;;) {
        const next = waiting.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waiting = waiting.filter((entry) => entry !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = until;
    },
  };
}
