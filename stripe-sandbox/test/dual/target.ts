/** What a scenario runs against: the Sandbox with Stripe's limits on, or real Stripe's test mode. The scenario cannot tell which. */
import Stripe from 'stripe';
import { manualClock, startSandbox } from '../../src/testing/index.ts';

/** Below the 25 a second of a test account [S 3.9]. */
export const REQUESTS_PER_SECOND = 20;
const CLOCK_POLL_MS = 1500;
const CLOCK_PATIENCE_MS = 300_000;

export type Target = {
  name: 'sandbox' | 'stripe';
  stripe: Stripe;
  /** Lets time pass outside: real time at Stripe, none in the Sandbox. */
  pause(ms: number): Promise<void>;
  close(): Promise<void>;
};

/** Only test-mode keys: everything else is refused before a request is made. */
export function checkTestKey(key: string): string {
  if (!/^(sk|rk)_test_[A-Za-z0-9]{10,}$/.test(key)) throw new Error('STRIPE_TEST_KEY must be a test-mode key (sk_test_… or rk_test_…).');
  return key;
}

export async function openSandbox(): Promise<Target> {
  const clock = manualClock('2026-01-01T00:00:00Z');
  const world = await startSandbox({ profile: 'strict', clock, settle: 'off' });
  const pause = async (ms: number) => {
    clock.pass(ms);
    await world.sandbox.control.idle();
  };
  const paced = pacer({ now: () => clock.now(), pause, perSecond: REQUESTS_PER_SECOND });
  const fetchPaced = async (url: string, init: RequestInit) => {
    await paced();
    return world.sandbox.fetch(url, init);
  };
  const httpClient = Stripe.createFetchHttpClient(fetchPaced as typeof fetch);
  const stripe = new Stripe(world.secretKey, { httpClient, telemetry: false, maxNetworkRetries: 0 });
  return { name: 'sandbox', stripe, pause, close: world.close };
}

export function openStripe(key: string): Target {
  checkTestKey(key);
  const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
  const paced = pacer({ now: () => Date.now(), pause, perSecond: REQUESTS_PER_SECOND });
  const fetchPaced = async (url: string | URL | Request, init?: RequestInit) => {
    await paced();
    return fetch(url, init);
  };
  const httpClient = Stripe.createFetchHttpClient(fetchPaced as typeof fetch);
  return {
    name: 'stripe',
    stripe: new Stripe(key, { httpClient, telemetry: false, maxNetworkRetries: 2 }),
    pause,
    close: async () => undefined,
  };
}

/** Resolves when the next request may go: one after the other, so many a second. */
export function pacer(a: { now: () => number; pause: (ms: number) => Promise<void>; perSecond: number }): () => Promise<void> {
  const gap = 1000 / a.perSecond;
  let free = 0;
  return async () => {
    const at = Math.max(free, a.now());
    free = at + gap;
    if (at > a.now()) await a.pause(at - a.now());
  };
}

/** Moves a test clock and waits until it is ready, in steps that Stripe allows. */
export async function advance(target: Target, clock: string, to: number): Promise<void> {
  await target.stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
  for (let waited = 0; waited < CLOCK_PATIENCE_MS; waited += CLOCK_POLL_MS) {
    const { status } = await target.stripe.testHelpers.testClocks.retrieve(clock);
    if (status === 'ready') return;
    if (status === 'internal_failure') throw new Error(`The clock ${clock} failed.`);
    await target.pause(CLOCK_POLL_MS);
  }
  throw new Error(`The clock ${clock} did not become ready.`);
}
