import type { Doc, Tx } from '../../kernel/types.ts';
import { defaultPaymentMethod } from '../payments/index.ts';
import { subscriptionUpdated } from './announce.ts';
import { endSubscription } from './end.ts';
import { pauseUsage } from './metered.ts';
import { scheduleSubscription, TRIAL_WARNING } from './schedule.ts';
import { moveTo } from './status.ts';

/** Tells three days ahead that a trial ends. Emits customer.subscription.trial_will_end. */
export async function warnOfTrialEnd(tx: Tx, subscriptionId: string): Promise<void> {
  const subscription = await tx.get(subscriptionId, { object: 'subscription' });
  if (subscription?.status === 'trialing') tx.emit('customer.subscription.trial_will_end', subscription);
}

/** Shorter trials, shortened ones and `trial_end: now` are told at once [S 3.6 (3)]. */
export function warnAtOnceIfShort(tx: Tx, subscription: Doc): void {
  if (subscription.trial_end === null || subscription.trial_end - tx.now(subscription) > TRIAL_WARNING) return;
  tx.emit('customer.subscription.trial_will_end', subscription);
}

/**
 * The trial is over and there is no way to pay: `cancel` and `pause` end the story here (true), `create_invoice` goes on to the invoice [S 3.1].
 */
export async function endTrialWithoutPayment(tx: Tx, subscription: Doc): Promise<boolean> {
  if (!(await endsUnpaid(tx, subscription))) return false;
  if (missingMethodChoice(subscription) === 'cancel') {
    await endSubscription(tx, { subscription, reason: null });
    return true;
  }
  await pauseNow(tx, subscription, 'trial_end_without_payment_method');
  return true;
}

/** Whether the end of the trial finds no way to pay and `cancel` or `pause` was chosen for that case. */
export async function endsUnpaid(tx: Tx, subscription: Doc): Promise<boolean> {
  if (missingMethodChoice(subscription) === 'create_invoice' || subscription.collection_method === 'send_invoice') return false;
  return !(await hasPaymentMethod(tx, subscription));
}

function missingMethodChoice(subscription: Doc): string {
  return subscription.trial_settings?.end_behavior?.missing_payment_method ?? 'create_invoice';
}

/** trialing, active … → paused: no periods, no invoices. Emits customer.subscription.updated and .paused. */
export async function pauseNow(tx: Tx, subscription: Doc, why: string): Promise<void> {
  pauseUsage(subscription, tx.now(subscription));
  moveTo(subscription, 'paused');
  subscription.status_details = { paused: { subscription: { type: why }, transitioned_at: tx.now(subscription), type: 'subscription' } };
  scheduleSubscription(tx, subscription);
  await subscriptionUpdated(tx, subscription);
  tx.emit('customer.subscription.paused', subscription);
}

/** True when the end of a trial leaves the anchor where it is [DTS trial_settings.end_behavior.billing_cycle_anchor]. */
export function keepsAnchor(subscription: Doc): boolean {
  return subscription.trial_settings?.end_behavior?.billing_cycle_anchor === 'unchanged';
}

/** Whether some card would pay the subscription's next invoice. */
export async function hasPaymentMethod(tx: Tx, subscription: Doc): Promise<boolean> {
  if (subscription.default_payment_method !== null || subscription.default_source !== null) return true;
  const customer = await tx.get(subscription.customer, { object: 'customer' });
  return customer !== undefined && defaultPaymentMethod(customer) !== null;
}
