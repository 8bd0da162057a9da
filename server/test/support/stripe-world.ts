import Stripe from 'stripe';
import { createSandbox, type Deliver, type Sandbox, seededRandom } from 'stripe-sandbox';
import { room as accounts, nextOwnInstant, reachInstant } from '../../src/accounts/index.ts';
import { room as customers } from '../../src/customers/index.ts';
import { room as invoices } from '../../src/invoices/index.ts';
import type { Ctx } from '../../src/kit/context.ts';
import type { MachineClock } from '../../src/kit/machine-clock.ts';
import type { Room } from '../../src/kit/room.ts';
import { instantFromUnix, toUnix } from '../../src/kit/time.ts';
import { room as payments } from '../../src/payments/index.ts';
import { type Received, receiveDelivery } from '../../src/providers/stripe/inbox/receive.ts';
import { connectSandbox, environmentOfAccount, SandboxHost, room as stripe } from '../../src/providers/stripe/index.ts';
import { room as subscriptions } from '../../src/subscriptions/index.ts';
import { type Kit, startKit } from './kit.ts';

type OutgoingRequest = Parameters<Deliver>[0];

/** Rooms up to the Stripe adapter on an embedded database, beside a Stripe Sandbox in memory: no sockets, deliveries are function calls. */
export type StripeWorld = Kit & {
  sandbox: Sandbox;
  /** Account of the Sandbox, whose clock stands where the environment's does. */
  newAccount(a?: { name?: string; wall?: boolean }): Promise<{ account: string; secretKey: string }>;
  sdk(secretKey: string): Stripe;
  /** Connects the environment to an account of its own. */
  connect(environmentId?: string): Promise<Connected>;
  /** What the Sandbox sent us, newest last. */
  deliveries: (OutgoingRequest & { answered: number })[];
  /** While false our webhook cannot be reached. */
  reachable: boolean;
  /** Hands a delivery to the receiver as HTTP would. */
  deliver(a: { connectionId: string; body: string | Uint8Array; signature: string | undefined }): Promise<Received>;
  /** Works off everything that waits: deliveries of the Sandbox, then our queues. */
  settle(environmentId?: string): Promise<void>;
  rows(environmentId?: string): Promise<InboxView[]>;
  /** Fills in a page of the Sandbox and sends it. Answers where it leads. */
  submit(path: string, fields: Record<string, string>): Promise<string>;
};

export type Connected = { ctx: Ctx; connectionId: string; account: string; secretKey: string; webhookSecret: string; stripe: Stripe };
export type InboxView = {
  event_id: string;
  type: string;
  status: string;
  outcome: string | null;
  via: string;
  attempts: number;
  object_id: string | null;
  error: unknown;
};

export const PUBLIC_URL = 'http://127.0.0.1:4242';
export const ROOMS: readonly Room[] = [accounts, customers, subscriptions, invoices, payments, stripe];

