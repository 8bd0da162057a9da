import { resumeSubscription } from '../../billing/subscription/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Takes up a paused subscription again. */
export async function resume(rq: ApiRequest): Promise<Doc> {
  const subscription = await rq.tx.require('subscription', rq.path.id!);
  return resumeSubscription(rq.tx, { subscription, params: rq.params });
}
