/** Test support: a Sandbox in process whose every answer is checked against the contract, an account with simulated time, the official SDK. */
import Stripe from 'stripe';
import { createSandbox, type Sandbox, type SandboxOptions, seededRandom } from '../../index.ts';
import type { Outcome, PageRequest, ResourceFolder, Tx } from '../../kernel/types.ts';
import { loadFolders } from '../../resources/registry.ts';

const MS = 1000;

export type World = {
  stripe: Stripe;
  sandbox: Sandbox;
  account: string;
  publishableKey: string;
  /** Types of all events so far, oldest first. */
  events(): Promise<string[]>;
  /** Types of the events since the last call. */
  fresh(): Promise<string[]>;
  /** The next payments of a customer or payment method end so. */
  order(outcome: Outcome, who: { customer?: string; payment_method?: string }): Promise<void>;
  /** Moves the account's clock on. */
  advance(seconds: number): Promise<void>;
  customer(paymentMethod?: string): Promise<Stripe.Customer>;
  /** Runs in one transaction of the account, as a hosted page would. */
  inTransaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** `start`: the account's simulated present, RFC 3339. */
export async function openWorld(start = '2026-01-05T09:00:00Z', options: SandboxOptions = {}): Promise<World> {
  const inside = insideDoor();
  const folders = [...(await loadFolders()), inside.folder];
  const sandbox = await createSandbox({ random: seededRandom(7), validateResponses: true, settle: 'off', folders, ...options });
  const now = Date.parse(start) / MS;
  const access = await sandbox.control.createAccount({ name: 'Acme Ltd', clock: { mode: 'virtual', now } });
  const stripe = new Stripe(access.secretKey, {
    httpClient: Stripe.createFetchHttpClient(sandbox.fetch),
    maxNetworkRetries: 0,
    telemetry: false,
  });
  let seen = 0;
  const events = async (): Promise<string[]> => {
    const list = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
    return list.reverse().map((event) => event.type);
  };
  return {
    stripe,
    sandbox,
    account: access.account,
    publishableKey: access.publishableKey,
    events,
    async fresh() {
      const all = await events();
      const news = all.slice(seen);
      seen = all.length;
      return news;
    },
    order: (outcome, who) => sandbox.control.outcome({ account: access.account, ...who, outcome }),
    advance: (seconds) => advance(stripe, seconds),
    async customer(paymentMethod) {
      const base = { email: 'jenny@example.com', name: 'Jenny Rosen' };
      if (paymentMethod === undefined) return stripe.customers.create(base);
      return stripe.customers.create({
        ...base,
        payment_method: paymentMethod,
        invoice_settings: { default_payment_method: paymentMethod },
      });
    },
    inTransaction: (fn) => inside.run(sandbox, access.account, fn),
    close: () => sandbox.close(),
  };
}

/** A page that runs what the test hands it. */
function insideDoor(): { folder: ResourceFolder; run<T>(sandbox: Sandbox, account: string, fn: (tx: Tx) => Promise<T>): Promise<T> } {
  let job: (rq: PageRequest) => Promise<void> = async () => undefined;
  const page = async (rq: PageRequest) => {
    await job(rq);
    return { status: 200, body: '' };
  };
  return {
    folder: { pages: [{ method: 'POST', path: '/inside', run: page }] },
    async run<T>(sandbox: Sandbox, account: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
      const results: T[] = [];
      job = async (rq) => void results.push(await rq.transaction(account, fn));
      const answer = await sandbox.fetch('http://127.0.0.1:12111/inside', { method: 'POST' });
      if (answer.status !== 200) throw new Error(await answer.text());
      return results[0] as T;
    },
  };
}

async function advance(stripe: Stripe, seconds: number): Promise<void> {
  const [clock] = (await stripe.testHelpers.testClocks.list({ limit: 1 })).data;
  if (clock === undefined) throw new Error('The account has no simulated clock.');
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: clock.frozen_time + seconds });
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock.id);
    if (status === 'ready') return;
    if (status === 'internal_failure') throw new Error('The clock failed to advance.');
  }
}

/** What a refused call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was not refused.');
}
