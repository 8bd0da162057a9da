import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One invoice payment. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('invoice_payment', rq.path.id!);
}
