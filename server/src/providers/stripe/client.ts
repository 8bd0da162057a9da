/** The only file that imports `stripe`. Every call of Billow to Stripe passes through `send` below (reliability.md 10.1). */
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import type Stripe from 'stripe';
import type { z } from 'zod';
import { assert } from '../../kit/assert.ts';
import { assertNoTransaction } from '../../kit/database.ts';
import type { Log } from '../../kit/log.ts';
import type { MachineClock } from '../../kit/machine-clock.ts';
import { isFailure, StripeFailure, toFailure } from './failure.ts';
import { CALL_TIMEOUT_MS, STRIPE_API_VERSION } from './limits.ts';
import type { Lane } from './rate-buckets.ts';
import type { RateLimiter } from './rate-limiter.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export type ApiAddress = {
  /** `http://127.0.0.1:12111`; null = Stripe's own hosts. */
  base: string | null;
  /** A Sandbox in this process is called directly. */
  fetch: Fetch | null;
};

export type ApiOptions = {
  address: ApiAddress;
  secret: string;
  /** With a platform key: the connected account (`Stripe-Account`). */
  account?: string | null;
  limiter: RateLimiter;
  /** How urgent its calls are. */
  lane: Lane;
  machineClock: MachineClock;
  log: Log;
};

/** Form parameters; nested objects and arrays as Stripe's form encoding has them. */
export type Params = { [name: string]: string | number | boolean | null | undefined | Params | (string | number | Params)[] };

export type StripeApi = {
  /** Reads one object or list; the answer passes `schema`. Throws StripeFailure. */
  get<T>(path: string, schema: z.ZodType<T>, query?: Params): Promise<T>;
  /** Changes something. `key` is ours, derived from a row, so that a repetition after a crash is the same call. Throws StripeFailure. */
  post<T>(path: string, schema: z.ZodType<T>, a: { params?: Params; key: string; host?: 'connect' }): Promise<T>;
  delete<T>(path: string, schema: z.ZodType<T>): Promise<T>;
};

const require = createRequire(import.meta.url);
const keepAlive = new Agent({ keepAlive: true });

/** Two hundred modules: they are read when the first call is made, not while the server starts. */
function stripeSdk(): typeof Stripe {
  return require('stripe') as typeof Stripe;
}

/** A client for one secret. One per connection; cheap enough to make per job. */
export function createStripeApi(options: ApiOptions): StripeApi {
  let made: Stripe | null = null;
  const sdk = () => {
    made ??= newSdk(options);
    return made;
  };
  return {
    get: (path, schema, query) => send(options, sdk, 'GET', withQuery(path, query), schema, {}),
    post: (path, schema, a) =>
      send(options, sdk, 'POST', path, schema, { params: a.params ?? {}, key: a.key, ...(a.host ? { host: a.host } : {}) }),
    delete: (path, schema) => send(options, sdk, 'DELETE', path, schema, {}),
  };
}

function newSdk(options: ApiOptions): Stripe {
  const Sdk = stripeSdk();
  return new Sdk(options.secret, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: 0,
    timeout: CALL_TIMEOUT_MS,
    telemetry: false,
    appInfo: { name: 'Billow' },
    ...hostOptions(options.address),
    ...(options.account ? { stripeAccount: options.account } : {}),
  });
}

export type Sdk = Stripe;

/** The official SDK on a Sandbox's address, with its defaults: for the demo, which does what a customer of ours would do. */
export function sdkFor(a: { secretKey: string; url: string; fetch?: Fetch }): Stripe {
  const Sdk = stripeSdk();
  return new Sdk(a.secretKey, {
    apiVersion: STRIPE_API_VERSION,
    telemetry: false,
    ...hostOptions({ base: a.url, fetch: a.fetch ?? null }),
  });
}

function hostOptions(address: ApiAddress): Stripe.StripeConfig {
  const httpClient = address.fetch === null ? {} : { httpClient: stripeSdk().createFetchHttpClient(address.fetch as typeof fetch) };
  if (address.base === null) return address.fetch === null ? { httpAgent: keepAlive } : httpClient;
  const url = new URL(address.base);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { host: url.hostname, port: Number(url.port || (protocol === 'http' ? 80 : 443)), protocol, ...httpClient };
}

