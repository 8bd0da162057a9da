import type { Doc, Tx } from '../../kernel/types.ts';

/** With `save_default_payment_method: on_subscription` the card that paid becomes the subscription's own [DTS payment_settings]. */
export async function keepPaymentMethod(tx: Tx, input: { invoice: Doc; method: string | null }): Promise<void> {
  const id = input.invoice.parent?.subscription_details?.subscription;
  if (id === undefined || input.method === null) return;
  const subscription = await tx.get(id, { object: 'subscription' });
  if (
    subscription?.payment_settings?.save_default_payment_method !== 'on_subscription' ||
    subscription.default_payment_method === input.method
  )
    return;
  subscription.default_payment_method = input.method;
  tx.put(subscription);
}
