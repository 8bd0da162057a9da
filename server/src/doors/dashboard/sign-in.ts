import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { refuseForeignOrigin, SignInDesk } from '../../accounts/index.ts';
import type { App } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

const TRIES_PER_MINUTE = 30;
/** What a browser needs of the library; accounts are made through sign-in links only. */
const OFFERED = new Set([
  'sign-in/email',
  'sign-out',
  'get-session',
  'change-password',
  'list-sessions',
  'revoke-session',
  'revoke-other-sessions',
  'revoke-sessions',
]);
/** Set by the answer's own framing. */
const NOT_COPIED = new Set(['set-cookie', 'content-length', 'transfer-encoding', 'connection']);

/** Serves /api/auth/*: e-mail and password sign-in of people. */
export function signInDoor(app: App): FastifyPluginAsync {
  return async (fastify: FastifyInstance) => {
    fastify.route({
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      exposeHeadRoute: false,
      config: { rateLimit: { max: TRIES_PER_MINUTE, timeWindow: '1 minute' } },
      handler: (request, reply) => serve(app, request, reply),
    });
  };
}

async function serve(app: App, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { '*': rest } = request.params as { '*': string };
  if (!OFFERED.has(rest)) notFound('address', `/api/auth/${rest}`);
  const publicUrl = app.config.publicUrl ?? '';
  // The library checks the Origin of requests with a cookie only; signing a visitor in from another site is refused too.
  const isFromBrowser = request.headers.origin !== undefined || request.headers.cookie !== undefined;
  if (request.method === 'POST' && isFromBrowser) refuseForeignOrigin({ headers: request.headers, publicUrl });
  const answer = await app.ports.get(SignInDesk).handle(toFetch(request, publicUrl));
  reply.status(answer.status);
  answer.headers.forEach((value, name) => {
    if (!NOT_COPIED.has(name)) reply.header(name, value);
  });
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
  return reply.send(Buffer.from(await answer.arrayBuffer()));
}

function toFetch(request: FastifyRequest, publicUrl: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const hasBody = request.method === 'POST';
  return new Request(`${publicUrl}${request.url}`, {
    method: request.method,
    headers,
    ...(hasBody ? { body: JSON.stringify(request.body ?? {}) } : {}),
  });
}
