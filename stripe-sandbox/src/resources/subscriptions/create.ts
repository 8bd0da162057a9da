import { createSubscription } from '../../billing/subscription/index.ts';
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

const MAX_LIVE = 500;

/** Creates a subscription with its first invoice. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.payment_behavior === 'pending_if_incomplete') {
    throw invalidRequest('`pending_if_incomplete` can only be used when updating a subscription.', { param: 'payment_behavior' });
  }
  if (params.automatic_tax?.enabled === true) throw notEmulated('automatic_tax on a subscription', 'automatic_tax');
  if (params.customer !== undefined) await refuseTooMany(rq, params.customer);
  return createSubscription(tx, params);
}

/** 500 live subscriptions per customer [S 3.9], and no two in different currencies. */
async function refuseTooMany(rq: ApiRequest, customer: string): Promise<void> {
  const live = await rq.tx.query({
    object: 'subscription',
    where: { customer, status: ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete'] },
  });
  if (live.length >= MAX_LIVE) {
    throw invalidRequest(`Customer ${customer} already has the maximum ${MAX_LIVE} current subscriptions.`, {
      code: 'customer_max_subscriptions',
    });
  }
  const { subscriptionsPerClockCustomer } = rq.tx.limits;
  if (live.length >= subscriptionsPerClockCustomer && (await rq.tx.get(customer, { object: 'customer' }))?.test_clock) {
    throw invalidRequest(`A customer on a test clock can have at most ${subscriptionsPerClockCustomer} subscriptions.`, {
      param: 'customer',
    });
  }
}
