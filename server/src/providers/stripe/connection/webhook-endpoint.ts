import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Claim, claimWork, releaseClaim } from '../../../kit/claims.ts';
import type { Ctx } from '../../../kit/context.ts';
import { json } from '../../../kit/database.ts';
import { isReachable, publicUrlOf } from '../address.ts';
import type { StripeApi } from '../client.ts';
import { isFailure } from '../failure.ts';
import { REGISTERED_TYPES } from '../inbox/events.ts';
import { forgetReceiver } from '../inbox/receiver.ts';
import { STRIPE_API_VERSION } from '../limits.ts';
import { flag, text } from '../pull/fields.ts';
import { apiOf } from '../runtime.ts';
import type { Connection } from './connection.ts';
import { getConnection, updateConnection } from './queries.ts';
import { addWebhookSecret } from './rotate-webhook-secret.ts';

const endpointSchema = z.object({
  id: z.string(),
  url: z.string(),
  status: text,
  api_version: text,
  enabled_events: z.array(z.string()),
  secret: z.string().optional(),
  deleted: flag,
});
type Endpoint = z.output<typeof endpointSchema>;
const endpoints = z.object({ data: z.array(endpointSchema), has_more: z.boolean() });

/** Stripe lists at most 16 per account. */
const PAGE = 100;
/** Longer than the three calls that it takes, shorter than a lease. */
const CLAIM_WAIT_MS = 30_000;
const CLAIM_LOOK_MS = 50;

/** Where Stripe shall post: `<public url>/webhooks/stripe/<connection id>`. */
export function webhookUrlOf(ctx: Pick<Ctx, 'app'>, connectionId: string): string {
  return `${publicUrlOf(ctx.app)}/webhooks/stripe/${connectionId}`;
}

/**
 * Makes exactly one endpoint of ours exist at Stripe, with the pinned version and the events of the table, pointing at the present public
 * URL. Where that is impossible (no reachable URL, no right, the account is full) the connection polls, and says why.
 */
export async function ensureWebhookEndpoint(ctx: Ctx, connection: Connection): Promise<Connection> {
  const claim = await claimInTurn(ctx, connection.id);
  try {
    // Whoever held the claim before may have made or moved the endpoint.
    return await ensureAlone(ctx, await getConnection(ctx, connection.id));
  } finally {
    await releaseClaim(ctx, claim);
  }
}

/** One at a time per connection: two who make or move the endpoint at once would undo each other. */
async function claimInTurn(ctx: Ctx, connectionId: string): Promise<Claim> {
  for (let waited = 0; waited < CLAIM_WAIT_MS; waited += CLAIM_LOOK_MS) {
    const claim = await claimWork(ctx, { kind: 'webhook_endpoint', subjectId: connectionId });
    if (claim) return claim;
    await ctx.machineClock.sleep(CLAIM_LOOK_MS);
  }
  throw new Error(`The webhook endpoint of ${connectionId} is being changed by another process`);
}

async function ensureAlone(ctx: Ctx, connection: Connection): Promise<Connection> {
  const url = webhookUrlOf(ctx, connection.id);
  if (!isReachable(url, connection.provider)) return usePolling(ctx, connection, `${new URL(url).origin} cannot be reached by Stripe.`);
  const api = await apiOf(ctx, connection);
  try {
    return await converge(ctx, { api, connection, url });
  } catch (error) {
    if (isFailure(error, 'forbidden')) return usePolling(ctx, connection, 'The key may not manage webhook endpoints.');
    // Stripe gives no code for a full account, only 400 [K 8].
    if (isFailure(error, 'invalid')) return usePolling(ctx, connection, `Stripe made no webhook endpoint: ${error.message}`);
    throw error;
  }
}

/** Deletes our endpoints at Stripe, and nobody else's. Answers how many; a refused key leaves them to Stripe. */
export async function removeWebhookEndpoints(ctx: Ctx, connection: Connection): Promise<number> {
  const api = await apiOf(ctx, connection);
  const ours = await ownEndpoints(api, connection);
  for (const endpoint of ours) await removeOne(api, endpoint.id);
  return ours.length;
}

