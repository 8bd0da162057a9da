import { createInvoice } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** A draft made by hand. */
export async function create(rq: ApiRequest): Promise<Doc> {
  return createInvoice(rq.tx, rq.params);
}
