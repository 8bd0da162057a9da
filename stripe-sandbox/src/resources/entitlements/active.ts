import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

const ENTITLEMENT = 'entitlements.active_entitlement';

/** What one customer may use now. */
export async function listActiveEntitlements(rq: ApiRequest): Promise<ListAnswer> {
  const customer = await rq.tx.require('customer', rq.params.customer, { param: 'customer' });
  return rq.tx.list(rq, { object: ENTITLEMENT, where: { ref: customer.id }, scoped: true });
}

export function retrieveActiveEntitlement(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require(ENTITLEMENT, rq.path.id!);
}