async function converge(ctx: Ctx, a: { api: StripeApi; connection: Connection; url: string }): Promise<Connection> {
  const { api, connection, url } = a;
  const ours = await ownEndpoints(api, connection);
  const kept = ours.find((endpoint) => endpoint.id === connection.webhookEndpointId && endpoint.api_version === STRIPE_API_VERSION);
  for (const endpoint of ours) if (endpoint !== kept) await removeOne(api, endpoint.id);
  if (!kept) return create(ctx, { ...a, after: ours });
  if (kept.url !== url || kept.status !== 'enabled' || !sameEvents(kept.enabled_events)) await repair(api, kept, url);
  return settle(ctx, connection, { url, transport: 'webhook', webhook_endpoint_id: kept.id });
}

async function create(ctx: Ctx, a: { api: StripeApi; connection: Connection; url: string; after: Endpoint[] }): Promise<Connection> {
  const { connection, url } = a;
  // The key changes with what was there before, so that a lost endpoint is made anew and a lost answer is not.
  const state = createHash('sha256')
    .update([url, connection.webhookEndpointId, ...a.after.map((one) => one.id)].join('|'))
    .digest('hex')
    .slice(0, 24);
  const made = await a.api.post('/v1/webhook_endpoints', endpointSchema, {
    key: `billow/endpoint/${connection.id}/${state}`,
    params: {
      url,
      enabled_events: [...REGISTERED_TYPES],
      api_version: STRIPE_API_VERSION,
      description: 'Billow',
      metadata: { billowConnectionId: connection.id },
    },
  });
  // The secret of the endpoint before stays valid for a day: its last deliveries are still on their way.
  if (made.secret !== undefined) await addWebhookSecret(ctx, connection, made.secret);
  return settle(ctx, connection, { url, transport: 'webhook', webhook_endpoint_id: made.id });
}

async function repair(api: StripeApi, endpoint: Endpoint, url: string): Promise<void> {
  const wanted = createHash('sha256')
    .update(`${url}|${endpoint.url}|${endpoint.status}|${REGISTERED_TYPES.join()}`)
    .digest('hex')
    .slice(0, 24);
  await api.post(`/v1/webhook_endpoints/${endpoint.id}`, endpointSchema, {
    key: `billow/endpoint/${endpoint.id}/${wanted}`,
    params: { url, enabled_events: [...REGISTERED_TYPES], disabled: false },
  });
}

async function usePolling(ctx: Ctx, connection: Connection, problem: string): Promise<Connection> {
  return settle(ctx, connection, { url: webhookUrlOf(ctx, connection.id), transport: 'poll', webhook_endpoint_id: null, problem });
}

type Settled = { url: string; transport: 'webhook' | 'poll'; webhook_endpoint_id: string | null; problem?: string };

async function settle(ctx: Ctx, connection: Connection, a: Settled): Promise<Connection> {
  const { webhook_problem: _old, ...kept } = connection.settings;
  const settings = { ...kept, webhook_url: a.url, ...(a.problem ? { webhook_problem: a.problem } : {}) };
  const changed = await updateConnection(ctx, connection.id, {
    settings: json(settings),
    transport: a.transport,
    webhook_endpoint_id: a.webhook_endpoint_id,
    // What happened while the way in was being changed is fetched at once.
    ...(connection.transport === a.transport ? {} : { last_poll_wall_at: null }),
  });
  forgetReceiver(ctx.app, connection.id);
  return changed;
}

async function ownEndpoints(api: StripeApi, connection: Connection): Promise<Endpoint[]> {
  const list = await api.get('/v1/webhook_endpoints', endpoints, { limit: PAGE });
  return list.data.filter((endpoint) => endpoint.url.endsWith(`/webhooks/stripe/${connection.id}`));
}

async function removeOne(api: StripeApi, id: string): Promise<void> {
  await api.delete(`/v1/webhook_endpoints/${id}`, z.looseObject({})).catch((error: unknown) => {
    if (!isFailure(error, 'missing')) throw error;
  });
}

function sameEvents(events: readonly string[]): boolean {
  return events.length === REGISTERED_TYPES.length && events.every((type) => REGISTERED_TYPES.includes(type));
}
