import type { ApiRequest, Plain } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Removes an endpoint; deliveries still waiting for it fail. */
export async function deleteEndpoint(rq: ApiRequest): Promise<Plain> {
  const endpoint = await rq.tx.require('webhook_endpoint', rq.path.webhook_endpoint!);
  rq.tx.remove(endpoint);
  return deletedAnswer(endpoint);
}
