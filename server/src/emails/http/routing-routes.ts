import { z } from 'zod';
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../../kit/http.ts';
import { isoSeconds } from '../../kit/time.ts';
import { saveFlowSettings } from '../flows/save-settings.ts';
import { type Resolution, resolveRoute } from '../routing/resolve-route.ts';
import { readRoutingTable } from '../routing/routes-table.ts';
import { createRoute, deleteRoute, updateRoute } from '../routing/save-route.ts';
import { StripeMirrorPort } from '../stripe-mirror.ts';
import { NO_MESSAGE, previewTemplate } from '../templates/preview.ts';
import * as schemas from './schemas.ts';
import { wirePreview, wireRoute, wireTarget, wireVersion } from './wire.ts';

const tags = ['E-mails'];
const id = z.string().max(255).nullable().optional();
const target = { template_id: id, flow_id: id, sender_id: id, off: z.boolean().optional() };

const list = defineRoute({
  method: 'GET',
  path: '/v1/emails/routes',
  scope: 'emails:read',
  summary: 'List routes',
  tags,
  query: listQuery.extend({ trigger: z.string().optional() }),
  response: listOf(schemas.route),
  handler: async (ctx, { query }) => {
    let q = ctx.db.selectFrom('email_routes').selectAll().where('environment_id', '=', ctx.environmentId);
    if (query.trigger !== undefined) q = q.where('trigger', '=', query.trigger);
    if (query.cursor !== undefined) q = q.where('id', '<', query.cursor);
    return page(
      await q
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute(),
      { limit: query.limit, cursorOf: (row) => row.id, toWire: wireRoute },
    );
  },
});

const TARGETS_MAX = 200;

const targets = defineRoute({
  method: 'GET',
  path: '/v1/emails/routes/targets',
  scope: 'emails:read',
  summary: 'List what a route can name',
  description: 'Products and prices of the connected Stripe account, by name; the first 200 products.',
  tags,
  response: z.object({ object: z.literal('list'), data: z.array(schemas.routeTarget), has_more: z.boolean(), next_cursor: z.null() }),
  handler: async (ctx) => {
    const sold = (await ctx.app.ports.find(StripeMirrorPort)?.catalog(ctx, { limit: TARGETS_MAX + 1 })) ?? [];
    return {
      object: 'list' as const,
      data: sold.slice(0, TARGETS_MAX).map(wireTarget),
      has_more: sold.length > TARGETS_MAX,
      next_cursor: null,
    };
  },
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/emails/routes',
  scope: 'emails:write',
  summary: 'Create a route',
  tags,
  status: 201,
  refusals: [
    'plan_unknown',
    'unknown_trigger',
    'route_exists',
    'template_missing',
    'template_not_approved',
    'other_trigger',
    'person_required',
    'product_missing',
  ],
  body: z.object({ trigger: z.string(), stripe_product_id: id, stripe_price_id: id, product_id: id, plan_id: id, ...target }),
  response: schemas.route,
  handler: async (ctx, { body }) => wireRoute(await createRoute(ctx, body)),
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/emails/routes/{id}',
  scope: 'emails:read',
  summary: 'Read a route',
  tags,
  params: idParams,
  response: schemas.route,
  handler: async (ctx, { params }) => {
    const row = await ctx.db
      .selectFrom('email_routes')
      .selectAll()
      .where('environment_id', '=', ctx.environmentId)
      .where('id', '=', params.id)
      .executeTakeFirst();
    return wireRoute(row ?? notFound('route', params.id));
  },
});

const update = defineRoute({
  method: 'PATCH',
  path: '/v1/emails/routes/{id}',
  scope: 'emails:write',
  summary: 'Change a route',
  tags,
  params: idParams,
  refusals: ['template_missing', 'template_not_approved', 'other_trigger', 'person_required'],
  body: z.object(target),
  response: schemas.route,
  handler: async (ctx, { params, body }) => wireRoute(await updateRoute(ctx, params.id, body)),
});

