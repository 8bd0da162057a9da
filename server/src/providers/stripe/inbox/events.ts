import { keyOf, type Target } from '../pull/source.ts';
import type { EventObject } from './envelope.ts';
import type { Handler } from './handler.ts';
import { accountDeauthorized } from './handlers/account-deauthorized.ts';
import { chargeRefunded } from './handlers/charge-refunded.ts';
import { checkoutSession } from './handlers/checkout-session.ts';
import { customer } from './handlers/customer.ts';
import { customerPart } from './handlers/customer-part.ts';
import { dispute } from './handlers/dispute.ts';
import { invoice } from './handlers/invoice.ts';
import { invoicePayment } from './handlers/invoice-payment.ts';
import { invoiceUpcoming } from './handlers/invoice-upcoming.ts';
import { paymentIntent } from './handlers/payment-intent.ts';
import { paymentMethod } from './handlers/payment-method.ts';
import { price } from './handlers/price.ts';
import { product } from './handlers/product.ts';
import { refund } from './handlers/refund.ts';
import { setupIntent } from './handlers/setup-intent.ts';
import { subscription } from './handlers/subscription.ts';
import { subscriptionSchedule } from './handlers/subscription-schedule.ts';
import { testClock } from './handlers/test-clock.ts';

export type Listened = { type: string; handler: Handler; why: string };

/**
 * Every event we listen to, and why. Where several events wait for one object, the one standing lowest here is named as the cause of
 * what changed: lists go from what merely accompanies a fact to the fact.
 */
