import { z } from 'zod';
import { writeAudit } from '../../accounts/index.ts';
import { transaction } from '../../kit/database.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route } from '../../kit/http.ts';
import { newId } from '../../kit/ids.ts';
import { isoSeconds } from '../../kit/time.ts';
import { addSuppression, liftSuppression, listSuppressions, type SuppressionRow } from '../suppressions/change.ts';
import * as schemas from './schemas.ts';

const tags = ['E-mails'];

const suppressions = defineRoute({
  method: 'GET',
  path: '/v1/emails/suppressions',
  scope: 'emails:read',
  summary: 'List suppressed addresses',
  tags,
  query: listQuery.extend({ address: z.string().max(320).optional() }),
  response: listOf(schemas.suppression),
  handler: async (ctx, { query }) =>
    page(await listSuppressions(ctx, query), { limit: query.limit, cursorOf: (row) => row.id, toWire: wireSuppression }),
});

const suppress = defineRoute({
  method: 'POST',
  path: '/v1/emails/suppressions',
  scope: 'emails:write',
  summary: 'Suppress an address',
  description: 'Nothing is sent to it from this moment on.',
  tags,
  status: 201,
  refusals: ['invalid_address'],
  body: z.object({ address: z.string().max(320), scope: z.enum(['all', 'marketing']).default('all') }),
  response: schemas.suppression,
  handler: async (ctx, { body }) => wireSuppression(await addSuppression(ctx, { ...body, reason: 'manual' })),
});

const lift = defineRoute({
  method: 'POST',
  path: '/v1/emails/suppressions/{id}/lift',
  scope: 'suppressions:lift',
  summary: 'Lift a suppression',
  description: 'For signed-in people, with a note.',
  tags,
  params: idParams,
  refusals: ['erased'],
  body: z.object({ note: z.string().min(1).max(500) }),
  response: z.object({ id: z.string(), lifted: z.literal(true) }),
  handler: async (ctx, { params, body }) => {
    await liftSuppression(ctx, { id: params.id, reason: body.note });
    return { id: params.id, lifted: true as const };
  },
});

const brandFacts = defineRoute({
  method: 'GET',
  path: '/v1/emails/brand_facts',
  scope: 'emails:read',
  summary: 'List brand facts',
  tags,
  response: listOf(schemas.brandFact),
  handler: async (ctx) => {
    const rows = await ctx.db
      .selectFrom('brand_facts')
      .selectAll()
      .where('environment_id', '=', ctx.environmentId)
      .orderBy('key')
      .execute();
    return {
      object: 'list' as const,
      data: rows.map(({ id, key, value, type, note, registered_by, updated_at }) => ({
        id,
        key,
        value,
        type,
        note,
        registered_by,
        updated_at: isoSeconds(updated_at),
      })),
      has_more: false,
      next_cursor: null,
    };
  },
});

const setBrandFact = defineRoute({
  method: 'PUT',
  path: '/v1/emails/brand_facts',
  scope: 'facts:write',
  summary: 'Set a brand fact',
  description: 'For signed-in people: what is said here is said in every mail.',
  tags,
  body: z.object({
    key: z.enum(['brand.name', 'brand.support_email', 'brand.postal_address']),
    value: z.string().min(1).max(500),
    note: z.string().max(500).optional(),
  }),
  response: schemas.brandFact,
  handler: async (ctx, { body }) =>
    transaction(ctx, async (tx) => {
      const now = tx.clock.now();
      const row = await tx.db
        .insertInto('brand_facts')
        .values({
          environment_id: tx.environmentId,
          id: newId(tx, 'brand_fact'),
          key: body.key,
          value: body.value,
          type: 'string',
          note: body.note ?? null,
          registered_by: tx.actor,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['environment_id', 'key'])
            .doUpdateSet({ value: body.value, note: body.note ?? null, registered_by: tx.actor, updated_at: now }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      await writeAudit(tx, {
        action: 'brand_fact.set',
        objectType: 'brand_fact',
        objectId: row.id,
        after: { key: body.key, value: body.value },
      });
      const { id, key, value, type, note, registered_by, updated_at } = row;
      return { id, key, value, type, note, registered_by, updated_at: isoSeconds(updated_at) };
    }),
});

function wireSuppression(row: SuppressionRow): z.input<typeof schemas.suppression> {
  return { ...row, expires_at: row.expires_at && isoSeconds(row.expires_at), created_at: isoSeconds(row.created_at) };
}

export const settingsRoutes: readonly Route[] = [suppressions, suppress, lift, brandFacts, setBrandFact];
