import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata, orNull } from '../../kernel/values.ts';
import { checkUrl } from './url.ts';

/** Changes url, events, description, metadata; `disabled` stops and restarts deliveries. */
export async function updateEndpoint(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const endpoint = await tx.require('webhook_endpoint', rq.path.webhook_endpoint!);
  if (params.url !== undefined) {
    checkUrl(params.url);
    endpoint.url = params.url;
  }
  if (params.enabled_events !== undefined) endpoint.enabled_events = params.enabled_events;
  if (params.disabled !== undefined) {
    endpoint.status = params.disabled === true ? 'disabled' : 'enabled';
    // Switched on again by hand: the days of failure before count no more.
    endpoint._failing_since = undefined;
  }
  endpoint.description = orNull(params.description, endpoint.description);
  endpoint.metadata = mergeMetadata(endpoint.metadata, params.metadata);
  tx.put(endpoint);
  return endpoint;
}
