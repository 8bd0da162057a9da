import type { Operations } from './api.generated.ts';
import { BillowError, errorOf } from './error.ts';

/** A list's page, as every list of the API answers it. */
export type Page<T> = { object: 'list'; data: T[]; has_more: boolean; next_cursor: string | null };

export type ClientOptions = {
  /** Where the server listens, such as `http://127.0.0.1:4242`; empty for the page's own origin. */
  url: string;
  /** A secret key (`bk_…`). Pages of the dashboard have none: their session cookie signs them in. */
  apiKey?: string;
  /** For signed-in people: the environment that each call means. A key carries its own. */
  environment?: () => string | null;
  /** Anything shaped like fetch: a test hands in its own. */
  fetch?: typeof globalThis.fetch;
  /** Seconds until a call without an answer fails with code `timeout`; default 60. */
  timeoutSeconds?: number;
};

export type CallOptions = {
  query?: object | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The same key twice answers the first call's result: give one to make a POST safe to repeat. */
  idempotencyKey?: string;
};

type Path<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? { [K in Name]: string } & Path<Rest> : unknown;
type PathOf<K extends string> = K extends `${string} ${infer P}` ? P : never;
type Asked<K extends keyof Operations> = Omit<CallOptions, 'query' | 'body'> & {
  query?: Operations[K]['query'];
  body?: Operations[K]['body'];
};
type Params<K extends string> = unknown extends Path<PathOf<K>> ? { params?: undefined } : { params: Path<PathOf<K>> };
type Listed = {
  [K in keyof Operations]: Operations[K]['response'] extends { object: 'list'; data: unknown[] } ? K : never;
}[keyof Operations];
type ItemOf<K extends keyof Operations> = Operations[K]['response'] extends { data: (infer Item)[] } ? Item : never;

export type Billow = {
  /** One operation of the API, typed by its name: `billow.call('GET /v1/customers/{id}', { params: { id } })`. */
  call<K extends keyof Operations & string>(operation: K, options: Asked<K> & Params<K>): Promise<Operations[K]['response']>;
  /** Every item of a list, page by page, newest first. Ends by itself; `break` stops asking. */
  each<K extends Listed & string>(
    operation: K,
    options?: Asked<K> & { params?: Record<string, string> },
  ): AsyncGenerator<ItemOf<K>, void, void>;
  /** A call by method and path, for what has no name in the description. */
  request<T>(method: string, path: string, options?: CallOptions): Promise<T>;
};

const DEFAULT_TIMEOUT_SECONDS = 60;

/** A client of one Billow server. Throws BillowError for everything that is not a result; repeats nothing by itself. */
export function createBillow(options: ClientOptions): Billow {
  const request = <T>(method: string, path: string, call: CallOptions = {}) => send<T>(options, { method, path, ...call });
  const billow: Billow = {
    request,
    call(operation, options) {
      const [method = 'GET', path = ''] = (operation as string).split(' ');
      const { params, ...rest } = options as CallOptions & { params?: Record<string, string> };
      return request(method, fillPath(path, params ?? {}), rest);
    },
    each: (operation, asked = {}) => eachItem(request, operation, asked) as AsyncGenerator<ItemOf<typeof operation>, void, void>,
  };
  return billow;
}

async function* eachItem(
  request: Billow['request'],
  operation: string,
  asked: CallOptions & { params?: Record<string, string> },
): AsyncGenerator<unknown, void, void> {
  const [method = 'GET', path = ''] = operation.split(' ');
  let cursor: string | null = null;
  do {
    const query: object = { ...asked.query, ...(cursor === null ? {} : { cursor }) };
    const page: Page<unknown> = await request(method, fillPath(path, asked.params ?? {}), { ...asked, query });
    yield* page.data;
    cursor = page.has_more ? page.next_cursor : null;
  } while (cursor !== null);
}

function fillPath(path: string, params: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined || value === '') throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(value);
  });
}

async function send<T>(options: ClientOptions, call: CallOptions & { method: string; path: string }): Promise<T> {
  const fetch = options.fetch ?? globalThis.fetch;
  const environment = options.environment?.() ?? null;
  const headers: Record<string, string> = { accept: 'application/json, text/*;q=0.5' };
  if (options.apiKey !== undefined) headers.authorization = `Bearer ${options.apiKey}`;
  if (environment !== null) headers['billow-environment'] = environment;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  const timeout = AbortSignal.timeout((options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000);
  const init: RequestInit = {
    method: call.method,
    headers,
    credentials: options.apiKey === undefined ? 'same-origin' : 'omit',
    signal: call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]),
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
  const response = await fetch(options.url + call.path + queryText(call.query), init).catch((error: unknown) => {
    throw noAnswer(error, { signal: call.signal, timeout });
  });
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined as T;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? await response.json() : await response.text()) as T;
}

/** An abort by the caller stays an AbortError; everything else is trouble on the way. */
function noAnswer(error: unknown, a: { signal: AbortSignal | undefined; timeout: AbortSignal }): unknown {
  if (a.signal?.aborted === true) return error;
  if (a.timeout.aborted) return new BillowError({ status: 0, code: 'timeout', message: 'The server did not answer in time.' });
  return new BillowError({
    status: 0,
    code: 'network',
    message: 'The server cannot be reached.',
    fix: 'Check that Billow is running, then try again.',
  });
}

function queryText(query: object | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
