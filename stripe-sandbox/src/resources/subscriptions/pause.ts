import { pauseSubscription } from '../../billing/subscription/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Pauses a subscription: no periods, no invoices until it is resumed [S 3.1]. Refused while a schedule is attached. */
export async function pause(rq: ApiRequest): Promise<Doc> {
  const subscription = await rq.tx.require('subscription', rq.path.id!);
  if (subscription.schedule !== null) throw invalidRequest('A subscription with a schedule cannot be paused.');
  if (!['active', 'trialing', 'past_due', 'unpaid'].includes(subscription.status)) {
    throw invalidRequest(`A subscription whose status is \`${subscription.status}\` cannot be paused.`);
  }
  return pauseSubscription(rq.tx, { subscription, params: rq.params });
}
