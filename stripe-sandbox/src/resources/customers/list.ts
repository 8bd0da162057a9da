import type { ApiRequest, ListAnswer, SearchAnswer } from '../../kernel/types.ts';

/** Customers, newest first; by e-mail (exact, case-sensitive) or test clock. */
export function listCustomers(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: 'customer', where: { email: rq.params.email } });
}

/** Customers by search query. */
export function searchCustomers(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'customer',
    fields: {
      created: (customer) => customer.created,
      email: (customer) => customer.email,
      metadata: (customer) => customer.metadata,
      name: (customer) => customer.name,
      phone: (customer) => customer.phone,
    },
  });
}
