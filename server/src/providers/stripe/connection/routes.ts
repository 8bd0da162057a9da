import { z } from 'zod';
import { alignClocks } from '../../../accounts/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { refuse } from '../../../kit/errors.ts';
import { defineRoute, idParams, listOf, listQuery, page, type Route, type RouteRequest, redirect } from '../../../kit/http.ts';
import { publicUrlOf } from '../address.ts';
import { checkConnection } from './check.ts';
import { connectWithKey } from './connect.ts';
import { connectSandbox } from './connect-sandbox.ts';
import { type Connection, connectionSchema, wireConnection } from './connection.ts';
import { disconnect } from './disconnect.ts';
import { finishOauth } from './oauth-callback.ts';
import { startOauth } from './oauth-start.ts';
import { PERMISSIONS } from './permissions.ts';
import { getConnection, listConnections } from './queries.ts';
import { reconcileRoutes } from './reconcile-routes.ts';
import { settleConnection } from './settle.ts';

const TAGS = ['Stripe connection'];
const schema = connectionSchema.meta({ id: 'Connection' });
const KEY_CHARS = 300;

const list = defineRoute({
  method: 'GET',
  path: '/v1/connections',
  scope: 'connections:read',
  summary: 'List the Stripe connections of the environment',
  tags: TAGS,
  query: listQuery,
  response: listOf(schema),
  handler: async (ctx, { query }) => {
    const rows = await listConnections(ctx, { limit: query.limit, after: query.cursor ?? null });
    return page(rows, { limit: query.limit, cursorOf: (row) => row.id, toWire: wireConnection });
  },
});

const retrieve = defineRoute({
  method: 'GET',
  path: '/v1/connections/{id}',
  scope: 'connections:read',
  summary: 'Retrieve a connection',
  tags: TAGS,
  params: idParams,
  response: schema,
  handler: async (ctx, { params }) => wireConnection(await getConnection(ctx, params.id)),
});

const create = defineRoute({
  method: 'POST',
  path: '/v1/connections',
  scope: 'connections:write',
  summary: 'Connect Stripe by API key',
  description:
    'Checks account, mode and permissions at once; nothing is written unless they fit. The same account again replaces the key. In a sandbox environment `provider: "stripe_sandbox"` makes an account in the Stripe Sandbox and connects it.',
  tags: TAGS,
  status: 201,
  body: z.object({
    api_key: z.string().min(1).max(KEY_CHARS).optional().describe('Secret (sk_…) or restricted (rk_…) key.'),
    secret_key: z.string().min(1).max(KEY_CHARS).optional().describe('The same as api_key.'),
    provider: z.enum(['stripe', 'stripe_sandbox']).optional(),
    api_base: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of a Stripe Sandbox that runs elsewhere on this machine.'),
    purpose: z.enum(['full', 'email_only']).optional(),
    mirror: z.enum(['all', 'managed']).optional().describe('Mirror everything in the account, or only what Billow made or was given.'),
    shared: z.boolean().optional().describe('The account serves several environments.'),
  }),
  response: schema,
  refusals: [
    'invalid_key',
    'publishable_key',
    'mode_mismatch',
    'key_refused',
    'permission_missing',
    'account_unknown',
    'account_in_use',
    'other_account_connected',
    'engine_not_durable',
    'stripe_unreachable',
    'invalid_api_base',
  ],
  handler: async (ctx, { body }) => {
    const key = body.api_key ?? body.secret_key;
    if (key === undefined && body.provider === 'stripe_sandbox') return wireConnection((await connectSandbox(ctx)).connection);
    if (key === undefined)
      refuse({ status: 422, code: 'parameter_missing', param: 'api_key', message: 'Give the API key of the Stripe account.' });
    const connection = await connectWithKey(ctx, {
      secretKey: key,
      apiBase: apiBaseOf(ctx, body.api_base),
      ...(body.purpose ? { purpose: body.purpose } : {}),
      ...(body.mirror ? { mirror: body.mirror } : {}),
      ...(body.shared === undefined ? {} : { shared: body.shared }),
    });
    return wireConnection(await settled(ctx, connection));
  },
});

const oauth = defineRoute({
  method: 'POST',
  path: '/v1/connections/oauth',
  scope: 'connections:write',
  summary: 'Connect with Stripe',
  description: 'Answers the address of the consent page. Stripe sends the person back within ten minutes, to the same browser session.',
  tags: TAGS,
  body: z.object({}).optional(),
  response: z.object({ object: z.literal('authorization'), authorize_url: z.string() }),
  refusals: ['oauth_not_configured', 'sandbox_not_running', 'engine_not_durable'],
  handler: async (ctx, { request }) => {
    const { authorizeUrl } = await startOauth(ctx, { sessionKey: sessionKeyOf(ctx, request) });
    return { object: 'authorization' as const, authorize_url: authorizeUrl };
  },
});

