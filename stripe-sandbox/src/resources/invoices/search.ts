import type { ApiRequest, SearchAnswer } from '../../kernel/types.ts';

/** Invoices by Stripe's query language. */
export async function search(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'invoice',
    fields: {
      created: (doc) => doc.created,
      currency: (doc) => doc.currency,
      customer: (doc) => doc.customer,
      last_finalization_error_code: (doc) => doc.last_finalization_error?.code ?? null,
      metadata: (doc) => doc.metadata,
      number: (doc) => doc.number,
      receipt_number: (doc) => doc.receipt_number,
      status: (doc) => doc.status,
      subscription: (doc) => doc.parent?.subscription_details?.subscription ?? null,
      total: (doc) => doc.total,
    },
  });
}
