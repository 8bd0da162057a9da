import { SOCKET_PATH } from '../../http/cli-hub.ts';
import { KNOWN_FILTERS, type TailFilters } from '../../http/cli-log.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Plain, Tx } from '../../kernel/types.ts';
import { LISTENER, LISTENER_SCHEME, SESSION_PREFIX, TAIL } from '../../webhooks/listeners.ts';

const KINDS: Record<string, string> = { webhooks: LISTENER, request_logs: TAIL };
const SECRET_LENGTH = 32;
/** After this many seconds the CLI resets its connection. */
const RECONNECT_SECONDS = 3600;
const DAY = 86_400;

/** Prepares a websocket for `listen` (feature `webhooks`) or `logs tail` (`request_logs`). The signing secret stays the same for the account. */
export async function createSession(rq: ApiRequest): Promise<Plain> {
  const { tx, params } = rq;
  const feature = featureOf(params.websocket_features);
  await forgetOld(tx);
  const id = tx.newId(SESSION_PREFIX);
  const secret = await secretOf(tx);
  tx.put({
    id,
    object: KINDS[feature]!,
    created: tx.now(),
    device_name: params.device_name,
    enabled_events: ['*'],
    filters: filtersOf(params.filters),
    forward_to: params.forward_to_url || null,
    status: 'disabled',
    url: `${LISTENER_SCHEME}${id}`,
    _secrets: [secret],
  });
  const version = (tx as Transaction).contract.apiVersion;
  return {
    websocket_url: `${rq.publicUrl.replace(/^http/, 'ws')}${SOCKET_PATH}`,
    websocket_id: id,
    websocket_authorized_feature: feature,
    secret,
    reconnect_delay: RECONNECT_SECONDS,
    display_connect_filter_warning: false,
    default_version: version,
    latest_version: version,
  };
}

/** `v2_events` comes along with every plain `listen`: thin events would go down the same socket. Alone it has nothing to show. */
function featureOf(features: string[]): string {
  const unknown = features.find((name) => KINDS[name] === undefined && name !== 'v2_events');
  const feature = features.find((name) => KINDS[name] !== undefined);
  if (unknown !== undefined || feature === undefined)
    throw notEmulated(`The feature ${unknown ?? features.join(', ')} of the Stripe CLI`, 'websocket_features');
  return feature;
}

/** One secret per account, so that a test's setting survives a restart of `listen`. */
async function secretOf(tx: Tx): Promise<string> {
  const id = `clisecret_${tx.account.id}`;
  const known = await tx.get(id);
  if (known !== undefined) return known.secret;
  const secret = `whsec_${tx.secret(SECRET_LENGTH)}`;
  tx.put({ id, object: 'sandbox.cli_secret', created: tx.now(), secret });
  return secret;
}

/** Sessions of yesterday that nobody uses. */
async function forgetOld(tx: Tx): Promise<void> {
  for (const object of [LISTENER, TAIL]) {
    const old = await tx.query({ object, where: { status: 'disabled' }, filter: (session) => session.created < tx.now() - DAY });
    for (const session of old) tx.remove(session);
  }
}

function filtersOf(text: string | undefined): TailFilters {
  if (text === undefined || text === '' || text === 'null') return {};
  let filters: unknown;
  try {
    filters = JSON.parse(text);
  } catch {
    throw invalidRequest('Invalid filters: not JSON.', { param: 'filters' });
  }
  const unknown = Object.keys(filters as object).find((name) => !KNOWN_FILTERS.includes(name));
  if (unknown !== undefined) throw notEmulated(`The filter ${unknown}`, 'filters');
  return filters as TailFilters;
}
