import { z } from 'zod';
import type { Ctx } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, Reply, type Route } from '../../kit/http.ts';
import { previewTemplate } from '../templates/preview.ts';
import { publishVersion, saveVersion } from '../templates/save-version.ts';
import type { VersionRow } from '../templates/versions.ts';
import * as schemas from './schemas.ts';
import { wirePreview, wireVersion } from './wire.ts';

const tags = ['E-mails'];

const versionFilters = listQuery.extend({ template: z.string().optional(), status: z.string().optional() });

const list = defineRoute({
  method: 'GET',
  path: '/v1/emails/versions',
  scope: 'emails:read',
  summary: 'List versions',
  tags,
  query: versionFilters,
  response: listOf(schemas.version),
  handler: (ctx, { query }) => listVersions(ctx, query),
});

const listOfTemplate = defineRoute({
  method: 'GET',
  path: '/v1/emails/templates/{id}/versions',
  scope: 'emails:read',
  summary: 'List all versions of a template',
  tags,
  params: idParams,
  query: listQuery,
  response: listOf(schemas.version),
  handler: async (ctx, { params, query }) => {
    await requireTemplate(ctx, params.id);
    return listVersions(ctx, { ...query, template: params.id });
  },
});

const SAVED = 'Saved as the draft of its variant and locale. With errors it is kept as `needs_fix` and the answer is 422 with the places.';
const sourceSchema = z.string().min(1).max(200_000);

const save = defineRoute({
  method: 'POST',
  path: '/v1/emails/versions',
  scope: 'emails:write',
  summary: 'Check and save a text',
  tags,
  status: 201,
  refusals: ['template_has_errors'],
  description: SAVED,
  body: z.object({ template_id: z.string(), source: sourceSchema }),
  response: schemas.version,
  handler: (ctx, { body }) => saveAndAnswer(ctx, { templateId: body.template_id, source: body.source }),
});

const saveOfTemplate = defineRoute({
  method: 'POST',
  path: '/v1/emails/templates/{id}/versions',
  scope: 'emails:write',
  summary: 'Check and save a text of this template',
  tags,
  status: 201,
  params: idParams,
  refusals: ['template_has_errors'],
  description: SAVED,
  body: z.object({ source: sourceSchema }),
  response: schemas.version,
  handler: (ctx, { params, body }) => saveAndAnswer(ctx, { templateId: params.id, source: body.source }),
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/emails/versions/{id}',
  scope: 'emails:read',
  summary: 'Read a version',
  tags,
  params: idParams,
  response: schemas.version,
  handler: async (ctx, { params }) => wireVersion(await versionOf(ctx, params.id)),
});

const preview = defineRoute({
  method: 'POST',
  path: '/v1/emails/versions/{id}/preview',
  scope: 'emails:read',
  summary: 'Preview a version',
  description: 'With made-up facts, or with the facts of a past message or occurrence.',
  tags,
  params: idParams,
  refusals: ['other_trigger'],
  body: z.object({ message_id: z.string().optional(), occurrence_id: z.string().optional() }),
  response: schemas.preview,
  handler: async (ctx, { params, body }) =>
    wirePreview(
      await previewTemplate(ctx, {
        source: (await versionOf(ctx, params.id)).source,
        messageId: body.message_id,
        occurrenceId: body.occurrence_id,
      }),
    ),
});

const publish = defineRoute({
  method: 'POST',
  path: '/v1/emails/versions/{id}/publish',
  scope: 'emails:write',
  summary: 'Publish a version',
  tags,
  params: idParams,
  refusals: ['version_not_publishable', 'person_required', 'missing_scope'],
  description: 'From now on this text is sent. In live only a signed-in person may do this; it is their approval.',
  body: z.object({ comment: z.string().max(2000).optional(), previews_seen: z.array(z.string()).optional() }),
  response: schemas.version,
  handler: async (ctx, { params, body }) =>
    wireVersion(await publishVersion(ctx, { versionId: params.id, comment: body.comment ?? null, previewsSeen: body.previews_seen ?? [] })),
});

type VersionFilters = { limit: number; cursor?: string | undefined; template?: string | undefined; status?: string | undefined };

async function listVersions(ctx: Ctx, a: VersionFilters) {
  let q = ctx.db.selectFrom('email_template_versions').selectAll().where('environment_id', '=', ctx.environmentId);
  if (a.template !== undefined) q = q.where('template_id', '=', a.template);
  if (a.status !== undefined) q = q.where('status', '=', a.status);
  if (a.cursor !== undefined) q = q.where('id', '<', a.cursor);
  const rows = await q
    .orderBy('id', 'desc')
    .limit(a.limit + 1)
    .execute();
  return page(rows, { limit: a.limit, cursorOf: (row) => row.id, toWire: wireVersion });
}

async function requireTemplate(ctx: Ctx, id: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('email_templates')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) notFound('template', id);
}

async function saveAndAnswer(ctx: Ctx, a: { templateId: string; source: string }) {
  const { version, issues } = await saveVersion(ctx, { ...a, authorKind: 'person' });
  if (version.status !== 'needs_fix') return wireVersion(version);
  const first = issues.find((issue) => issue.level === 'error');
  const error = {
    code: 'template_has_errors',
    message: first ? `Line ${first.row}, column ${first.column}: ${first.message}` : 'The template has errors.',
    param: 'source',
    fix: first?.suggestion ? `Write ${first.suggestion}.` : undefined,
    request_id: ctx.requestId,
  };
  return new Reply({ status: 422, body: { error, lint: issues, version: wireVersion(version) } });
}

async function versionOf(ctx: Ctx, id: string): Promise<VersionRow> {
  const row = await ctx.db
    .selectFrom('email_template_versions')
    .selectAll()
    .where('environment_id', '=', ctx.environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? notFound('template version', id);
}

export const versionRoutes: readonly Route[] = [list, listOfTemplate, save, saveOfTemplate, get, preview, publish];
