/** `/_sandbox` over HTTP: JSON in, JSON out, bearer token when one is set. Each route is one method of `Control`. */
import { errorReply, jsonReply, type Reply } from '../http/answer.ts';
import type { Incoming } from '../http/api.ts';
import { decodeJson } from '../http/decode.ts';
import { invalidRequest, StripeError } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import type { Params } from '../kernel/types.ts';
import type { Dump } from '../store/port.ts';
import type { Control } from './control.ts';

type Call = { body: Params; query: URLSearchParams; id: string | undefined };
type Run = (control: Control, call: Call) => unknown;

const ROUTES: Record<string, Run> = {
  'GET health': (control) => control.health(),
  'GET accounts': (control) => control.accounts(),
  'POST accounts': (control, { body }) =>
    body.platform === true ? control.createPlatform(withoutPlatform(body)) : control.createAccount(body),
  'POST accounts/update': (control, { body }) => control.updateAccount(body as never),
  'POST keys': (control, { body }) => control.createRestrictedKey(body as never),
  'POST keys/roll': (control, { body }) => control.rollKey(body as never),
  'POST keys/revoke': (control, { body }) => control.revokeKeys(body),
  'POST reset': (control, { body }) => control.reset(body.account),
  'POST seed': (control, { body }) => control.seed(body as never),
  'POST outcomes': (control, { body }) => control.outcome(body as never),
  'GET faults': (control) => control.faults.list(),
  'POST faults': (control, { body }) => control.faults.add(body as never),
  'DELETE faults': (control, { id }) => control.faults.remove(id),
  'POST world': (control, { body }) => control.world(body as never),
  'GET clock': (control, { query }) => control.clock(required(query, 'account')),
  'POST clock': (control, { body }) => (body.to === undefined ? control.setClock(body as never) : control.advance(body as never)),
  'GET state': (control, { query }) => control.state(query.get('account') ?? undefined),
  'GET requests': (control, { query, id }) => control.requests(filterOf(query)).filter((request) => id === undefined || request.id === id),
  'GET refusals': (control) => control.refusals(),
  'GET events': (control, { query }) => control.events({ account: required(query, 'account'), ...filterOf(query) }),
  'GET deliveries': (control, { query }) => control.deliveries(filterOf(query)),
  'POST deliveries/flush': async (control, { body }) => ({ attempts: await control.flush(body.account) }),
  'POST deliveries/knob': (control, { body }) => control.deliveryKnob(body as never),
  'POST deliveries/roll_secret': (control, { body }) => control.rollWebhookSecret(body as never),
  'POST idle': (control, { body }) => control.idle(body.account),
  'POST snapshot': (control) => control.snapshot(),
  'POST restore': (control, { body }) => control.restore(body as unknown as Dump),
};

export async function serveControl(
  services: Services,
  parts: { control: Control; token: string | null },
  incoming: Incoming,
): Promise<Reply> {
  if (parts.token !== null && incoming.headers.get('authorization') !== `Bearer ${parts.token}`) {
    throw new StripeError(401, { type: 'invalid_request_error', message: 'The control API needs its bearer token.' });
  }
  // A page in a browser can post to loopback without asking; JSON it cannot send without a preflight, which nobody answers.
  const isJson = (incoming.headers.get('content-type') ?? '').includes('application/json');
  if (incoming.method === 'POST' && incoming.body !== '' && !isJson) throw invalidRequest('The control API takes application/json.');
  if (incoming.headers.has('origin') && parts.token === null) throw invalidRequest('The control API is not for browsers.', { status: 403 });
  const segments = incoming.url.pathname.split('/').slice(2);
  const name = segments.slice(0, 2).join('/');
  const [run, id] = ROUTES[`${incoming.method} ${name}`]
    ? [ROUTES[`${incoming.method} ${name}`], segments[2]]
    : [ROUTES[`${incoming.method} ${segments[0]}`], segments[1]];
  if (run === undefined) {
    const refusal = new StripeError(404, {
      type: 'invalid_request_error',
      message: `The control API has no ${incoming.method} /_sandbox/${segments.join('/')}.`,
    });
    return errorReply(refusal, 'control', services.publicUrl());
  }
  const body = incoming.method === 'POST' ? decodeJson(incoming.body) : {};
  const result = await run(parts.control, { body, query: incoming.url.searchParams, id });
  return jsonReply(200, result ?? { ok: true });
}

function withoutPlatform(body: Params): Params {
  const { platform: _platform, ...rest } = body;
  return rest;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw invalidRequest(`Missing query parameter: ${name}`);
  return value;
}

function filterOf(query: URLSearchParams): { account?: string; event?: string; endpoint?: string; object?: string; limit?: number } {
  const filter: Record<string, string | number> = {};
  for (const name of ['account', 'event', 'endpoint', 'object']) if (query.has(name)) filter[name] = query.get(name)!;
  if (query.has('limit')) filter.limit = Number(query.get('limit'));
  return filter;
}
