import { z } from 'zod';
import type { Ctx } from '../../../kit/context.ts';
import { refuse } from '../../../kit/errors.ts';
import { defineRoute, idParams, instantSchema, listOf, listQuery, page, Reply, type Route } from '../../../kit/http.ts';
import { isoSeconds } from '../../../kit/time.ts';
import { WEBHOOK_BODY_BYTES } from '../limits.ts';
import { StripeRuntime } from '../runtime.ts';
import { decompressed } from './decompress.ts';
import { findInboxRow, type InboxRow, listInbox } from './queries.ts';
import { receiveDelivery } from './receive.ts';
import { replay } from './replay.ts';

const TAGS = ['Stripe events'];
/** Deliveries are not rationed: an outage at Stripe ends with thousands a second, all of them signed. */
const NO_RATE = 1_000_000;
const statuses = z.enum(['received', 'processed', 'ignored', 'failed', 'quarantined', 'dead']);

const eventSchema = z
  .object({
    id: z.string().describe("Stripe's event id."),
    object: z.literal('stripe_event'),
    type: z.string(),
    object_type: z.string().nullable(),
    object_id: z.string().nullable(),
    status: statuses,
    outcome: z
      .string()
      .nullable()
      .describe('What became of it: adopted, no_change, tombstone, notify_only, foreign, wrong_mode, unknown_type, thin_event.'),
    via: z.enum(['webhook', 'poll', 'replay']),
    attempts: z.number().int(),
    error: z.unknown(),
    api_version: z.string().nullable(),
    livemode: z.boolean().nullable(),
    connection_id: z.string(),
    created_at: instantSchema.nullable().describe("Stripe's `created`."),
    received_at: instantSchema,
    done_at: instantSchema.nullable(),
  })
  .meta({ id: 'StripeEvent' });

const list = defineRoute({
  method: 'GET',
  path: '/v1/stripe_events',
  scope: 'stripe_events:read',
  summary: 'List the events received from Stripe',
  tags: TAGS,
  query: listQuery.extend({
    type: z.string().optional(),
    status: statuses.optional(),
    object_id: z.string().optional(),
    via: z.enum(['webhook', 'poll', 'replay']).optional(),
  }),
  response: listOf(eventSchema),
  handler: async (ctx, { query }) => {
    const filter = { type: query.type, status: query.status, objectId: query.object_id, via: query.via };
    const rows = await listInbox(ctx, { ...filter, limit: query.limit, before: cursorOf(query.cursor) });
    return page(rows, { limit: query.limit, cursorOf: (row) => String(row.sequence), toWire });
  },
});

const retrieve = defineRoute({
  method: 'GET',
  path: '/v1/stripe_events/{id}',
  scope: 'stripe_events:read',
  summary: 'Retrieve an event received from Stripe',
  tags: TAGS,
  params: idParams,
  response: eventSchema
    .extend({ raw: z.unknown().describe('The event as it came; null once it is no longer kept.') })
    .meta({ id: 'StripeEventWithBody' }),
  handler: async (ctx, { params }) => {
    const row = await present(ctx, params.id);
    return { ...toWire(row), raw: parsedOrText(row.raw) };
  },
});

const replayOne = defineRoute({
  method: 'POST',
  path: '/v1/stripe_events/{id}/replay',
  scope: 'stripe_events:write',
  summary: 'Work an event off again',
  description: 'Reads from Stripe what the event is about and brings our state up to it. What has been announced is not announced again.',
  tags: TAGS,
  params: idParams,
  response: eventSchema,
  refusals: ['event_unreadable'],
  handler: async (ctx, { params }) => toWire(await replay(ctx, await present(ctx, params.id))),
});

const receive = defineRoute({
  method: 'POST',
  path: '/webhooks/stripe/{connection_id}',
  scope: 'public',
  summary: 'Receive an event from Stripe',
  tags: TAGS,
  params: z.object({ connection_id: z.string().min(1).max(255) }),
  rawBody: true,
  bodyLimit: WEBHOOK_BODY_BYTES,
  rateLimit: NO_RATE,
  hidden: true,
  refusals: ['invalid_signature', 'unreadable_event'],
  handler: async (ctx, { params, body, request }) => {
    const bytes = await decompressed(body, {
      encoding: request.headers['content-encoding'],
      slots: ctx.app.ports.get(StripeRuntime).unpacking,
    });
    const header = request.headers['stripe-signature'];
    const signature = Array.isArray(header) ? header.join(',') : header;
    return new Reply(await receiveDelivery(ctx.app, { connectionId: params.connection_id, signature, body: bytes }));
  },
});

export const inboxRoutes: readonly Route[] = [list, retrieve, replayOne, receive];

async function present(ctx: Ctx, id: string): Promise<InboxRow> {
  const row = await findInboxRow(ctx, id);
  return row ?? refuse({ status: 404, code: 'not_found', message: `No Stripe event ${id}.` });
}

function cursorOf(cursor: string | undefined): bigint | null {
  if (cursor === undefined) return null;
  return /^\d{1,18}$/.test(cursor)
    ? BigInt(cursor)
    : refuse({ code: 'invalid_cursor', param: 'cursor', message: 'This cursor is not one we gave.' });
}

function toWire(row: InboxRow) {
  return {
    id: row.eventId,
    object: 'stripe_event' as const,
    type: row.type,
    object_type: row.objectType,
    object_id: row.objectId,
    status: row.status,
    outcome: row.outcome,
    via: row.via as 'webhook' | 'poll' | 'replay',
    attempts: row.attempts,
    error: row.error ?? null,
    api_version: row.apiVersion,
    livemode: row.livemode,
    connection_id: row.connectionId,
    created_at: row.createdRemote === null ? null : isoSeconds(row.createdRemote),
    received_at: isoSeconds(row.receivedAt),
    done_at: row.doneAt === null ? null : isoSeconds(row.doneAt),
  };
}

/** What was quarantined unread is text. */
function parsedOrText(raw: string | null): unknown {
  try {
    return raw === null ? null : JSON.parse(raw);
  } catch {
    return raw;
  }
}
