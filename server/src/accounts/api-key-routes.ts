import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { notFound, refuse } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../kit/http.ts';
import type { ApiKeys } from '../kit/schema.generated.ts';
import { isoSeconds } from '../kit/time.ts';
import { apiKeySchema } from './api-key.ts';
import { writeAudit } from './audit.ts';
import { createApiKey } from './create-api-key.ts';
import { FULL, isGrantable, keyCovers, READ_ONLY } from './scopes.ts';

const TAGS = ['API keys'];

const list = defineRoute({
  method: 'GET',
  path: '/v1/api_keys',
  scope: 'keys:read',
  summary: 'List API keys',
  tags: TAGS,
  query: listQuery,
  response: listOf(apiKeySchema),
  handler: async (ctx, { query }) => {
    let rows = ctx.db.selectFrom('api_keys').selectAll().where('environment_id', '=', ctx.environmentId).where('revoked_at', 'is', null);
    if (query.cursor !== undefined) rows = rows.where('id', '<', query.cursor);
    const found = await rows
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute();
    return page(found, { limit: query.limit, cursorOf: (row) => row.id, toWire });
  },
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/api_keys',
  scope: 'keys:write',
  summary: 'Create an API key',
  description: 'The answer shows `secret` once. A key cannot give more than it has.',
  tags: TAGS,
  status: 201,
  body: z.object({
    name: z.string().trim().min(1).max(80),
    scopes: z.array(z.string().refine(isGrantable, 'Not a scope a key can have')).min(1).max(100).default([FULL]),
    expires_at: z.iso.datetime({ offset: true }).optional(),
  }),
  response: apiKeySchema.extend({ secret: z.string() }).meta({ id: 'NewApiKey' }),
  refusals: ['scope_beyond_own'],
  handler: async (ctx, { body }) => {
    refuseMoreThanOwn(ctx, body.scopes);
    return transaction(ctx, async (tx) => {
      const expiresAt = body.expires_at === undefined ? null : Temporal.Instant.from(body.expires_at);
      const made = await createApiKey(tx, {
        environmentId: ctx.environmentId,
        mode: ctx.mode,
        name: body.name,
        scopes: body.scopes,
        expiresAt,
      });
      return { ...toWire(await find(tx, made.id)), secret: made.secret };
    });
  },
});

const revoke = defineRoute({
  method: 'DELETE',
  path: '/v1/api_keys/{id}',
  scope: 'keys:write',
  summary: 'Revoke an API key',
  description: 'It stops working within five seconds, in every process.',
  tags: TAGS,
  params: idParams,
  response: apiKeySchema,
  handler: (ctx, { params }) =>
    transaction(ctx, async (tx) => {
      const row = await find(tx, params.id);
      const now = tx.machineClock.now();
      await tx.db
        .updateTable('api_keys')
        .set({ revoked_at: now })
        .where('environment_id', '=', tx.environmentId)
        .where('id', '=', params.id)
        .execute();
      await writeAudit(tx, {
        action: 'api_key.revoked',
        objectType: 'api_key',
        objectId: row.id,
        before: { name: row.name, prefix: row.prefix },
      });
      return toWire({ ...row, revoked_at: now });
    }),
});

export const apiKeyRoutes: readonly Route[] = [list, create, revoke];

function refuseMoreThanOwn(ctx: Ctx, wanted: readonly string[]): void {
  if (!ctx.actor.startsWith('api_key:')) return;
  const beyond = wanted.find((scope) => (scope === FULL || scope === READ_ONLY ? !ctx.scopes.has(FULL) : !keyCovers(ctx.scopes, scope)));
  if (beyond !== undefined)
    refuse({
      status: 403,
      code: 'scope_beyond_own',
      message: `This key cannot give ${beyond}, which it does not have itself.`,
      param: 'scopes',
    });
}

async function find(tx: Ctx, id: string): Promise<Selectable<ApiKeys>> {
  const row = await tx.db
    .selectFrom('api_keys')
    .selectAll()
    .where('environment_id', '=', tx.environmentId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row ?? notFound('API key', id);
}

function toWire(row: Selectable<ApiKeys>): z.input<typeof apiKeySchema> {
  const time = (instant: Temporal.Instant | null) => (instant === null ? null : isoSeconds(instant));
  return {
    object: 'api_key',
    id: row.id,
    kind: row.kind,
    name: row.name,
    prefix: row.prefix,
    last4: row.last4,
    scopes: row.scopes,
    created_by: row.created_by,
    created_at: isoSeconds(row.created_at),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_wall_at),
    revoked_at: time(row.revoked_at),
  };
}
