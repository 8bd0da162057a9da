import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';

/** Credit notes, newest first. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'credit_note',
    where: { customer: params.customer, invoice: params.invoice },
    scoped: params.customer !== undefined || params.invoice !== undefined,
  });
}
