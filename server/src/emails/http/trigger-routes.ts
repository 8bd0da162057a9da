import { z } from 'zod';
import { defineRoute, type Route } from '../../kit/http.ts';
import { TRIGGERS } from '../facts/triggers.ts';
import { lintTemplate } from '../templates/lint.ts';
import { previewTemplate } from '../templates/preview.ts';
import * as schemas from './schemas.ts';
import { wirePreview, wireTrigger } from './wire.ts';

const tags = ['E-mails'];

const triggers = defineRoute({
  method: 'GET',
  path: '/v1/emails/triggers',
  scope: 'emails:read',
  summary: 'List triggers and their facts',
  description: 'What a template of each trigger may name: path, type, whether it is always there, and a made-up sample.',
  tags,
  response: z.object({
    object: z.literal('list'),
    data: z.array(schemas.trigger),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
  handler: async (ctx) => ({
    object: 'list' as const,
    data: TRIGGERS.map((spec) => wireTrigger(spec, ctx.clock.now())),
    has_more: false,
    next_cursor: null,
  }),
});

const lint = defineRoute({
  method: 'POST',
  path: '/v1/emails/lint',
  scope: 'emails:read',
  summary: 'Check a template without saving it',
  tags,
  body: z.object({ source: z.string().max(200_000) }),
  response: z.object({ ok: z.boolean(), lint: z.array(schemas.issue), fields_used: z.array(z.string()) }),
  handler: async (_ctx, { body }) => {
    const result = lintTemplate(body.source);
    return { ok: result.ok, lint: result.issues, fields_used: result.fieldsUsed };
  },
});

const preview = defineRoute({
  method: 'POST',
  path: '/v1/emails/preview',
  scope: 'emails:read',
  summary: 'Preview a text that is not saved',
  description: 'With made-up facts, or with the facts of a past message or occurrence. Nothing is sent or stored.',
  tags,
  body: z.object({ source: z.string().max(200_000), message_id: z.string().optional(), occurrence_id: z.string().optional() }),
  response: schemas.preview,
  refusals: ['not_found', 'other_trigger'],
  handler: async (ctx, { body }) =>
    wirePreview(await previewTemplate(ctx, { source: body.source, messageId: body.message_id, occurrenceId: body.occurrence_id })),
});

const occurrences = defineRoute({
  method: 'GET',
  path: '/v1/emails/occurrences',
  scope: 'emails:read',
  summary: 'List what happened, newest first',
  description: 'Each transition a trigger fired on, with what became of it; the editor previews templates on these.',
  tags,
  query: z.object({
    trigger: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().optional(),
  }),
  response: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        trigger: z.string(),
        variant: z.string(),
        object_type: z.string(),
        object_id: z.string(),
        customer_id: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        route_id: z.string().nullable(),
        at: z.string(),
      }),
    ),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
  handler: async (ctx, { query }) => {
    let q = ctx.db.selectFrom('email_occurrences').selectAll().where('environment_id', '=', ctx.environmentId);
    if (query.trigger !== undefined) q = q.where('trigger', '=', query.trigger);
    if (query.cursor !== undefined) q = q.where('id', '<', query.cursor);
    const rows = await q
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute();
    const data = rows
      .slice(0, query.limit)
      .map(({ id, trigger, variant, object_type, object_id, customer_id, status, reason, route_id, at }) => ({
        id,
        trigger,
        variant,
        object_type,
        object_id,
        customer_id,
        status,
        reason,
        route_id,
        at: at.toString(),
      }));
    return {
      object: 'list' as const,
      data,
      has_more: rows.length > query.limit,
      next_cursor: rows.length > query.limit ? data.at(-1)!.id : null,
    };
  },
});

export const triggerRoutes: readonly Route[] = [triggers, lint, preview, occurrences];
