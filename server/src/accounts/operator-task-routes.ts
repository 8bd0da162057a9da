import { z } from 'zod';
import type { Ctx } from '../kit/context.ts';
import { notFound } from '../kit/errors.ts';
import { defineRoute, idParams, instantSchema, listOf, listQuery, page, type Route } from '../kit/http.ts';
import { isoSeconds } from '../kit/time.ts';
import { closeOperatorTask } from './operator-tasks.ts';

const TAGS = ['Operator tasks'];
const taskSchema = z
  .object({
    object: z.literal('operator_task'),
    id: z.string(),
    kind: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
    object_type: z.string(),
    object_id: z.string(),
    title: z.string(),
    detail: z.unknown(),
    status: z.enum(['open', 'closed']),
    opened_at: instantSchema,
    closed_at: instantSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'OperatorTask' });

const list = defineRoute({
  method: 'GET',
  path: '/v1/operator_tasks',
  scope: 'operator_tasks:read',
  summary: 'List what needs a person',
  tags: TAGS,
  query: listQuery.extend({ status: z.enum(['open', 'closed']).optional() }),
  response: listOf(taskSchema),
  handler: async (ctx, { query }) => {
    let rows = tasks(ctx);
    if (query.status !== undefined) rows = rows.where('status', '=', query.status);
    if (query.cursor !== undefined) rows = rows.where('id', '<', query.cursor);
    const found = await rows
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute();
    return page(found, { limit: query.limit, cursorOf: (row) => row.id, toWire });
  },
});

const close = defineRoute({
  method: 'POST',
  path: '/v1/operator_tasks/{id}/close',
  scope: 'operator_tasks:write',
  summary: 'Close a task',
  tags: TAGS,
  params: idParams,
  body: z.object({ note: z.string().trim().max(1_000).default('') }),
  response: taskSchema,
  handler: async (ctx, { params, body }) => {
    const task = (await tasks(ctx).where('id', '=', params.id).executeTakeFirst()) ?? notFound('operator task', params.id);
    await closeOperatorTask(ctx, { dedupeKey: task.dedupe_key, note: body.note });
    return toWire(await tasks(ctx).where('id', '=', params.id).executeTakeFirstOrThrow());
  },
});

export const operatorTaskRoutes: readonly Route[] = [list, close];

function tasks(ctx: Ctx) {
  return ctx.db.selectFrom('operator_tasks').selectAll().where('environment_id', '=', ctx.environmentId);
}

type Row = Awaited<ReturnType<ReturnType<typeof tasks>['executeTakeFirstOrThrow']>>;

function toWire(row: Row): z.input<typeof taskSchema> {
  return {
    object: 'operator_task',
    id: row.id,
    kind: row.kind,
    severity: row.severity as 'info' | 'warning' | 'critical',
    object_type: row.object_type,
    object_id: row.object_id,
    title: row.title,
    detail: row.detail,
    status: row.status as 'open' | 'closed',
    opened_at: isoSeconds(row.opened_at),
    closed_at: row.closed_at === null ? null : isoSeconds(row.closed_at),
    note: row.note,
  };
}
