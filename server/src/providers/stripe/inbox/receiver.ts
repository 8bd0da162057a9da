import type { App } from '../../../kit/context.ts';
import { connectionById } from '../connection/queries.ts';
import { openWebhookSecret } from '../connection/secret.ts';
import { CONNECTION_CACHE_MS } from '../limits.ts';
import { StripeRuntime } from '../runtime.ts';

/** What must be known of a connection to judge a delivery, without asking the database each time. */
export type Receiver = {
  connectionId: string;
  environmentId: string;
  accountId: string;
  livemode: boolean;
  /** `until` in machine time; null = the current secret. */
  secrets: { value: string; until: Temporal.Instant | null }[];
};

export type ReceiverCache = {
  find(connectionId: string): Promise<Receiver | null>;
  forget(connectionId: string): void;
};

/** Remembers receivers for a few seconds: a rotated secret is known in every process after that. */
export function receiverCache(app: App): ReceiverCache {
  const known = new Map<string, { receiver: Receiver; readMs: number }>();
  return {
    find: async (connectionId) => {
      const cached = known.get(connectionId);
      if (cached && app.machineClock.monotonicMs() - cached.readMs < CONNECTION_CACHE_MS) return cached.receiver;
      const receiver = await readReceiver(app, connectionId);
      // Only what exists is remembered, so that made-up addresses take no memory.
      if (receiver) known.set(connectionId, { receiver, readMs: app.machineClock.monotonicMs() });
      else known.delete(connectionId);
      return receiver;
    },
    forget: (connectionId) => void known.delete(connectionId),
  };
}

/** Makes this process read the connection again at the next delivery; others do within seconds. */
export function forgetReceiver(app: App, connectionId: string): void {
  app.ports.find(StripeRuntime)?.receivers.forget(connectionId);
}

/** The secrets that are valid now. */
export function validSecrets(receiver: Receiver, now: Temporal.Instant): string[] {
  return receiver.secrets
    .filter((secret) => secret.until === null || Temporal.Instant.compare(now, secret.until) < 0)
    .map((secret) => secret.value);
}

async function readReceiver(app: App, connectionId: string): Promise<Receiver | null> {
  const connection = await connectionById(app, connectionId);
  if (connection === null || connection.status === 'disconnected') return null;
  return {
    connectionId,
    environmentId: connection.environmentId,
    accountId: connection.accountId,
    livemode: connection.livemode,
    secrets: connection.webhookSecrets.map(({ sealed, until }) => ({
      value: openWebhookSecret(app, connection, sealed),
      until: until === null ? null : Temporal.Instant.from(until),
    })),
  };
}
