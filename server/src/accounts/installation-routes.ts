import { z } from 'zod';
import type { Ctx } from '../kit/context.ts';
import { refuse } from '../kit/errors.ts';
import { defineRoute, type Route } from '../kit/http.ts';
import { confirmPrimary } from './installation.ts';
import { Held } from './ports.ts';

const TAGS = ['Installation'];
const schema = z.object({
  object: z.literal('installation'),
  engine: z.enum(['pglite', 'postgres']),
  held: z.boolean().describe('Nothing calls Stripe or sends mail for test and live environments until an owner confirms this database.'),
  reason: z.string().nullable(),
});

const get = defineRoute({
  method: 'GET',
  path: '/v1/installation',
  scope: 'organization',
  summary: 'Retrieve the state of this installation',
  tags: TAGS,
  response: schema,
  handler: async (ctx) => toWire(ctx),
});

const confirm = defineRoute({
  method: 'POST',
  path: '/v1/installation/confirm_primary',
  scope: 'organization',
  summary: 'Confirm that this database is now the primary',
  tags: TAGS,
  response: schema,
  refusals: ['missing_scope', 'engine_not_durable'],
  handler: async (ctx) => {
    if (!ctx.actor.startsWith('user:') || !ctx.scopes.has('owner')) {
      refuse({ status: 403, code: 'missing_scope', message: 'Only a signed-in owner may confirm the primary database.' });
    }
    const held = ctx.app.ports.get(Held);
    const problem = held.problem();
    if (problem !== null)
      refuse({
        status: 409,
        code: 'engine_not_durable',
        message: problem,
        fix: 'Put the server right and start it again; docs/9-operating says how.',
      });
    await confirmPrimary(ctx);
    held.release();
    return toWire(ctx);
  },
});

export const installationRoutes: readonly Route[] = [get, confirm];

function toWire(ctx: Ctx): z.input<typeof schema> {
  const { reason } = ctx.app.ports.get(Held);
  return { object: 'installation', engine: ctx.app.engine, held: reason() !== null, reason: reason() };
}
