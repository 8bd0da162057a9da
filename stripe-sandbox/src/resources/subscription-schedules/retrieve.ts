import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One schedule. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('subscription_schedule', rq.path.id!);
}