type Sent = { params?: Params; key?: string; host?: 'connect' };

async function send<T>(
  o: ApiOptions,
  sdk: () => Stripe,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  schema: z.ZodType<T>,
  sent: Sent,
): Promise<T> {
  assertNoTransaction(`Stripe ${method} ${template(path)}`);
  assert(method !== 'POST' || sent.key, 'A POST to Stripe needs an idempotency key of ours');
  await o.limiter.take({ method, path, params: sent.params, lane: o.lane });
  const startedMs = o.machineClock.monotonicMs();
  try {
    const answer: unknown = await sdk().rawRequest(method, path, method === 'POST' ? sent.params : undefined, {
      ...(sent.key ? { idempotencyKey: sent.key } : {}),
      ...(sent.host ? { apiBase: sent.host } : {}),
    });
    const value = checked(answer, schema, path);
    log(o, { method, path, key: sent.key, startedMs, status: statusOf(answer), requestId: requestIdOf(answer) });
    return value;
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isFailure(failure, 'rate_limited') && failure.detail.status === 429)
      await o.limiter.penalize(failure.detail.retryAfterSeconds ?? null);
    const { status = null, requestId = null } = failure.detail;
    log(o, { method, path, key: sent.key, startedMs, status, requestId, failure: failure.kind });
    throw failure;
  }
}

/** The SDK resolves on any JSON body without `error`, whatever the status: a proxy page in JSON must not pass for an answer. */
function checked<T>(answer: unknown, schema: z.ZodType<T>, path: string): T {
  const status = statusOf(answer);
  if (status === null || status < 200 || status > 299 || typeof answer !== 'object' || answer === null) {
    throw new StripeFailure({
      kind: 'unknown',
      message: `Stripe answered ${status ?? 'without a status'} and no error to ${template(path)}.`,
      status,
    });
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StripeFailure({
      kind: 'unknown',
      message: `Stripe's answer to ${template(path)} is not of the expected shape: ${issue?.path.join('.') || 'body'} ${issue?.message ?? ''}`,
      status,
      code: 'unreadable_answer',
    });
  }
  return parsed.data;
}

type WithLastResponse = { lastResponse?: { statusCode?: number; requestId?: string } };

function statusOf(answer: unknown): number | null {
  return (answer as WithLastResponse | null)?.lastResponse?.statusCode ?? null;
}

function requestIdOf(answer: unknown): string | null {
  return (answer as WithLastResponse | null)?.lastResponse?.requestId ?? null;
}

type Logged = {
  method: string;
  path: string;
  key: string | undefined;
  startedMs: number;
  status: number | null;
  requestId: string | null;
  failure?: string;
};

function log(o: ApiOptions, call: Logged): void {
  o.log.debug('stripe_call', {
    method: call.method,
    route: template(call.path),
    status: call.status ?? 'none',
    duration_ms: Math.round(o.machineClock.monotonicMs() - call.startedMs),
    ...(call.requestId ? { object_id: call.requestId } : {}),
    ...(call.key ? { name: createHash('sha256').update(call.key).digest('hex').slice(0, 12) } : {}),
    ...(call.failure ? { code: call.failure } : {}),
  });
}

/** `/v1/customers/cus_123?limit=1` → `/v1/customers/{id}`: what a log line may say. */
function template(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replaceAll(/\/[a-z]+_[A-Za-z0-9_]+(?=\/|$)/g, (part) => (part === '/test_helpers' || KNOWN_WORDS.test(part) ? part : '/{id}'));
}

const KNOWN_WORDS =
  /^\/(payment_intents|payment_methods|setup_intents|invoice_payments|webhook_endpoints|test_clocks|create_preview|test_helpers|promotion_codes|tax_rates|checkout_sessions|billing_portal|subscription_items|mark_uncollectible)$/;

/** Adds query parameters in Stripe's bracket form; undefined and null are left out. */
export function withQuery(path: string, query: Params = {}): string {
  const pairs: string[] = [];
  const add = (name: string, value: Params[string]): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) value.forEach((entry, index) => void add(`${name}[${index}]`, entry));
    else if (typeof value === 'object') for (const [key, entry] of Object.entries(value)) add(`${name}[${key}]`, entry);
    else pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  };
  for (const [name, value] of Object.entries(query)) add(name, value);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
