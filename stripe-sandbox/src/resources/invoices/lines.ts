import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from './page.ts';

/** The lines of one invoice. */
export async function lines(rq: ApiRequest): Promise<ListAnswer> {
  const invoice = await rq.tx.require('invoice', rq.path.id!);
  return pageOf(rq, invoice.lines.data, `/v1/invoices/${invoice.id}/lines`);
}
