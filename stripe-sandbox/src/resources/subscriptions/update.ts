import { refuseManagedEnd } from '../../billing/schedule/refuse.ts';
import { updateSubscription } from '../../billing/subscription/index.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Changes a subscription; see billing/subscription/update.ts. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax on a subscription', 'automatic_tax');
  refuseManagedEnd(await tx.require('subscription', rq.path.id!), params);
  return updateSubscription(tx, { id: rq.path.id!, params });
}
