import { z } from 'zod';
import { isUniqueViolation, notFound, refuse } from '../../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../../kit/http.ts';
import { newId } from '../../kit/ids.ts';
import { triggerSpec } from '../facts/triggers.ts';
import * as schemas from './schemas.ts';
import { wireTemplate, wireVersion } from './wire.ts';

const tags = ['E-mails'];
const KEY = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const list = defineRoute({
  method: 'GET',
  path: '/v1/emails/templates',
  scope: 'emails:read',
  summary: 'List templates',
  tags,
  query: listQuery.extend({ trigger: z.string().optional() }),
  response: listOf(schemas.template),
  handler: async (ctx, { query }) => {
    let q = ctx.db.selectFrom('email_templates').selectAll().where('environment_id', '=', ctx.environmentId).where('status', '=', 'active');
    if (query.trigger !== undefined) q = q.where('trigger', '=', query.trigger);
    if (query.cursor !== undefined) q = q.where('id', '<', query.cursor);
    return page(
      await q
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute(),
      { limit: query.limit, cursorOf: (row) => row.id, toWire: wireTemplate },
    );
  },
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/emails/templates',
  scope: 'emails:write',
  summary: 'Create a template',
  description: 'Its texts are saved as versions.',
  tags,
  status: 201,
  refusals: ['key_taken', 'unknown_trigger'],
  body: z.object({ key: z.string().regex(KEY), name: z.string().min(1).max(200), trigger: z.string() }),
  response: schemas.template,
  handler: async (ctx, { body }) => {
    if (!triggerSpec(body.trigger))
      refuse({ code: 'unknown_trigger', message: `There is no trigger "${body.trigger}".`, param: 'trigger' });
    const now = ctx.clock.now();
    try {
      return wireTemplate(
        await ctx.db
          .insertInto('email_templates')
          .values({
            environment_id: ctx.environmentId,
            id: newId(ctx, 'template'),
            ...body,
            created_at: now,
            updated_at: now,
            actor: ctx.actor,
          })
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
    } catch (error) {
      if (isUniqueViolation(error))
        refuse({ status: 409, code: 'key_taken', message: `There is already a template "${body.key}".`, param: 'key' });
      throw error;
    }
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/emails/templates/{id}',
  scope: 'emails:read',
  summary: 'Read a template with its current versions',
  tags,
  params: idParams,
  response: schemas.template.extend({ versions: z.array(schemas.version) }),
  handler: async (ctx, { params }) => {
    const row = await ctx.db
      .selectFrom('email_templates')
      .selectAll()
      .where('environment_id', '=', ctx.environmentId)
      .where((eb) => eb.or([eb('id', '=', params.id), eb('key', '=', params.id)]))
      .executeTakeFirst();
    if (!row) notFound('template', params.id);
    const versions = await ctx.db
      .selectFrom('email_template_versions')
      .selectAll()
      .where('environment_id', '=', ctx.environmentId)
      .where('template_id', '=', row.id)
      .where('status', '<>', 'retired')
      .orderBy('variant')
      .orderBy('locale')
      .orderBy('number', 'desc')
      .execute();
    return { ...wireTemplate(row), versions: versions.map(wireVersion) };
  },
});

export const templateRoutes: readonly Route[] = [list, create, get];
