import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Ctx } from './context.ts';
import { PAGE_DEFAULT, PAGE_MAX } from './limits.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call: a scope (`messages:read`; keys and people whose role has it), `person` (signed-in people only, in an environment),
 * `organization` (no environment named: people, or any key) or `public` (nobody is asked who they are).
 */
export type Scope = `${string}:${string}` | 'person' | 'organization' | 'public';

/** The request beside its parsed parts. */
export type RouteRequest = {
  headers: IncomingHttpHeaders;
  ip: string;
  url: string;
  cookies: Record<string, string | undefined>;
  /** Fires when the caller has gone. */
  signal: AbortSignal;
  raw: IncomingMessage;
  /** For streams only; a handler that writes here answers `hijacked`. */
  rawReply: ServerResponse;
};

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Answer<R> = R extends z.ZodType ? z.input<R> : unknown;
type Schema = z.ZodType | undefined;

export type RouteInput<P, Q, B> = { params: P; query: Q; body: B; request: RouteRequest };

type RouteBase = {
  method: Method;
  /** With `{id}` for parameters. */
  path: string;
  scope: Scope;
  summary: string;
  description?: string;
  tags: readonly string[];
  /** Default 200. */
  status?: number;
  /** Codes this route may refuse with, beside the general ones. */
  refusals?: readonly string[];
  /** The body as it came (a Buffer), e.g. for signatures; no `body` schema then. */
  rawBody?: boolean;
  /** Largest body in bytes; default BODY_MAX_BYTES. */
  bodyLimit?: number;
  /** Content type of an answer that is not JSON (HTML, text). */
  produces?: string;
  /** Requests per minute and caller; default 600. */
  rateLimit?: number;
  /** Left out of the API document (pages, redirects). */
  hidden?: boolean;
};

/** A route as doors/api mounts it. */
export type Route = RouteBase & {
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  response?: z.ZodType;
  handler(ctx: Ctx, input: RouteInput<unknown, unknown, unknown>): Promise<unknown>;
};

type Definition<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> = RouteBase & {
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  handler(ctx: Ctx, input: RouteInput<Parsed<P>, Parsed<Q>, B extends z.ZodType ? z.output<B> : Buffer>): Promise<Answer<R> | Reply>;
};

/** Declares a route; the handler's input and answer have the schemas' types. */
export function defineRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(definition: Definition<P, Q, B, R>): Route {
  return definition as unknown as Route;
}

/** An answer that is more than a JSON body: another status, headers, a page, a redirect. */
export class Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  constructor(a: { status?: number; headers?: Record<string, string | string[]>; body?: unknown }) {
    this.status = a.status ?? 200;
    this.headers = a.headers ?? {};
    this.body = a.body;
  }
}

/** The handler has written the answer to `request.rawReply` itself. */
export const hijacked: Reply = new Reply({ status: 0 });

/** A redirect after a page or a callback. */
export function redirect(to: string, status: 302 | 303 = 303): Reply {
  return new Reply({ status, headers: { location: to } });
}

/** Query of every list: `limit` 1–100 (default 20) and `cursor`. Extend it with filters: `listQuery.extend({ … })`. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT).describe('How many to answer, 1 to 100.'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
});

export const idParams = z.object({ id: z.string().min(1).max(255) });

/** RFC 3339 in UTC with whole seconds, as isoSeconds() writes it. */
export const instantSchema = z.string().meta({ format: 'date-time', description: 'RFC 3339.' });

/** An instant that a caller gives: RFC 3339 with an offset; anything else is refused with 400. */
export const instantParameter = z.iso.datetime({ offset: true });
/** Minor units: an integer, or a string beyond 2^53. */
export const amountSchema = z
  .union([z.number().int(), z.string().regex(/^-?\d+$/)])
  .meta({ description: 'Minor units; a string beyond 2^53.' });

/** The envelope of every list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ object: z.literal('list'), data: z.array(item), has_more: z.boolean(), next_cursor: z.string().nullable() });
}

/** Makes a page from `limit + 1` rows, newest first; the cursor is the last row's position (usually its id). */
export function page<T, W>(rows: readonly T[], a: { limit: number; cursorOf: (row: T) => string; toWire: (row: T) => W }) {
  const shown = rows.slice(0, a.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > a.limit;
  const nextCursor = hasMore && last !== undefined ? a.cursorOf(last) : null;
  return { object: 'list' as const, data: shown.map(a.toWire), has_more: hasMore, next_cursor: nextCursor };
}
