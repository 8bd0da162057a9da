/** One API request from key to answer: authenticate → version → route → faults → idempotency → validate → handler → expand → headers. */

import { nameOf } from '../contract/check.ts';
import { coerceParams } from '../contract/coerce.ts';
import type { FoundRoute } from '../contract/contract.ts';
import type { RequestEffect } from '../faults/rules.ts';
import { notEmulated, StripeError } from '../kernel/errors.ts';
import { publicCopy } from '../kernel/event.ts';
import { rateLimited } from '../kernel/limits.ts';
import type { Services } from '../kernel/services.ts';
import { beginTransaction, type Transaction } from '../kernel/transaction.ts';
import type { Answer, ApiRequest, Params, Route } from '../kernel/types.ts';
import { emptyBatch, type IdempotencyRow, LockTimeout, type StoreWrites } from '../store/port.ts';
import { errorReply, internalError, isV2, jsonReply, type Reply } from './answer.ts';
import { authenticate, type Caller, requirePermission } from './authenticate.ts';
import { decodeForm, decodeJson } from './decode.ts';
import { expandAnswer } from './expand.ts';
import { afterEffect, beforeEffect } from './fault-effects.ts';
import { checkKeyLength, hashOf, keyInUse, replay } from './idempotency.ts';
import { rewriteLegacy } from './legacy.ts';

const TOO_FAST = 'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.';

export type Incoming = { method: string; url: URL; headers: Headers; body: string };
const V2_VERSION = /^\d{4}-\d{2}-\d{2}\.(dahlia|endive)$/;

export type ApiState = { runningKeys: Set<string>; allow: (account: string, route: string) => boolean };

/** What is known about a request once it is routed. */
type Call = {
  caller: Caller;
  found: FoundRoute;
  route: Route;
  raw: Params;
  requestId: string;
  key: string | null;
  /** `POST /v1/customers/cus_…`: an idempotency key belongs to one endpoint. */
  endpoint: string;
  incoming: Incoming;
};

export async function handleApi(services: Services, state: ApiState, incoming: Incoming): Promise<Reply> {
  const requestId = `req_${services.random.alphanumeric(14)}`;
  const started = services.clock.now();
  const log: { call: Call | null; account: string | null; raw: Params } = { call: null, account: null, raw: {} };
  let reply: Reply;
  try {
    const caller = await services.store.read((reads) => authenticate(services, reads, incoming.headers));
    log.account = caller.account;
    const call = routeCall(services, { incoming, caller, requestId });
    log.call = call;
    log.raw = call.raw;
    reply = await runCall(services, state, call);
  } catch (error) {
    if (!(error instanceof StripeError)) reportCrash(incoming, error);
    reply = errorReply(error, requestId, services.publicUrl(), incoming.url.pathname);
  }
  const replied = withHeaders(services, reply, { requestId, key: log.call?.key ?? null });
  services.log.add({
    id: requestId,
    at: started,
    account: log.account,
    method: incoming.method,
    path: incoming.url.pathname,
    route: log.call?.route.path ?? null,
    params: log.raw,
    status: replied.status,
    body: String(replied.body),
    durationMs: services.clock.now() - started,
  });
  return replied;
}

/** Version, route, permission and decoding: everything that needs no transaction. */
function routeCall(services: Services, at: { incoming: Incoming; caller: Caller; requestId: string }): Call {
  const { incoming, caller, requestId } = at;
  const { method, url } = incoming;
  const { pathname } = url;
  checkVersion(services, incoming.headers.get('stripe-version'), pathname);
  const found = services.contract.find(method, pathname);
  const route = found === undefined ? undefined : services.registry.routes.get(found.key);
  if (found === undefined || pathname.endsWith('/')) throw unrecognized(method, pathname);
  if (route === undefined) {
    services.log.refuse(`${method} ${found.entry.path}`);
    throw notEmulated(`${method} ${pathname}`);
  }
  requirePermission(caller, { method, path: found.entry.path, publishable: route.publishable ?? false });
  const raw = method === 'POST' ? decodeBody(incoming) : decodeForm(url.search.slice(1));
  const key = method === 'POST' ? incoming.headers.get('idempotency-key') : null;
  if (key !== null) checkKeyLength(key);
  return { caller, found, route, raw, requestId, key, endpoint: `${method} ${pathname}`, incoming };
}

function decodeBody(incoming: Incoming): Params {
  const type = incoming.headers.get('content-type') ?? '';
  const body = type.includes('application/json') ? decodeJson(incoming.body) : decodeForm(incoming.body);
  return incoming.url.search === '' ? body : { ...decodeForm(incoming.url.search.slice(1)), ...body };
}

