import type { ApiRequest, SearchAnswer } from '../../kernel/types.ts';

/** Subscriptions by Stripe's query language: `status`, `created`, `metadata`. */
export async function search(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'subscription',
    fields: {
      status: (doc) => doc.status,
      created: (doc) => doc.created,
      canceled_at: (doc) => doc.canceled_at,
      metadata: (doc) => doc.metadata,
    },
  });
}
