import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { checkUrl } from './url.ts';

const SECRET_LENGTH = 32;

/** Creates an endpoint; only this answer shows the signing secret. The 17th is refused without a code [S 3.8]. */
export async function createEndpoint(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  checkUrl(params.url);
  const { webhookEndpoints } = tx.limits;
  const present = await tx.query({ object: 'webhook_endpoint' });
  if (present.length >= webhookEndpoints)
    throw invalidRequest(`You have reached the maximum of ${webhookEndpoints} test webhook endpoints.`);
  const secret = `whsec_${tx.secret(SECRET_LENGTH)}`;
  const endpoint = tx.make('webhook_endpoint', 'we', {
    api_version: params.api_version ?? null,
    description: params.description || null,
    enabled_events: params.enabled_events,
    metadata: mergeMetadata({}, params.metadata),
    status: 'enabled',
    url: params.url,
    _connect: params.connect === true,
    _secrets: [secret],
  });
  tx.put(endpoint);
  return { ...endpoint, secret };
}
