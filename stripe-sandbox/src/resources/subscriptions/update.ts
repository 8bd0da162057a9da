import { updateSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Changes a subscription; see billing/subscription/update.ts. */
export async function update(rq: ApiRequest): Promise<Doc> {
  return updateSubscription(rq.tx, { id: rq.path.id!, params: rq.params });
}