const remove = defineRoute({
  method: 'DELETE',
  path: '/v1/emails/routes/{id}',
  scope: 'emails:write',
  summary: 'Remove a route',
  tags,
  params: idParams,
  response: z.object({ id: z.string(), deleted: z.literal(true) }),
  handler: async (ctx, { params }) => {
    await deleteRoute(ctx, params.id);
    return { id: params.id, deleted: true as const };
  },
});

const resolve = defineRoute({
  method: 'POST',
  path: '/v1/emails/routes/resolve',
  scope: 'emails:read',
  summary: 'Which template and why',
  description: 'Every level tried, the route that wins, the text that would be sent, and what stands in its way. Nothing is written.',
  tags,
  refusals: ['unknown_trigger', 'subject_missing'],
  body: z.object({
    trigger: z.string(),
    variant: z.string().optional(),
    customer: z.string().optional(),
    subscription: z.string().optional(),
    invoice: z.string().optional(),
  }),
  response: schemas.resolution,
  handler: async (ctx, { body }) => {
    const r = await resolveRoute(ctx, body);
    return {
      trigger: r.trigger,
      levels: r.levels,
      route: r.route && wireRoute(r.route),
      variant: r.version?.variant ?? r.variant,
      locales: r.locales,
      template_version: r.version && wireVersion(r.version),
      class: r.class,
      suppressed: r.suppressed,
      guard: r.guard,
      preview: await previewOf(ctx, r),
    };
  },
});

/** The mail as it would read now; none where the subject is a customer without subscription. */
async function previewOf(ctx: Ctx, r: Resolution): Promise<z.input<typeof schemas.preview> | null> {
  if (!r.version || r.subject.type === 'customer') return null;
  const subject = { ...r.subject, trigger: r.trigger, variant: r.variant, messageId: NO_MESSAGE, witness: null };
  return wirePreview(await previewTemplate(ctx, { source: r.version.source, subject }));
}

const flows = defineRoute({
  method: 'GET',
  path: '/v1/emails/flows',
  scope: 'emails:read',
  summary: 'List flows',
  tags,
  response: listOf(schemas.flow),
  handler: async (ctx) => {
    const { flows: table } = await readRoutingTable(ctx);
    return { object: 'list' as const, data: [...table.values()].map(wireFlow), has_more: false, next_cursor: null };
  },
});

const updateFlow = defineRoute({
  method: 'PATCH',
  path: '/v1/emails/flows/{id}',
  scope: 'emails:write',
  summary: 'Change the settings of a flow',
  description: 'Makes a new version of the flow. A new lead time moves the mails that are planned.',
  tags,
  params: idParams,
  refusals: ['lead_days_out_of_range'],
  body: z.object({
    status: z.enum(['active', 'paused']).optional(),
    settings: z.object({ lead_days: z.number().int().optional(), manual_payments: z.boolean().optional() }).optional(),
  }),
  response: schemas.flow,
  handler: async (ctx, { params, body }) => {
    await saveFlowSettings(ctx, { flowId: params.id, settings: body.settings ?? {}, status: body.status });
    const found = (await readRoutingTable(ctx)).flows.get(params.id);
    return wireFlow(found ?? notFound('flow', params.id));
  },
});

type Found = Awaited<ReturnType<typeof readRoutingTable>>['flows'] extends Map<string, infer F> ? F : never;

function wireFlow({ flow, version }: Found): z.input<typeof schemas.flow> {
  return {
    id: flow.id,
    key: flow.key,
    name: flow.name,
    trigger: flow.trigger,
    status: flow.status,
    active_since: flow.active_since && isoSeconds(flow.active_since),
    version: version.number,
    max_age_seconds: version.max_age_seconds,
    review: version.review,
    settings: version.settings as Record<string, unknown>,
  };
}

export const routingRoutes: readonly Route[] = [list, targets, create, resolve, get, update, remove, flows, updateFlow];
