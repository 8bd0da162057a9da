import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { App } from '../../kit/context.ts';
import { Refusal } from '../../kit/errors.ts';
import { BodyRefused } from './read-body.ts';

export type WireError = { status: number; code: string; message: string; param?: string | undefined; fix?: string | undefined };

/** A 5xx of ours says nothing about the inside. */
const TROUBLE: WireError = {
  status: 500,
  code: 'internal_error',
  message: 'Something went wrong on our side. The request id helps to find it in the log.',
};

/** Answers any error as `{ error: { code, message, param, fix, request_id } }`. */
export function sendError(a: { app: App; error: unknown; request: FastifyRequest; reply: FastifyReply }): void {
  const wire = toWire(a.error);
  if (wire.status >= 500)
    a.app.log.error('request_failed', {
      request_id: a.request.id,
      method: a.request.method,
      route: a.request.routeOptions.url ?? '',
      error: a.error,
    });
  // The rest of the body is still on its way: nothing else can follow it on this connection.
  if (a.error instanceof BodyRefused) a.reply.header('connection', 'close');
  if (a.error instanceof Refusal) for (const [name, value] of Object.entries(a.error.headers)) a.reply.header(name, value);
  a.reply.status(wire.status).header('x-request-id', a.request.id).type('application/json').send(envelope(wire, a.request.id));
}

/** The body of an error answer. */
export function envelope(wire: WireError, requestId: string) {
  const { code, message, param, fix } = wire;
  return {
    error: { code, message, ...(param === undefined ? {} : { param }), ...(fix === undefined ? {} : { fix }), request_id: requestId },
  };
}

/** 404 for an address nobody serves. */
export function sendUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const message = `There is no ${request.method} ${request.url.split('?')[0]}.`;
  reply
    .status(404)
    .header('x-request-id', request.id)
    .send(envelope({ status: 404, code: 'unknown_route', message }, request.id));
}

/** Any thrown thing as what the caller may see. */
export function toWire(error: unknown): WireError {
  if (error instanceof Refusal)
    return { status: error.status, code: error.code, message: error.message, param: error.param, fix: error.fix };
  if (error instanceof ZodError) return fromZod(error);
  if (error instanceof BodyRefused) return { status: error.statusCode, code: BODY[error.statusCode], message: error.message };
  return fromFastify(error as FastifyError) ?? TROUBLE;
}

function fromZod(error: ZodError): WireError {
  const issue = error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const param = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  const message = unknownKey === undefined ? (issue?.message ?? 'The request is not valid.') : `${param} is not known here.`;
  return {
    status: 400,
    code: 'invalid_request',
    message: param === '' ? message : `${param}: ${message}`.replace(`${param}: ${param} `, `${param} `),
    param: param || undefined,
  };
}

const BODY = { 400: 'body_cut_off', 408: 'body_too_slow', 413: 'body_too_large' } as const;

const FASTIFY: Record<string, WireError> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'invalid_json', message: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'invalid_json', message: 'The body is empty; send a JSON object.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', message: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, code: 'unsupported_media_type', message: 'Send application/json.' },
};

function fromFastify(error: FastifyError | null): WireError | null {
  const known = FASTIFY[error?.code ?? ''];
  if (known) return known;
  const status = error?.statusCode;
  if (status === 429) return { status, code: 'rate_limited', message: 'Too many requests.', fix: 'Wait for the seconds in Retry-After.' };
  if (status === undefined || status < 400 || status > 499) return null;
  return { status, code: 'invalid_request', message: 'The request is not valid.' };
}
