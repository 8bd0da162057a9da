import { cancelSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Cancels at once. */
export async function cancel(rq: ApiRequest): Promise<Doc> {
  return cancelSubscription(rq.tx, { id: rq.path.id!, params: rq.params });
}