export const EVENTS: readonly Listened[] = [
  on('product.created', product, 'a name for mails'),
  on('product.updated', product, 'renamed or archived'),
  on('product.deleted', product, 'its copy is marked deleted'),
  on('price.created', price, 'amount and interval of an item'),
  on('price.updated', price, 'renamed or archived'),
  on('price.deleted', price, 'its copy is marked deleted'),
  on('payment_method.attached', paymentMethod, 'the customer can be charged'),
  on('payment_method.updated', paymentMethod, 'new expiry date or address'),
  on('payment_method.automatically_updated', paymentMethod, 'the bank replaced the card'),
  on('payment_method.detached', paymentMethod, 'the customer may no longer be chargeable'),
  on('setup_intent.succeeded', setupIntent, 'a method was saved without a charge'),
  on('setup_intent.setup_failed', setupIntent, 'saving a method failed'),
  on('customer.tax_id.created', customerPart, 'tax ids belong to the customer'),
  on('customer.tax_id.updated', customerPart, 'tax ids belong to the customer'),
  on('customer.tax_id.deleted', customerPart, 'tax ids belong to the customer'),
  on('customer.discount.created', customerPart, 'a discount of the customer'),
  on('customer.discount.updated', customerPart, 'a discount of the customer'),
  on('customer.discount.deleted', customerPart, 'a discount of the customer'),
  on('customer.updated', customer, 'name, address of mails, language, default method'),
  on('customer.created', customer, 'a customer to mirror'),
  on('customer.deleted', customer, 'archived here, subscriptions end'),
  on('subscription_schedule.created', subscriptionSchedule, 'a subscription is managed by a schedule'),
  on('subscription_schedule.updated', subscriptionSchedule, 'its plan of changes moved'),
  on('subscription_schedule.expiring', subscriptionSchedule, 'its last phase ends soon'),
  on('subscription_schedule.completed', subscriptionSchedule, 'its last phase ended'),
  on('subscription_schedule.released', subscriptionSchedule, 'the subscription is free again'),
  on('subscription_schedule.aborted', subscriptionSchedule, 'ended by a failed payment'),
  on('subscription_schedule.canceled', subscriptionSchedule, 'ended with its subscription'),
  on('customer.subscription.trial_will_end', subscription, 'the end of the trial as Stripe sees it'),
  on('customer.subscription.pending_update_applied', subscription, 'a change waited for payment and was made'),
  on('customer.subscription.pending_update_expired', subscription, 'a change waited for payment in vain'),
  on('customer.subscription.updated', subscription, 'status, period, items, scheduled end'),
  on('customer.subscription.paused', subscription, 'billing rests'),
  on('customer.subscription.resumed', subscription, 'billing goes on'),
  on('customer.subscription.created', subscription, 'a subscription to mirror'),
  on('customer.subscription.deleted', subscription, 'it ended'),
  on('invoice.created', invoice, 'a draft to mirror'),
  on('invoice.updated', invoice, 'amounts, number, status'),
  on('invoice.deleted', invoice, 'a draft was thrown away'),
  on('invoice.sent', invoice, 'the customer was asked to pay'),
  on('invoice.will_be_due', invoice, 'due soon'),
  on('invoice.overdue', invoice, 'not paid in time'),
  on('invoice.finalization_failed', invoice, 'stuck as a draft'),
  on('invoice.finalized', invoice, 'numbered and payable'),
  on('invoice.overpaid', invoice, 'more money than was due'),
  on('invoice_payment.paid', invoicePayment, 'links a payment to its invoice'),
  on('invoice.payment_succeeded', invoice, 'money arrived'),
  on('invoice.marked_uncollectible', invoice, 'given up'),
  on('invoice.voided', invoice, 'withdrawn'),
  on('invoice.payment_action_required', invoice, 'the customer must confirm with the bank'),
  on('invoice.payment_failed', invoice, 'an attempt was declined'),
  on('invoice.paid', invoice, 'settled'),
  on('invoice.upcoming', invoiceUpcoming, 'a renewal is near, by the account’s own lead time'),
  on('payment_intent.processing', paymentIntent, 'a bank is working on it'),
  on('payment_intent.requires_action', paymentIntent, 'the customer must confirm with the bank'),
  on('payment_intent.canceled', paymentIntent, 'given up'),
  on('payment_intent.payment_failed', paymentIntent, 'declined'),
  on('payment_intent.succeeded', paymentIntent, 'money arrived, with or without an invoice'),
  on('charge.refunded', chargeRefunded, 'money went back, in flows that tell only the charge'),
  on('charge.refund.updated', refund, 'a refund moved on'),
  on('refund.created', refund, 'money goes back'),
  on('refund.updated', refund, 'it arrived, or its reference came'),
  on('refund.failed', refund, 'the bank sent it back to us'),
  on('charge.dispute.created', dispute, 'a customer disputes a charge'),
  on('charge.dispute.updated', dispute, 'evidence or deadline changed'),
  on('charge.dispute.funds_withdrawn', dispute, 'the money is held'),
  on('charge.dispute.funds_reinstated', dispute, 'the money came back'),
  on('charge.dispute.closed', dispute, 'won or lost'),
  on('checkout.session.expired', checkoutSession, 'nothing came of it'),
  on('checkout.session.async_payment_failed', checkoutSession, 'a slow payment failed'),
  on('checkout.session.async_payment_succeeded', checkoutSession, 'a slow payment arrived'),
  on('checkout.session.completed', checkoutSession, 'a customer bought something'),
  on('test_helpers.test_clock.advancing', testClock, 'simulated time is moving'),
  on('test_helpers.test_clock.ready', testClock, 'simulated time has arrived'),
  on('account.application.deauthorized', accountDeauthorized, 'the account may have removed us'),
];

const BY_TYPE = new Map(EVENTS.map((listened, rank) => [listened.type, { ...listened, rank }]));

/** What the webhook endpoint is registered for, by name: Stripe knows no wildcard but `*`. */
export const REGISTERED_TYPES: readonly string[] = EVENTS.map((listened) => listened.type);

/** The row of an event type; `rank` is its place in the table. Undefined for types we do not listen to. */
export function listenedTo(type: string): (Listened & { rank: number }) | undefined {
  return BY_TYPE.get(type);
}

/** Under what an event waits: its target's key, or its own id where it stands alone. */
export function rootKeyOf(a: { type: string; eventId: string; object: EventObject | null; previous: EventObject | null }): string {
  const target = targetOf(a);
  return target ? keyOf(target) : `event:${a.eventId}`;
}

/** What an event makes us read again, if anything. */
export function targetOf(a: { type: string; object: EventObject | null; previous: EventObject | null }): Target | null {
  return a.object === null ? null : (listenedTo(a.type)?.handler.target(a.object, a.previous) ?? null);
}

function on(type: string, handler: Handler, why: string): Listened {
  return { type, handler, why };
}
