/** Stripe's caps on subscriptions [S 3.9]. */
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

export const MAX_ITEMS = 20;
/** Active or scheduled subscriptions of one customer. */
export const MAX_LIVE = 500;
const LIVE = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete'];

/** Refuses a customer's 501st active or scheduled subscription [DTS create], and with Stripe's limits on, the fourth of a customer on a test clock [S 3.11]. */
export async function refuseTooMany(tx: Tx, customer: string): Promise<void> {
  const live = await tx.query({ object: 'subscription', where: { customer, status: LIVE }, limit: MAX_LIVE });
  const scheduled = await tx.query({ object: 'subscription_schedule', where: { customer, status: 'not_started' }, limit: MAX_LIVE });
  const { subscriptionsPerClockCustomer: most } = tx.limits;
  if (live.length + scheduled.length >= most && (await tx.get(customer, { object: 'customer' }))?.test_clock) {
    throw invalidRequest(`A customer on a test clock can have at most ${most} subscriptions.`, { param: 'customer' });
  }
  if (live.length + scheduled.length < MAX_LIVE) return;
  throw invalidRequest(`Customer ${customer} already has the maximum ${MAX_LIVE} current subscriptions.`, {
    code: 'customer_max_subscriptions',
  });
}

/** No two live subscriptions of one customer in different currencies [S 3.9]. */
export async function refuseOtherCurrency(tx: Tx, subscription: Doc): Promise<void> {
  const other = await tx.first({
    object: 'subscription',
    where: { customer: subscription.customer, status: LIVE },
    filter: (doc) => doc.id !== subscription.id && doc.currency !== subscription.currency,
  });
  if (other === undefined) return;
  throw invalidRequest(
    `You cannot combine currencies on a single customer: ${subscription.customer} has a live subscription in ${other.currency}.`,
    { param: 'currency' },
  );
}
