import { z } from 'zod';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { refuse } from '../kit/errors.ts';
import { defineRoute, idParams, listOf, type Route } from '../kit/http.ts';
import { createApiKey } from './create-api-key.ts';
import { createEnvironment } from './create-environment.ts';
import { COLORS, environmentSchema, modeSchema, toWire } from './environment.ts';
import type { Role } from './queries.ts';
import { getEnvironment, listEnvironments } from './queries.ts';
import { FULL, roleCovers } from './scopes.ts';

const TAGS = ['Environments'];

const list = defineRoute({
  method: 'GET',
  path: '/v1/environments',
  scope: 'organization',
  summary: 'List environments',
  description: 'People see all of their organization, a key sees its own. Oldest first, all on one page.',
  tags: TAGS,
  response: listOf(environmentSchema),
  handler: async (ctx) => {
    const environments = await listEnvironments(ctx);
    const now = ctx.machineClock.now();
    return { object: 'list' as const, data: environments.map((one) => toWire(one, now)), has_more: false, next_cursor: null };
  },
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/environments/{id}',
  scope: 'organization',
  summary: 'Retrieve an environment',
  tags: TAGS,
  params: idParams,
  response: environmentSchema,
  handler: async (ctx, { params }) => toWire(await getEnvironment(ctx, params.id), ctx.machineClock.now()),
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/environments',
  scope: 'organization',
  summary: 'Create an environment',
  description:
    'People with keys:write, or a full key of a sandbox, which may make further sandboxes. The answer shows the first API key once.',
  tags: TAGS,
  status: 201,
  body: z.object({
    name: z.string().trim().min(1).max(80),
    mode: modeSchema.default('sandbox'),
    slug: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .optional(),
    clock: z.enum(['wall', 'simulated']).optional().describe('Default: simulated in a sandbox, wall elsewhere.'),
    now: z.iso.datetime({ offset: true }).optional().describe('Where a simulated clock stands at first. Default: the present.'),
    time_zone: z.string().refine(isTimeZone, 'Not a time zone').optional(),
    default_currency: z
      .string()
      .regex(/^[a-z]{3}$/)
      .optional(),
    color: z.enum(COLORS).optional(),
  }),
  response: environmentSchema.extend({ api_key: z.string() }).meta({ id: 'NewEnvironment' }),
  refusals: ['slug_taken', 'clock_not_simulated', 'missing_scope'],
  handler: async (ctx, { body }) => {
    refuseStrangers(ctx, body.mode);
    return transaction(ctx, async (tx) => {
      const environment = await createEnvironment(tx, {
        organizationId: ctx.organizationId,
        name: body.name,
        mode: body.mode,
        ...(body.slug === undefined ? {} : { slug: body.slug }),
        ...(body.clock === undefined ? {} : { clock: body.clock }),
        ...(body.now === undefined ? {} : { now: Temporal.Instant.from(body.now) }),
        ...(body.time_zone === undefined ? {} : { timeZone: body.time_zone }),
        ...(body.default_currency === undefined ? {} : { defaultCurrency: body.default_currency }),
        ...(body.color === undefined ? {} : { color: body.color }),
      });
      const key = await createApiKey(tx, { environmentId: environment.id, mode: environment.mode, name: 'First key', scopes: [FULL] });
      return { ...toWire(environment, ctx.machineClock.now()), api_key: key.secret };
    });
  },
});

export const environmentRoutes: readonly Route[] = [list, get, create];

function refuseStrangers(ctx: Ctx, mode: string): void {
  const isPerson = ctx.actor.startsWith('user:');
  const may = isPerson
    ? [...ctx.scopes].some((role) => roleCovers(role as Role, 'keys:write'))
    : ctx.scopes.has(FULL) && ctx.mode === 'sandbox' && mode === 'sandbox';
  if (may) return;
  const message = isPerson
    ? 'Your role may not make environments.'
    : 'A key makes environments only in the mode sandbox, and needs the scope full.';
  refuse({ status: 403, code: 'missing_scope', message });
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
