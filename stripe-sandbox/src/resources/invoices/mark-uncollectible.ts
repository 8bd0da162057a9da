import { markUncollectible } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Open → uncollectible. */
export async function uncollectible(rq: ApiRequest): Promise<Doc> {
  return markUncollectible(rq.tx, { invoice: await rq.tx.require('invoice', rq.path.id!) });
}
