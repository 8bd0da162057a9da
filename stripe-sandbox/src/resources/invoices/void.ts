import { voidInvoice } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Open or uncollectible → void. */
export async function voidOne(rq: ApiRequest): Promise<Doc> {
  return voidInvoice(rq.tx, { invoice: await rq.tx.require('invoice', rq.path.id!) });
}