/** v1 knows one version: the pinned one, or none for the account's default. v2 wants one named, of this line or the one before [sandbox.md 10]. */
function checkVersion(services: Services, sent: string | null, pathname: string): void {
  const { apiVersion } = services.contract;
  if (isV2(pathname)) {
    checkV2Version(sent, apiVersion);
    return;
  }
  if (sent === null || sent === '' || sent === apiVersion) return;
  throw new StripeError(
    400,
    { type: 'invalid_request_error', message: `Invalid Stripe API version: ${sent}. The Stripe Sandbox speaks ${apiVersion} only.` },
    { validation: true },
  );
}

function checkV2Version(sent: string | null, apiVersion: string): void {
  if (sent !== null && V2_VERSION.test(sent)) return;
  const message =
    sent === null || sent === ''
      ? `The Stripe-Version header is required for the v2 API, for example ${apiVersion}.`
      : `Invalid Stripe API version: ${sent}. The Stripe Sandbox speaks ${apiVersion}, and on v2 the versions of dahlia too.`;
  throw new StripeError(400, { type: 'invalid_request_error', code: 'invalid_stripe_version', message }, { validation: true });
}

async function runCall(services: Services, state: ApiState, call: Call): Promise<Reply> {
  const account = call.caller.account;
  if (!state.allow(account, call.found.entry.path)) throw rateLimited(TOO_FAST);
  const effects = services.faults.forRequest({
    account,
    method: call.found.entry.method,
    route: call.found.entry.path,
    customer: customerOf(call),
  });
  const early = await beforeEffect(services, effects);
  if (early !== null) return early;
  const reply = await execute(services, state, { call, effects });
  return afterEffect(effects, reply);
}

function customerOf(call: Call): string | null {
  if (call.found.entry.path.startsWith('/v1/customers/{')) return call.found.ids[0] ?? null;
  return typeof call.raw.customer === 'string' ? call.raw.customer : null;
}

async function execute(services: Services, state: ApiState, at: { call: Call; effects: RequestEffect[] }): Promise<Reply> {
  const { call } = at;
  if (call.found.entry.method === 'GET') {
    const stale = at.effects.find((effect) => effect.kind === 'stale_read');
    const late = stale !== undefined && isCollection(call.found);
    return services.store.read(async (present) => {
      const reads = late ? services.history.behind(present, stale.lag) : present;
      const tx = await beginTransaction(services, reads, call.caller.account, { requestId: call.requestId, idempotencyKey: null });
      return runHandler(services, tx, call);
    });
  }
  const running = call.key === null ? null : `${call.caller.account} ${call.key}`;
  if (running !== null && state.runningKeys.has(running)) throw keyInUse(call.key!);
  if (running !== null) state.runningKeys.add(running);
  try {
    return await services.store.write(call.caller.account, (writes) => writeCall(services, writes, at));
  } catch (error) {
    if (error instanceof LockTimeout) throw lockTimeout();
    throw error;
  } finally {
    if (running !== null) state.runningKeys.delete(running);
  }
}

function isCollection(found: FoundRoute): boolean {
  return found.entry.response?.startsWith('list:') === true || found.entry.path.endsWith('/search');
}

/** One writing transaction: its rows and its idempotency result commit together, so there is no half-done key to clean up after a crash. */
async function writeCall(services: Services, writes: StoreWrites, at: { call: Call; effects: RequestEffect[] }): Promise<Reply> {
  const { call } = at;
  const { account } = call.caller;
  const hash = call.key === null ? '' : hashOf(call.raw);
  if (call.key !== null) {
    const known = await writes.idempotency(account, call.key);
    if (known !== undefined) return replay(known, { route: call.endpoint, hash });
  }
  const keep = (reply: Reply): IdempotencyRow | undefined => {
    if (call.key === null) return undefined;
    const sticky = stickyReply(at.effects) ?? reply;
    const headers = { ...sticky.headers, 'original-request': call.requestId, 'stripe-should-retry': 'false' };
    const created = services.clock.now();
    return {
      account,
      key: call.key,
      route: call.endpoint,
      hash,
      requestId: call.requestId,
      status: sticky.status,
      headers,
      body: String(sticky.body),
      created,
    };
  };
  const tx = await beginTransaction(services, writes, account, { requestId: call.requestId, idempotencyKey: call.key });
  try {
    const reply = await runHandler(services, tx, call);
    await tx.commit({ idempotency: keep(reply) });
    return executed(reply, call);
  } catch (error) {
    if (error instanceof StripeError && error.validation) throw error;
    if (!(error instanceof StripeError)) reportCrash(call.incoming, error);
    const refusal = error instanceof StripeError ? error : internalError();
    const { pathname } = call.incoming.url;
    const reply = errorReply(refusal, call.requestId, services.publicUrl(), pathname);
    // v2 keeps successes only: what failed runs again under its key [S 3.9].
    const row = isV2(pathname) ? undefined : keep(reply);
    if (refusal.commit) await tx.commit({ idempotency: row });
    else if (row !== undefined) await writes.commit({ ...emptyBatch(), idempotency: [row] });
    return executed(reply, call);
  }
}

