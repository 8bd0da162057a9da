import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';

/** Invoice items, newest first; `pending` for those without an invoice. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'invoiceitem',
    where: { customer: params.customer, invoice: params.invoice },
    filter: (item) => params.pending === undefined || (item.invoice === null) === params.pending,
    scoped: params.customer !== undefined || params.invoice !== undefined,
  });
}
