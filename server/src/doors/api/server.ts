import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../../accounts/index.ts';
import type { App } from '../../kit/context.ts';
import { BODY_MAX_BYTES, REQUEST_TIMEOUT_MS } from '../../kit/limits.ts';
import type { Room } from '../../kit/room.ts';
import { sendError, sendUnknownRoute } from './errors.ts';
import { registerHealth } from './health.ts';
import { mountRoutes } from './mount.ts';
import { buildOpenApi } from './openapi.ts';
import { refuseForeignHosts, secureHeaders } from './security.ts';

/** A way in that is not the JSON API: webhooks with raw bodies, static pages, sign-in. */
export type Door = FastifyPluginAsync;

export type HttpServer = {
  fastify: FastifyInstance;
  /** The address people use: BILLOW_PUBLIC_URL, else the address listened on. */
  publicUrl(): string;
  listen(): Promise<string>;
  close(): Promise<void>;
};

export type HttpInput = {
  app: App;
  rooms: readonly Room[];
  authenticate: Authenticate;
  doors: readonly Door[];
  /** What /readyz waits for beside the database. */
  isReady(): boolean;
};

const REQUEST_ID_MAX = 100;

/** The HTTP server with every room's routes and the other doors; `listen` opens the port. */
export async function openHttp(a: HttpInput): Promise<HttpServer> {
  const { app } = a;
  const fastify = Fastify({
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    logger: false,
    routerOptions: { maxParamLength: 500 },
    schemaController: { compilersFactory: { buildValidator: () => noSchemas, buildSerializer: () => noSchemas } },
    genReqId: (request) => requestId(app, request.headers['x-request-id']),
  });
  let address = `http://${app.config.host}:${app.config.port}`;
  const publicUrl = () => app.config.publicUrl ?? address;
  fastify.setErrorHandler((error, request, reply) => sendError({ app, error, request, reply }));
  fastify.setNotFoundHandler(sendUnknownRoute);
  await fastify.register(cookie);
  await fastify.register(rateLimit, { global: false });
  refuseForeignHosts(fastify, publicUrl);
  secureHeaders(fastify, publicUrl);
  registerHealth({ app, fastify, isReady: a.isReady });
  const routes = a.rooms.flatMap((room) => room.routes ?? []);
  // Made when it is first asked for: it takes longer than all the routes together.
  let document: string | null = null;
  fastify.get('/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(buildOpenApi(routes));
    return reply.type('application/json').send(document);
  });
  await fastify.register(async (scope) => mountRoutes({ app, fastify: scope, routes, authenticate: a.authenticate, publicUrl }));
  for (const door of a.doors) await fastify.register(door);
  return {
    fastify,
    publicUrl,
    listen: async () => {
      address = (await fastify.listen({ host: app.config.host, port: app.config.port })).replace('[::1]', 'localhost');
      return address;
    },
    close: () => fastify.close(),
  };
}

/** mount.ts checks what comes and goes with zod. Without compilers of its own Fastify would load ajv, a hundred modules that nobody calls. */
function noSchemas(): never {
  throw new Error('Routes carry zod schemas (kit/http.ts), not schemas of Fastify');
}

/** The caller's own id where it is harmless, else one of ours. */
function requestId(app: App, given: string | string[] | undefined): string {
  return typeof given === 'string' && given.length <= REQUEST_ID_MAX && /^[\w.-]+$/.test(given) ? given : app.ids.make('request');
}
