import { endSubscription } from '../../billing/subscription/end.ts';
import { isOver } from '../../billing/subscription/status.ts';
import type { HookListeners, Tx } from '../../kernel/types.ts';

/** What others' deeds do to subscriptions. */
export const subscriptionHooks: HookListeners = {
  'customer.deleted': async (tx, { customer }) => endAll(tx, customer.id),
  'clock.deleted': async (tx, { customer }) => endAll(tx, customer.id),
  'payment_method.detached': async (tx, { paymentMethod, customer }) => forget(tx, customer, paymentMethod.id),
  'setup_intent.settled': async (tx, { intent, outcome }) => {
    if (outcome === 'succeeded' || outcome === 'canceled')
      await clearPending(tx, intent.id, outcome === 'succeeded' ? intent.payment_method : null, intent.customer);
  },
};

/** A deleted customer's subscriptions are canceled [sandbox.md 2]. */
async function endAll(tx: Tx, customer: string): Promise<void> {
  for (const subscription of await tx.query({ object: 'subscription', where: { customer } })) {
    if (!isOver(subscription)) await endSubscription(tx, { subscription, reason: 'cancellation_requested' });
  }
}

/** A detached card is no subscription's default any more. */
async function forget(tx: Tx, customer: string, method: string): Promise<void> {
  for (const subscription of await tx.query({ object: 'subscription', where: { customer } })) {
    if (subscription.default_payment_method !== method) continue;
    subscription.default_payment_method = null;
    tx.put(subscription);
  }
}

/** The SetupIntent a free start asked for is done: its card becomes the subscription's where it asked for that. */
async function clearPending(tx: Tx, intent: string, method: string | null, customer: string | null): Promise<void> {
  if (customer === null) return;
  for (const subscription of await tx.query({ object: 'subscription', where: { customer } })) {
    if (subscription.pending_setup_intent !== intent) continue;
    subscription.pending_setup_intent = null;
    if (method !== null && subscription.payment_settings.save_default_payment_method === 'on_subscription')
      subscription.default_payment_method = method;
    tx.put(subscription);
    tx.emit('customer.subscription.updated', subscription);
  }
}
