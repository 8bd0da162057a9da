import { createSubscription } from '../../billing/subscription/index.ts';
import { refuseTooMany } from '../../billing/subscription/limits.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Creates a subscription with its first invoice. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.payment_behavior === 'pending_if_incomplete') {
    throw invalidRequest('`pending_if_incomplete` can only be used when updating a subscription.', { param: 'payment_behavior' });
  }
  if (params.customer !== undefined) await refuseTooMany(tx, params.customer);
  return createSubscription(tx, params);
}
