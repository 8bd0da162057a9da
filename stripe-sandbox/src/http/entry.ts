/** The one entry: every host and path of Stripe, the hosted pages and the control API, told apart by path. */
import type { Control } from '../control/control.ts';
import { StripeError } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import { errorReply, type Reply } from './answer.ts';
import { type ApiState, handleApi, type Incoming } from './api.ts';
import { findPage, servePage } from './pages.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

export type Entry = {
  handle(incoming: Incoming): Promise<Reply>;
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
};

export function createEntry(services: Services, control: Control): Entry {
  const state: ApiState = { runningKeys: new Set(), allow: createLimiter(services) };
  const handle = async (incoming: Incoming): Promise<Reply> => {
    const { pathname } = incoming.url;
    try {
      await services.load();
      if (Buffer.byteLength(incoming.body) > MAX_BODY_BYTES)
        throw new StripeError(413, { type: 'invalid_request_error', message: `Request bodies may have at most ${MAX_BODY_BYTES} bytes.` });
      if (pathname.startsWith('/_sandbox')) return await control.handle(incoming);
      const page = findPage(services.registry.pages, incoming.method, pathname);
      if (page !== null) return await servePage(services, control, page, incoming);
      return await handleApi(services, state, incoming);
    } catch (error) {
      return errorReply(error, `req_${services.random.alphanumeric(14)}`, services.publicUrl());
    }
  };
  return { handle, fetch: (url, init) => fetchThrough(handle, url, init) };
}

/** In process: the SDK's fetch client hands over full URLs for all of Stripe's hosts; only the path counts. */
async function fetchThrough(handle: Entry['handle'], target: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = target instanceof Request ? target : null;
  const url = new URL(request === null ? String(target) : request.url);
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
  const headers = new Headers(init?.headers ?? request?.headers);
  const reply = await handle({ method, url, headers, body: await bodyText(init?.body, request) });
  if (reply.drop === true) throw connectionReset();
  if (reply.hang === true) return hang(init?.signal ?? null);
  const empty = reply.status === 204 || reply.status === 304;
  return new Response(empty ? null : (reply.body as string), { status: reply.status, headers: reply.headers });
}

async function bodyText(body: RequestInit['body'], request: Request | null): Promise<string> {
  if (typeof body === 'string') return body;
  if (body === null || body === undefined) return request === null ? '' : request.text();
  return new Response(body).text();
}

/** The code sits on the error itself: in a `cause`, the SDK would not see the closed socket [K 4]. */
function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function hang(signal: AbortSignal | null): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = () => reject(signal?.reason ?? new DOMException('This operation was aborted', 'AbortError'));
    if (signal?.aborted === true) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** Requests and searches per second of transport time and account [S 3.9]. */
function createLimiter(services: Services): ApiState['allow'] {
  const windows = new Map<string, { second: number; count: number }>();
  const within = (name: string, limit: number): boolean => {
    if (limit === Number.POSITIVE_INFINITY) return true;
    const second = Math.floor(services.clock.now() / 1000);
    const window = windows.get(name);
    if (window === undefined || window.second !== second) windows.set(name, { second, count: 1 });
    else window.count += 1;
    return (windows.get(name)?.count ?? 0) <= limit;
  };
  return (account, route) =>
    within(account, services.limits.requestsPerSecond) &&
    (!route.endsWith('/search') || within(`${account} search`, services.limits.searchesPerSecond));
}
