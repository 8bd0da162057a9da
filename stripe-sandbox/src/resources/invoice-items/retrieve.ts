import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One invoice item. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('invoiceitem', rq.path.id!);
}
