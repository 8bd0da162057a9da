import { invalidRequest, notEmulated, parameterMissing } from '../../kernel/errors.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { checkUrl } from '../webhook-endpoints/url.ts';
import { viewOf } from './view.ts';

/** Webhook endpoints and event destinations share one cap [S 3.8]. */
const MAX_ENDPOINTS = 16;
const SECRET_LENGTH = 32;
const OWN = '@self';

/** Creates a destination for snapshots or thin events. The signing secret is shown here only, and only when included. */
export async function createDestination(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.type !== 'webhook_endpoint') throw notEmulated(`The event destination type ${params.type}`, 'type');
  if (params.webhook_endpoint === undefined) throw parameterMissing('webhook_endpoint');
  checkUrl(params.webhook_endpoint.url);
  checkEvents(rq, params.event_payload, params.enabled_events);
  checkSources(params.events_from);
  await refuseTooMany(rq);
  const destination = tx.make('v2.core.event_destination', 'ed_test', {
    description: params.description ?? '',
    enabled_events: params.enabled_events,
    event_payload: params.event_payload,
    events_from: [OWN],
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name,
    ...(params.event_payload === 'snapshot' ? { snapshot_api_version: snapshotVersion(rq) } : {}),
    status: 'enabled',
    type: params.type,
    updated: tx.now(),
    webhook_endpoint: { url: params.webhook_endpoint.url },
    _secrets: [`whsec_${tx.secret(SECRET_LENGTH)}`],
  });
  tx.put(destination);
  return viewOf(destination, params.include);
}

/** Types must exist in the kind of payload that was chosen; `*` takes all of them. */
export function checkEvents(rq: ApiRequest, payload: string, types: string[]): void {
  const { contract } = rq.tx as Transaction;
  if (types.length === 0) throw invalidRequest('`enabled_events` must name at least one event type.', { code: 'invalid_fields' });
  const exists = (type: string) => (payload === 'thin' ? contract.thinTypes().has(type) : contract.isEventType(type));
  const unknown = types.find((type) => type !== '*' && !exists(type));
  if (unknown === undefined) return;
  throw invalidRequest(`Unknown ${payload} event type: ${unknown}`, { code: 'invalid_fields' });
}

function checkSources(sources: string[] | undefined): void {
  const other = sources?.find((source) => source !== OWN);
  if (other !== undefined) throw notEmulated(`Events from ${other}`, 'events_from');
}

function snapshotVersion(rq: ApiRequest): string {
  const { apiVersion } = (rq.tx as Transaction).contract;
  const wanted = rq.params.snapshot_api_version ?? apiVersion;
  if (wanted !== apiVersion) throw notEmulated(`Snapshots in the version ${wanted}`, 'snapshot_api_version');
  return wanted;
}

async function refuseTooMany(rq: ApiRequest): Promise<void> {
  const { event_payload, snapshot_api_version } = rq.params;
  if (event_payload === 'thin' && snapshot_api_version !== undefined)
    throw invalidRequest('`snapshot_api_version` can only be set for snapshot payloads.', { code: 'invalid_fields' });
  let present = 0;
  for (const object of ['webhook_endpoint', 'v2.core.event_destination']) present += (await rq.tx.query({ object })).length;
  if (present >= MAX_ENDPOINTS) throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} test event destinations.`);
}
