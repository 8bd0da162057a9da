import { refuseManagedEnd } from '../../billing/schedule/refuse.ts';
import { updateSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Changes a subscription; see billing/subscription/update.ts. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  refuseManagedEnd(await tx.require('subscription', rq.path.id!), params);
  return updateSubscription(tx, { id: rq.path.id!, params });
}
