import { z } from 'zod';
import { type Ctx, contextFor } from '../kit/context.ts';
import { defineRoute, idParams, instantSchema, type Route } from '../kit/http.ts';
import { earliest, isoSeconds } from '../kit/time.ts';
import { advanceClock } from './advance-clock.ts';
import type { Environment } from './environment.ts';
import { ProviderClock } from './ports.ts';
import { getEnvironment } from './queries.ts';
import { nextOwnInstant } from './reach-instant.ts';

const TAGS = ['Clock'];
const LOOK_AHEAD_DAYS = 3_650;

const clockSchema = z
  .object({
    object: z.literal('clock'),
    kind: z.enum(['wall', 'simulated']),
    now: instantSchema,
    status: z.enum(['ready', 'advancing', 'blocked']).describe('`blocked`: the last advance stopped; `blocked` names the row.'),
    target: instantSchema.nullable(),
    next: instantSchema.nullable().describe('The next instant at which something is due.'),
    blocked: z.object({ queue: z.string(), id: z.string(), reason: z.string(), next_attempt_at: instantSchema.nullable() }).nullable(),
  })
  .meta({ id: 'Clock' });

const get = defineRoute({
  method: 'GET',
  path: '/v1/environments/{id}/clock',
  scope: 'organization',
  summary: 'Retrieve the clock of an environment',
  tags: TAGS,
  params: idParams,
  response: clockSchema,
  handler: async (ctx, { params }) => {
    const environment = await getEnvironment(ctx, params.id);
    return toWire(await inside(ctx, environment.id), environment);
  },
});

const advance = defineRoute({
  method: 'POST',
  path: '/v1/environments/{id}/clock/advance',
  scope: 'clock:write',
  summary: 'Advance a simulated clock',
  description: 'Answers when the clock has arrived and everything due on the way is done. The clock never goes back.',
  tags: TAGS,
  params: idParams,
  body: z.object({
    to: z.union([z.literal('next'), z.iso.datetime({ offset: true })]).describe('RFC 3339, or `next` for the next thing due.'),
  }),
  response: clockSchema,
  refusals: ['clock_advancing', 'clock_blocked', 'clock_not_simulated', 'clock_in_the_past', 'clock_too_far', 'nothing_due'],
  handler: async (ctx, { params, body }) => {
    const environment = await getEnvironment(ctx, params.id);
    const there = await inside(ctx, environment.id);
    const moved = await advanceClock(there, { to: body.to === 'next' ? 'next' : Temporal.Instant.from(body.to) });
    return toWire(await inside(ctx, environment.id), moved);
  },
});

export const clockRoutes: readonly Route[] = [get, advance];

function inside(ctx: Ctx, environmentId: string): Promise<Ctx> {
  return contextFor(ctx.app, { environmentId, actor: ctx.actor, scopes: ctx.scopes, requestId: ctx.requestId });
}

async function toWire(ctx: Ctx, environment: Environment): Promise<z.input<typeof clockSchema>> {
  const target = environment.clockTarget;
  const next = environment.clockKind === 'simulated' && target === null ? await nextDue(ctx) : null;
  return {
    object: 'clock',
    kind: environment.clockKind,
    now: isoSeconds(ctx.clock.now()),
    status: target !== null ? 'advancing' : environment.clockBlocked !== null ? 'blocked' : 'ready',
    target: target === null ? null : isoSeconds(target),
    next: next === null ? null : isoSeconds(next),
    blocked: environment.clockBlocked,
  };
}

async function nextDue(ctx: Ctx): Promise<Temporal.Instant | null> {
  const own = await nextOwnInstant(ctx.app, ctx.environmentId);
  const limit = own ?? ctx.clock.now().add({ hours: LOOK_AHEAD_DAYS * 24 });
  // The provider may be down; our own agenda is still worth showing.
  const theirs =
    (await ctx.app.ports
      .find(ProviderClock)
      ?.next(ctx, limit)
      .catch(() => null)) ?? null;
  return earliest(own, theirs);
}
