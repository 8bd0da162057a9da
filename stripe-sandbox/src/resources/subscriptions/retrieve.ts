import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One subscription; canceled ones too. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('subscription', rq.path.id!);
}
