import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';

/** Tax rates, newest first. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'tax_rate',
    where: { active: params.active },
    filter: (rate) => params.inclusive === undefined || rate.inclusive === params.inclusive,
    scoped: true,
  });
}
