import { sendInvoice } from '../../billing/invoice/index.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Sends the invoice to its customer (no mail leaves the Sandbox). */
export async function send(rq: ApiRequest): Promise<Doc> {
  return sendInvoice(rq.tx, { invoice: await rq.tx.require('invoice', rq.path.id!) });
}