async function runHandler(services: Services, tx: Transaction, call: Call): Promise<Reply> {
  const { raw, legacy } = await rewriteLegacy(tx, { ...call, route: call.found.key });
  refuseUnsupported(services, call, raw);
  const params = coerceParams(services.contract.params(call.found.entry), raw);
  checkLimit(params);
  const { expand = [], ...rest } = params;
  const names = [...call.route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  const rq: ApiRequest = {
    method: call.route.method,
    route: call.route.path,
    account: tx.account,
    platform: call.caller.platform,
    keyKind: call.caller.kind,
    params: rest,
    legacy,
    path: Object.fromEntries(names.map((name, index) => [name, call.found.ids[index]!])),
    expand,
    tx,
    requestId: call.requestId,
    idempotencyKey: call.key,
    publicUrl: services.publicUrl(),
  };
  const answer = publicCopy(await call.route.run(rq)) as Answer;
  await expandAnswer({ tx, contract: services.contract, registry: services.registry }, answer, expand);
  if (services.violations !== null) checkAnswer(services, call, answer);
  return jsonReply(200, answer);
}

/** Before the values are looked at: a parameter without behaviour is the reason to name, whatever was sent in it. */
function refuseUnsupported(services: Services, call: Call, raw: Params): void {
  const name = call.route.unsupported?.find((candidate) => raw[candidate] !== undefined);
  if (name === undefined) return;
  services.log.refuse(`${call.found.key} ${name}`);
  throw notEmulated(`The parameter ${name} of ${call.found.entry.method} ${call.found.entry.path}`, name);
}

function checkLimit(params: Params): void {
  const { limit } = params;
  if (typeof limit === 'number' && (limit < 1 || limit > 100)) {
    const message = limit < 1 ? 'This value must be greater than or equal to 1.' : 'This value must be less than or equal to 100.';
    throw new StripeError(
      400,
      { type: 'invalid_request_error', code: 'parameter_invalid_integer', message, param: 'limit' },
      { validation: true },
    );
  }
}

/** Test switch: the answer must be what the SDK's types promise. */
function checkAnswer(services: Services, call: Call, answer: Answer): void {
  const { response } = call.found.entry;
  if (response === null && isV2(call.found.entry.path)) return;
  const items = response?.startsWith('list:') ? (answer as { data: unknown[] }).data : [answer];
  // A private route may answer something that is no Stripe object (a session of the CLI).
  const known = items.filter((item) => (nameOf(item) ?? response) !== null);
  const found = known.flatMap((item) => services.contract.check(item, nameOf(item) ?? response ?? undefined));
  if (found.length > 0) services.violations?.(found.map((line) => `${call.found.key}: ${line}`));
}

/** Headers of an answer after execution began: `false`, also on 200 and 402 [S 3.9]. */
function executed(reply: Reply, call: Call): Reply {
  if (call.found.entry.method !== 'POST' || call.key === null) return reply;
  return { ...reply, headers: { 'stripe-should-retry': 'false', 'original-request': call.requestId, ...reply.headers } };
}

function withHeaders(services: Services, reply: Reply, about: { requestId: string; key: string | null }): Reply {
  const headers: Record<string, string> = {
    ...reply.headers,
    'request-id': about.requestId,
    'stripe-version': services.contract.apiVersion,
  };
  if (about.key !== null) headers['idempotency-key'] = about.key;
  return { ...reply, headers };
}

/** A sticky fault's answer is what the key will replay, although the effect happened. */
function stickyReply(effects: RequestEffect[]): Reply | null {
  const sticky = effects.find((effect) => effect.kind === 'status' && effect.when === 'after_effect' && effect.sticky === true);
  return sticky === undefined ? null : afterEffect([sticky], jsonReply(200, {}));
}

function lockTimeout(): StripeError {
  const message =
    'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.';
  return new StripeError(
    429,
    { type: 'invalid_request_error', code: 'lock_timeout', message },
    { validation: true, headers: { 'stripe-should-retry': 'true' } },
  );
}

/** A crash in a handler is our bug: Stripe-shaped for the caller, loud on the terminal. */
function reportCrash(incoming: Incoming, error: unknown): void {
  process.stderr.write(
    `Stripe Sandbox: ${incoming.method} ${incoming.url.pathname} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

/** Stripe's words for a path it does not know; a trailing slash usually means an empty id. */
function unrecognized(method: string, pathname: string): StripeError {
  const slash =
    'If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. ';
  const hint = pathname.endsWith('/') ? slash : '';
  const message = `Unrecognized request URL (${method}: ${pathname}). ${hint}Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new StripeError(404, { type: 'invalid_request_error', message }, { validation: true });
}
