import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ZodError, z } from 'zod';
import type { Authenticate } from '../../accounts/index.ts';
import type { App, Ctx } from '../../kit/context.ts';
import { stringify } from '../../kit/database.ts';
import { refuse } from '../../kit/errors.ts';
import { hijacked, Reply, type Route } from '../../kit/http.ts';
import { BODY_TIMEOUT_MS } from '../../kit/limits.ts';
import { createSlots } from '../../kit/slots.ts';
import { refuseCardNumbers } from './card-numbers.ts';
import { replayed } from './idempotency.ts';
import { readBody } from './read-body.ts';

export type MountInput = { app: App; fastify: FastifyInstance; routes: readonly Route[]; authenticate: Authenticate; publicUrl(): string };

const CALLS_PER_MINUTE = 600;
/** Raw bodies of more than 64 kB that are held at once. */
const LARGE_BODIES = 4;
const KEY_IN_QUERY = /^b(?:pk|k)_(?:sandbox|test|live)_/;

/** Mounts the rooms' routes: who calls, what was sent, the handler, the answer checked against its schema. */
export async function mountRoutes(a: MountInput): Promise<void> {
  const raw = a.routes.filter((route) => route.rawBody);
  const large = createSlots(LARGE_BODIES);
  for (const route of a.routes.filter((one) => !one.rawBody)) mount(a, a.fastify, route);
  await a.fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
      readBody(payload, {
        limit: request.routeOptions.bodyLimit,
        timeoutMs: a.app.config.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
        clock: a.app.machineClock,
        large,
      }),
    );
    for (const route of raw) mount(a, scope, route);
  });
}

function mount(a: MountInput, fastify: FastifyInstance, route: Route): void {
  fastify.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: false,
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    config: { rateLimit: { max: route.rateLimit ?? CALLS_PER_MINUTE, timeWindow: '1 minute', keyGenerator: callerOf, hook: 'preHandler' } },
    handler: (request, reply) => answer({ mounted: a, route, request, reply }),
  });
}

type Call = { mounted: MountInput; route: Route; request: FastifyRequest; reply: FastifyReply };

async function answer(a: Call): Promise<FastifyReply> {
  const { route, request, reply } = a;
  refuseKeysInQuery(request);
  const ctx = await a.mounted.authenticate({
    headers: request.headers,
    method: request.method,
    scope: route.scope,
    requestId: request.id,
    publicUrl: a.mounted.publicUrl(),
  });
  if (!route.rawBody && request.body !== undefined) refuseCardNumbers(request.body);
  const run = () => handle(a, ctx);
  const result = route.method === 'POST' && !route.rawBody ? await replayed({ ctx, request, run }) : await run();
  if (result === hijacked) return reply.hijack();
  for (const [name, value] of Object.entries(result.headers)) reply.header(name, value);
  reply.status(result.status);
  if (result.body === undefined || result.body === null) return reply.send();
  if (typeof result.body === 'string' || result.body instanceof Uint8Array) return reply.send(result.body);
  return reply.type('application/json; charset=utf-8').send(stringify(result.body));
}

async function handle(a: Call, ctx: Ctx): Promise<Reply> {
  const { route, request } = a;
  const gone = new AbortController();
  a.reply.raw.once('close', () => {
    if (!a.reply.raw.writableFinished) gone.abort();
  });
  const answered = await route.handler(ctx, {
    params: parsed(route.params, request.params),
    query: parsed(route.query, request.query),
    body: route.rawBody ? (request.body ?? Buffer.alloc(0)) : parsed(route.body, request.body ?? {}),
    request: {
      headers: request.headers,
      ip: request.ip,
      url: request.url,
      cookies: request.cookies,
      signal: gone.signal,
      raw: request.raw,
      rawReply: a.reply.raw,
    },
  });
  if (answered instanceof Reply) return answered;
  return new Reply({
    status: route.status ?? 200,
    body: checked(route, answered),
    ...(route.produces ? { headers: { 'content-type': route.produces } } : {}),
  });
}

/** Unknown keys are refused by name: a typo must not look like success. */
function parsed(schema: z.ZodType | undefined, value: unknown): unknown {
  return schema === undefined ? undefined : strictForm(schema).parse(value);
}

/** Deriving the strict form costs more than the whole request; it is kept beside the schema. */
const strictForms = new WeakMap<z.ZodType, z.ZodType>();

function strictForm(schema: z.ZodType): z.ZodType {
  const known = strictForms.get(schema);
  if (known) return known;
  const strict = schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
  strictForms.set(schema, strict);
  return strict;
}

/** An answer that breaks its own schema is a bug of ours, never a 400. */
function checked(route: Route, body: unknown): unknown {
  if (route.response === undefined) return body;
  const result = route.response.safeParse(body);
  if (result.success) return result.data;
  throw new Error(`${route.method} ${route.path} answered what its schema does not allow: ${describe(result.error)}`);
}

function describe(error: ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
}

function refuseKeysInQuery(request: FastifyRequest): void {
  const query = (request.query ?? {}) as Record<string, unknown>;
  if (!Object.values(query).some((value) => typeof value === 'string' && KEY_IN_QUERY.test(value))) return;
  refuse({
    code: 'key_in_query',
    message: 'An API key must not stand in the address: addresses are logged.',
    fix: 'Revoke this key and send the new one as Authorization: Bearer.',
  });
}

/** Callers are told apart by their key or session, else by their address. */
function callerOf(request: FastifyRequest): string {
  return request.headers.authorization ?? request.headers.cookie ?? request.ip;
}
