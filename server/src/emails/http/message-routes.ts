import { z } from 'zod';
import { afterCommit, transaction } from '../../kit/database.ts';
import { notFound, refuse } from '../../kit/errors.ts';
import { defineRoute, idParams, instantParameter, listOf, listQuery, page, type Route } from '../../kit/http.ts';
import { isoSeconds } from '../../kit/time.ts';
import { cancelMessages } from '../messages/end.ts';
import { MAIL_QUEUE } from '../messages/names.ts';
import type { ProvenanceRow } from '../messages/provenance.ts';
import { getMessage, listMessages, timelineOf } from '../messages/queries.ts';
import { appendTimeline } from '../messages/timeline.ts';
import * as schemas from './schemas.ts';
import { wireMessage, wireProvenance } from './wire.ts';

const tags = ['E-mails'];

const list = defineRoute({
  method: 'GET',
  path: '/v1/emails/messages',
  scope: 'messages:read',
  summary: 'The delivery log',
  description: 'Newest first, every outcome. Ids in filters are ours or Stripe’s.',
  tags,
  query: listQuery.extend({
    customer: z.string().optional(),
    product: z.string().optional(),
    plan: z.string().optional().describe('Plan, or Stripe price.'),
    trigger: z.string().optional(),
    status: z.string().optional().describe('One status, or several with commas.'),
    object: z.string().optional(),
    to: z.string().optional(),
    reason: z.string().optional(),
    transport: z.string().optional(),
    template_version: z.string().optional(),
    after: instantParameter.optional(),
    before: instantParameter.optional(),
  }),
  response: listOf(schemas.message),
  handler: async (ctx, { query }) =>
    page(await listMessages(ctx, query), { limit: query.limit, cursorOf: (row) => row.id, toWire: wireMessage }),
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/emails/messages/{id}',
  scope: 'messages:read',
  summary: 'Read a message with its story',
  tags,
  params: idParams,
  response: schemas.fullMessage,
  handler: async (ctx, { params }) => {
    const row = await getMessage(ctx, params.id);
    const timeline = (await timelineOf(ctx, row.id)).map(({ seq, kind, at, detail, transport_id }) => ({
      seq,
      kind,
      at: isoSeconds(at),
      detail: detail as Record<string, unknown>,
      transport_id,
    }));
    return { ...wireMessage(row), html: row.html, text: row.text, timeline };
  },
});

const provenance = defineRoute({
  method: 'GET',
  path: '/v1/emails/messages/{id}/provenance',
  scope: 'messages:read',
  summary: 'Why this text',
  description: 'For each rendered fact: where it stands and which field of which object it is.',
  tags,
  params: idParams,
  response: listOf(schemas.provenance),
  handler: async (ctx, { params }) => {
    const row = await getMessage(ctx, params.id);
    return {
      object: 'list' as const,
      data: ((row.provenance ?? []) as ProvenanceRow[]).map(wireProvenance),
      has_more: false,
      next_cursor: null,
    };
  },
});

const retry = defineRoute({
  method: 'POST',
  path: '/v1/emails/messages/{id}/retry',
  scope: 'messages:send',
  summary: 'Try again a message that was refused or is held',
  description: 'After the missing fact was added, or the held message was looked at. Facts are read again.',
  tags,
  params: idParams,
  refusals: ['message_not_waiting'],
  response: schemas.message,
  handler: async (ctx, { params }) => {
    await transaction(ctx, async (tx) => {
      const row = await tx.db
        .updateTable('email_messages')
        .set((eb) => ({
          status: 'planned',
          reason: null,
          send_after: tx.clock.now(),
          rev: eb('rev', '+', 1n),
          generation: eb('generation', '+', 1),
        }))
        .where('environment_id', '=', tx.environmentId)
        .where('id', '=', params.id)
        .where('status', 'in', ['refused', 'held'])
        .returning('id')
        .executeTakeFirst();
      if (!row) await missingOrMoved(tx, params.id);
      await appendTimeline(tx, [{ messageId: params.id, kind: 'retried', detail: { by: tx.actor } }]);
      afterCommit(tx, () => tx.app.wake(MAIL_QUEUE, tx.environmentId));
    });
    return wireMessage(await getMessage(ctx, params.id));
  },
});

const drop = defineRoute({
  method: 'POST',
  path: '/v1/emails/messages/{id}/cancel',
  scope: 'messages:send',
  summary: 'Call off a message that was not sent yet',
  tags,
  params: idParams,
  refusals: ['message_not_waiting'],
  response: schemas.message,
  handler: async (ctx, { params }) => {
    const row = await getMessage(ctx, params.id);
    if (!['planned', 'held', 'ready'].includes(row.status))
      refuse({ status: 409, code: 'message_not_waiting', message: `The message is ${row.status}.` });
    await transaction(ctx, (tx) => cancelMessages(tx, [{ id: params.id, reason: 'canceled_by_person', detail: { by: tx.actor } }]));
    return wireMessage(await getMessage(ctx, params.id));
  },
});

async function missingOrMoved(ctx: Parameters<typeof getMessage>[0], id: string): Promise<never> {
  const row = await ctx.db
    .selectFrom('email_messages')
    .select('status')
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) notFound('message', id);
  refuse({
    status: 409,
    code: 'message_not_waiting',
    message: `The message is ${row.status}; only refused and held messages are tried again.`,
  });
}

export const messageRoutes: readonly Route[] = [list, get, provenance, retry, drop];
