import { z } from 'zod';
import { defineRoute, idParams, instantSchema, listOf, listQuery, page, type Route } from '../../../kit/http.ts';
import { isoSeconds } from '../../../kit/time.ts';
import { getConnection } from './queries.ts';
import { listReconcileRuns, type ReconcileRun, startReconcile } from './reconcile.ts';

const TAGS = ['Stripe connection'];

const runSchema = z
  .object({
    object: z.literal('reconcile_run'),
    id: z.string(),
    connection_id: z.string(),
    trigger: z.enum(['nightly', 'manual', 'after_outage', 'after_import']),
    status: z.enum(['running', 'done', 'failed', 'canceled']),
    checked: z.number().int().describe('Objects that Stripe listed.'),
    repaired: z.number().int().describe('Of these, the ones that were read anew because they stood differently here.'),
    gone: z.number().int().describe('Objects that Stripe no longer has; they are marked deleted.'),
    errors: z.number().int().describe('Objects that could not be read.'),
    reason: z.string().nullable(),
    started_at: instantSchema,
    finished_at: instantSchema.nullable(),
  })
  .meta({ id: 'ReconcileRun' });

const start = defineRoute({
  method: 'POST',
  path: '/v1/connections/{id}/reconcile',
  scope: 'connections:write',
  summary: 'Compare everything with Stripe now',
  description: 'What every night does: each object is listed and compared, what is gone is marked. Nobody is mailed.',
  tags: TAGS,
  status: 201,
  params: idParams,
  body: z.object({}).optional(),
  response: runSchema,
  refusals: ['reconcile_running', 'connection_not_working'],
  handler: async (ctx, { params }) =>
    wireRun(await startReconcile(ctx, { connection: await getConnection(ctx, params.id), trigger: 'manual' })),
});

const list = defineRoute({
  method: 'GET',
  path: '/v1/connections/{id}/reconcile_runs',
  scope: 'connections:read',
  summary: 'List the comparisons with Stripe',
  tags: TAGS,
  params: idParams,
  query: listQuery,
  response: listOf(runSchema),
  handler: async (ctx, { params, query }) => {
    const connection = await getConnection(ctx, params.id);
    const rows = await listReconcileRuns(ctx, { connectionId: connection.id, limit: query.limit, cursor: query.cursor });
    return page(rows, { limit: query.limit, cursorOf: (row) => row.id, toWire: wireRun });
  },
});

function wireRun(row: ReconcileRun): z.input<typeof runSchema> {
  const { id, connection_id, checked, repaired, gone, errors, reason } = row;
  return {
    object: 'reconcile_run',
    id,
    connection_id,
    trigger: row.trigger as 'nightly',
    status: row.status as 'running',
    checked,
    repaired,
    gone,
    errors,
    reason,
    started_at: isoSeconds(row.started_wall_at),
    finished_at: row.finished_wall_at && isoSeconds(row.finished_wall_at),
  };
}

export const reconcileRoutes: readonly Route[] = [start, list];
