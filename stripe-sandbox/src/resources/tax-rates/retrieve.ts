import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One tax rate. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('tax_rate', rq.path.id!);
}
