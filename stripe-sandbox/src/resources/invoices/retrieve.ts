import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One invoice. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('invoice', rq.path.id!);
}
