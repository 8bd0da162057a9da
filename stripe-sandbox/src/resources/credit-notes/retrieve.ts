import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** One credit note. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('credit_note', rq.path.id!);
}