export async function startStripeWorld(
  a: { now?: string; machineClock?: MachineClock; rooms?: readonly Room[]; publicUrl?: string; verbose?: boolean; strict?: boolean } = {},
): Promise<StripeWorld> {
  const kit = await startKit({
    rooms: a.rooms ?? ROOMS,
    ...(a.now ? { now: a.now } : {}),
    ...(a.machineClock ? { machineClock: a.machineClock } : {}),
    ...(a.verbose ? { verbose: true } : {}),
    config: { publicUrl: a.publicUrl ?? PUBLIC_URL },
  });
  const deliveries: StripeWorld['deliveries'] = [];
  const deliver: Deliver = async (request) => {
    if (!world.reachable) throw new Error('connection refused');
    const connectionId = new URL(request.url).pathname.split('/').at(-1) ?? '';
    const answer = await receiveDelivery(kit.app, {
      connectionId,
      signature: header(request, 'stripe-signature'),
      body: Buffer.from(request.body),
    });
    deliveries.push({ ...request, answered: answer.status });
    return { status: answer.status, body: JSON.stringify(answer.body) };
  };
  const sandbox = await createSandbox({
    random: seededRandom(7),
    deliver,
    publicUrl: 'http://127.0.0.1:12111',
    settle: 5_000,
    ...(a.strict ? { profile: 'strict' } : {}),
  });
  bindHost(kit, sandbox, a.strict === true);
  const world: StripeWorld = {
    ...kit,
    sandbox,
    deliveries,
    reachable: true,
    newAccount: async ({ name = 'Acme', wall = false } = {}) => {
      const now = (await kit.ctx()).clock.now();
      return sandbox.control.createAccount({ name, clock: wall ? { mode: 'wall' } : { mode: 'virtual', now: toUnix(now) } });
    },
    sdk: (secretKey) =>
      new Stripe(secretKey, {
        httpClient: Stripe.createFetchHttpClient(sandbox.fetch as typeof fetch),
        telemetry: false,
        maxNetworkRetries: 0,
      }),
    connect: async (environmentId = kit.environmentId) => {
      const ctx = await kit.ctx(environmentId);
      const made = await connectSandbox(ctx);
      return {
        ctx,
        connectionId: made.connection.id,
        account: made.connection.accountId,
        secretKey: made.secretKey,
        webhookSecret: made.webhookSecret ?? '',
        stripe: world.sdk(made.secretKey),
      };
    },
    deliver: ({ connectionId, body, signature }) =>
      receiveDelivery(kit.app, { connectionId, signature, body: Buffer.from(body as string) }),
    settle: async (environmentId = kit.environmentId) => {
      for (let round = 0; round < 20; round++) {
        await sandbox.control.idle();
        if ((await kit.app.queues.drainAll(environmentId)) === 0) return;
      }
    },
    rows: async (environmentId = kit.environmentId) =>
      kit.app.db
        .selectFrom('inbox')
        .select(['event_id', 'type', 'status', 'outcome', 'via', 'attempts', 'object_id', 'error'])
        .where('environment_id', '=', environmentId)
        .orderBy('sequence')
        .execute(),
    submit: async (path, fields) => {
      const address = `http://127.0.0.1:12111${path}`;
      const html = await (await sandbox.fetch(address)).text();
      const hidden = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value] as const,
      );
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString();
      const answer = await sandbox.fetch(address, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      return answer.headers.get('location') ?? '';
    },
    close: async () => {
      await sandbox.close();
      await kit.close();
    },
  };
  return world;
}

/** What main.ts does: the Sandbox as the adapter sees it, and Billow as the Sandbox's follower. */
function bindHost(kit: Kit, sandbox: Sandbox, isStrict: boolean): void {
  kit.app.ports.bind(SandboxHost, {
    url: 'http://127.0.0.1:12111',
    isStrict,
    fetch: (url, init) => sandbox.fetch(url, init as never) as Promise<Response>,
    createAccount: async ({ name, now, clientId, redirectUris }) => {
      const clock = now === null ? { mode: 'wall' as const } : { mode: 'virtual' as const, now: toUnix(now) };
      const made =
        clientId === undefined
          ? await sandbox.control.createAccount({ name, clock })
          : await sandbox.control.createPlatform({ name, clock, clientId, redirectUris: redirectUris ?? [] });
      return { accountId: made.account, secretKey: made.secretKey };
    },
    simulate: async (account, now) => {
      const present = await sandbox.control.clock(account);
      if (present.mode === 'wall') await sandbox.control.setClock({ account, mode: 'virtual', now: Math.max(present.now, toUnix(now)) });
    },
  });
  sandbox.setFollower({
    next: async (account, clock, until) => {
      const environmentId = clock === account.clockId ? await environmentOfAccount(kit.app, account.id) : null;
      const due = environmentId === null ? null : await nextOwnInstant(kit.app, environmentId);
      return due === null || toUnix(due) > until ? null : toUnix(due);
    },
    reached: async (account, clock, instant) => {
      const environmentId = await environmentOfAccount(kit.app, account.id);
      if (environmentId === null) return;
      if (clock === account.clockId) await reachInstant(kit.app, environmentId, instantFromUnix(instant));
      else await kit.app.queues.drainAll(environmentId);
    },
  });
}

function header(request: OutgoingRequest, name: string): string | undefined {
  return Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
