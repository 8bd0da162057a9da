import type { App, Ctx } from '../../kit/context.ts';
import { refuse } from '../../kit/errors.ts';
import { definePort } from '../../kit/ports.ts';
import { createSlots, type Slots } from '../../kit/slots.ts';
import { addressOf } from './address.ts';
import { createStripeApi, type StripeApi } from './client.ts';
import { freshAccessToken } from './connection/access-token.ts';
import type { Connection } from './connection/connection.ts';
import { openSecret } from './connection/secret.ts';
import { type InboxWriter, inboxWriter } from './inbox/inbox-writer.ts';
import { type ReceiverCache, receiverCache } from './inbox/receiver.ts';
import { UNPACKING_AT_ONCE } from './limits.ts';
import type { Lane } from './rate-buckets.ts';
import { type RateLimiter, sharedLimiter, unlimited } from './rate-limiter.ts';
import { SandboxHost } from './sandbox-host.ts';

/** What the Stripe adapter keeps in memory for the life of the process. */
export type StripeRuntime = {
  limiterOf(connection: Connection): RateLimiter;
  /** Deliveries being unpacked at once. */
  unpacking: Slots;
  inbox: InboxWriter;
  receivers: ReceiverCache;
  /** Connections whose webhook endpoint this process has looked at since it started. */
  lookedAt: Set<string>;
  /** Environments whose clock is being followed beside the reader. */
  following: Map<string, Promise<void>>;
};

export const StripeRuntime = definePort<StripeRuntime>('stripe_runtime');

/** A fresh runtime; bound once by the room's setup. */
export function createRuntime(app: App): StripeRuntime {
  const limiters = new Map<string, RateLimiter>();
  return {
    limiterOf: (connection) => {
      if (isUnlimited(app, connection)) return unlimited;
      const known = limiters.get(connection.id);
      if (known) return known;
      const made = sharedLimiter(app, connection);
      limiters.set(connection.id, made);
      return made;
    },
    unpacking: createSlots(UNPACKING_AT_ONCE),
    inbox: inboxWriter(app),
    receivers: receiverCache(app),
    lookedAt: new Set(),
    following: new Map(),
  };
}

/** The Sandbox beside this server limits nobody unless it plays Stripe's limits; of one elsewhere we cannot know. */
function isUnlimited(app: App, connection: Connection): boolean {
  return connection.provider === 'stripe_sandbox' && connection.apiBase === null && app.ports.find(SandboxHost)?.isStrict !== true;
}

/** A client for the connection's credential; `lane` says how urgent its calls are (default: somebody waits for them). Refuses where there is none any more; renews an app's access token that is about to end. */
export async function apiOf(ctx: Ctx, connection: Connection, lane: Lane = 'money'): Promise<StripeApi> {
  const { app } = ctx;
  const secret = connection.oauthKind === 'app' ? await freshAccessToken(ctx, connection) : openSecret(app, connection);
  if (secret === null)
    refuse({
      status: 409,
      code: 'connection_without_key',
      message: `The connection ${connection.id} has no key any more.`,
      fix: 'Connect the account again.',
    });
  return createStripeApi({
    address: addressOf(app, connection),
    secret,
    account: connection.oauthKind === 'connect' ? connection.accountId : null,
    limiter: app.ports.get(StripeRuntime).limiterOf(connection),
    lane,
    machineClock: app.machineClock,
    log: ctx.log.with({ connection_id: connection.id }),
  });
}
