import type { ApiRequest, Doc, ListAnswer, Params } from '../../kernel/types.ts';
import { within } from './page.ts';

/** Invoices, newest first. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'invoice',
    where: { customer: params.customer, subscription: params.subscription, status: params.status },
    filter: (invoice) => keeps(invoice, params),
    scoped: params.customer !== undefined || params.subscription !== undefined,
  });
}

function keeps(invoice: Doc, params: Params): boolean {
  if (params.collection_method !== undefined && invoice.collection_method !== params.collection_method) return false;
  return params.due_date === undefined || (invoice.due_date !== null && within(invoice.due_date, params.due_date));
}
