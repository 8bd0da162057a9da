import type { Doc, Tx } from '../../kernel/types.ts';

/** Stores a changed subscription and tells it: customer.subscription.updated, then the hook. */
export async function subscriptionUpdated(tx: Tx, subscription: Doc): Promise<void> {
  tx.put(subscription);
  tx.emit('customer.subscription.updated', subscription);
  await tx.announce('subscription.updated', { subscription });
}

/** The customer owes while the newest invoice of a subscription is unpaid. Told by no event of its own here [S 3.6 lists none]. */
export async function setDelinquent(tx: Tx, subscription: Doc, delinquent: boolean): Promise<void> {
  const customer = await tx.get(subscription.customer, { object: 'customer' });
  if (customer === undefined || customer.delinquent === delinquent) return;
  customer.delinquent = delinquent;
  tx.put(customer);
}