const callback = defineRoute({
  method: 'GET',
  path: '/oauth/stripe/callback',
  scope: 'public',
  summary: 'Return from the consent page',
  tags: TAGS,
  hidden: true,
  query: z.looseObject({
    state: z.string().max(KEY_CHARS).optional(),
    code: z
      .string()
      .max(KEY_CHARS * 2)
      .optional(),
    error: z.string().max(KEY_CHARS).optional(),
  }),
  handler: async (ctx, { query, request }) => {
    const end = await finishOauth(ctx.app, {
      returned: { state: query.state, code: query.code, error: query.error },
      sessionKeys: [cookieOf(request), null],
    });
    if (end.ctx && end.connectionId) await alignClocks(end.ctx);
    const answer = new URLSearchParams(end.error === null ? { connected: end.connectionId ?? '' } : { error: end.error });
    if (end.ctx) answer.set('environment', end.ctx.environmentId);
    return redirect(`${publicUrlOf(ctx.app)}/settings/integrations/stripe?${answer}`);
  },
});

const probe = defineRoute({
  method: 'POST',
  path: '/v1/connections/{id}/probe',
  scope: 'connections:write',
  summary: 'Check the permissions of a connection again',
  tags: TAGS,
  params: idParams,
  body: z.object({}).optional(),
  response: schema,
  refusals: ['connection_without_key', 'stripe_unreachable'],
  handler: async (ctx, { params }) => wireConnection(await checkConnection(ctx, params.id)),
});

const remove = defineRoute({
  method: 'DELETE',
  path: '/v1/connections/{id}',
  scope: 'connections:write',
  summary: 'Remove a connection',
  description: 'Removes our webhook endpoint at Stripe and wipes the key. Subscriptions there go on; what is mirrored here stays.',
  tags: TAGS,
  params: idParams,
  response: schema,
  refusals: ['already_disconnected'],
  handler: async (ctx, { params }) => wireConnection(await disconnect(ctx, params.id)),
});

const permissions = defineRoute({
  method: 'GET',
  path: '/v1/connections/permissions',
  scope: 'connections:read',
  summary: 'List the permissions a restricted key needs',
  tags: TAGS,
  response: z.object({
    object: z.literal('list'),
    data: z.array(z.object({ permission: z.string(), access: z.string(), required: z.boolean(), used_for: z.string() })),
  }),
  handler: () =>
    Promise.resolve({
      object: 'list' as const,
      data: PERMISSIONS.map(({ name, access, required, usedFor }) => ({
        permission: name,
        access,
        required: required === true,
        used_for: usedFor,
      })),
    }),
});

export const connectionRoutes: readonly Route[] = [list, permissions, retrieve, create, oauth, callback, probe, remove, ...reconcileRoutes];

/** Waits for the first scan of small accounts; big ones go on in the background. Then the two clocks stand together. */
async function settled(ctx: Ctx, connection: Connection): Promise<Connection> {
  await settleConnection(ctx, connection.id);
  await alignClocks(ctx);
  return getConnection(ctx, connection.id);
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Only addresses of this machine, so that nobody can make the server call another one. */
function apiBaseOf(ctx: Ctx, given: string | undefined): string | null {
  if (given === undefined) return null;
  const url = new URL(given);
  if (ctx.mode === 'live' || !LOOPBACK.test(url.hostname)) {
    refuse({
      status: 422,
      code: 'invalid_api_base',
      param: 'api_base',
      message: 'api_base names a Stripe Sandbox on this machine; live environments always talk to Stripe.',
    });
  }
  return url.origin;
}

/** What a browser session is recognised by; a key has none, and may start a consent in sandbox environments only. */
function sessionKeyOf(ctx: Ctx, request: RouteRequest): string | null {
  const cookie = cookieOf(request);
  if (cookie !== null && ctx.actor.startsWith('user:')) return cookie;
  if (ctx.mode === 'sandbox') return null;
  refuse({ status: 403, code: 'missing_scope', message: 'Only a signed-in person may ask Stripe for consent: sign in to the dashboard.' });
}

function cookieOf(request: RouteRequest): string | null {
  return request.cookies['__Host-billow'] ?? request.cookies.billow ?? null;
}
