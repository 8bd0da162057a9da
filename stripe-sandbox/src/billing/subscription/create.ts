import { cardError, StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { createDiscounts, useDiscounts } from '../discounts/load.ts';
import { collectInvoice } from '../invoice/collect.ts';
import { saveDraft } from '../invoice/draft.ts';
import { finalizeInvoice } from '../invoice/finalize.ts';
import { createSetupIntent, defaultPaymentMethod, minimumCharge } from '../payments/index.ts';
import { checkCreate } from './check.ts';
import { rememberDebits } from './debits.ts';
import { anchorOf, newItems, newSubscription, trialEndOf } from './draft.ts';
import { firstInvoice } from './first-invoice.ts';
import { refuseOtherCurrency } from './limits.ts';
import { recurringAmount } from './proration-items.ts';
import { scheduleSubscription, setCancelAt } from './schedule.ts';
import { watchThresholds } from './thresholds.ts';
import { warnAtOnceIfShort } from './trial.ts';

/** The first payment did not work; undoes the optimistic start. */
class FirstPaymentFailed extends Error {
  readonly refusal: StripeError;
  constructor(refusal: StripeError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Creates a subscription from Stripe's own parameters (`items`, `customer`, `trial_end`, `payment_behavior` …) with its first invoice, finalized
 * and, unless `default_incomplete`, collected at once [S 3.1, 3.2, 3.6]. Emits customer.subscription.created with the status it starts in, then
 * the invoice's and payment's events. Refuses with Stripe's errors; `error_if_incomplete` leaves nothing behind.
 */
export async function createSubscription(tx: Tx, params: Params): Promise<Doc> {
  checkCreate(params);
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  if (behavior === 'default_incomplete') return start(tx, { params, hopeful: false });
  try {
    return await tx.attempt(() => start(tx, { params, hopeful: true }));
  } catch (error) {
    if (!(error instanceof FirstPaymentFailed)) throw error;
    if (behavior === 'error_if_incomplete') throw refusalOf(error.refusal);
    return start(tx, { params, hopeful: false });
  }
}

/** `hopeful`: announced active and undone when the payment fails; else announced incomplete while something is due. */
async function start(tx: Tx, input: { params: Params; hopeful: boolean }): Promise<Doc> {
  const { params, hopeful } = input;
  const customer = await tx.require('customer', params.customer, { param: 'customer' });
  const subscription = await newSubscription(tx, { params, customer });
  const trialEnd = await trialEndOf(tx, { params, subscription });
  subscription.billing_cycle_anchor = anchorOf(tx, { params, subscription, trialEnd });
  await newItems(tx, { params, subscription, customer, trialEnd });
  await refuseOtherCurrency(tx, subscription);
  await watchThresholds(tx, subscription);
  subscription.discounts = await createDiscounts(tx, {
    given: params.discounts,
    target: {
      customer,
      subscription: subscription.id,
      currency: subscription.currency,
      amount: await recurringAmount(tx, subscription),
    },
  });
  if (trialEnd !== null) Object.assign(subscription, { trial_start: tx.now(subscription), trial_end: trialEnd });
  if (params.cancel_at !== undefined || params.cancel_at_period_end === true) setEnd(tx, subscription, params);
  const invoice = await firstInvoice(tx, { params, subscription, customer });
  const due = invoice !== null && invoice.amount_due >= minimumCharge(subscription.currency);
  const mustPay = due && subscription.collection_method === 'charge_automatically' && subscription.schedule === null;
  if (mustPay && params.payment_behavior !== 'default_incomplete') requireMethod(subscription, customer);
  const settled = trialEnd === null ? 'active' : 'trialing';
  subscription.status = mustPay && !hopeful ? 'incomplete' : settled;
  await setUpLater(tx, { params, subscription, customer, mustPay });
  await announceCreated(tx, { subscription, invoice, customer });
  if (invoice !== null) await bill(tx, { params, subscription, invoice, hopeful });
  return tx.require('subscription', subscription.id);
}

async function announceCreated(tx: Tx, input: { subscription: Doc; invoice: Doc | null; customer: Doc }): Promise<void> {
  const { subscription, invoice, customer } = input;
  if (invoice !== null) {
    subscription.latest_invoice = invoice.id;
    rememberDebits(subscription, invoice, subscription.items.data);
    tx.put(invoice);
  }
  customer.currency = customer.currency ?? subscription.currency;
  tx.put(customer);
  tx.put(subscription);
  tx.emit('customer.subscription.created', subscription);
  await tx.announce('subscription.updated', { subscription });
  warnAtOnceIfShort(tx, subscription);
  scheduleSubscription(tx, subscription);
}

/** Finalizes the first invoice at once and tries to pay it; an invoice to be sent stays a draft for its hour [S 3.5]. */
async function bill(tx: Tx, input: { params: Params; subscription: Doc; invoice: Doc; hopeful: boolean }): Promise<void> {
  const { params, subscription, invoice } = input;
  // Nobody is there when a schedule starts: its first invoice has its draft hour like a renewal, and its retries.
  const scheduled = subscription.schedule !== null && invoice.total > 0;
  if (scheduled) invoice._scheduled = true;
  const immediate = subscription.collection_method === 'charge_automatically' && !scheduled;
  await useDiscounts(tx, { subscription, items: subscription.items.data, at: tx.now(subscription) });
  await saveDraft(tx, invoice, { immediate });
  tx.put(subscription);
  if (!immediate) return;
  await finalizeInvoice(tx, { invoice, brief: invoice.total === 0 });
  if (invoice.status !== 'open' || params.payment_behavior === 'default_incomplete') return;
  const result = await collectInvoice(tx, { invoice, attempt: 'automatic', offSession: params.off_session === true });
  if (!input.hopeful || result.outcome === 'paid' || result.outcome === 'processing') return;
  throw new FirstPaymentFailed(result.error ?? needsAction());
}

/** A subscription that starts for nothing may still ask for a card: its pending SetupIntent [DTS pending_setup_intent]. */
async function setUpLater(tx: Tx, input: { params: Params; subscription: Doc; customer: Doc; mustPay: boolean }): Promise<void> {
  const { params, subscription, customer } = input;
  const wanted =
    params.payment_behavior === 'default_incomplete' && !input.mustPay && subscription.collection_method === 'charge_automatically';
  if (!wanted || subscription.default_payment_method !== null || defaultPaymentMethod(customer) !== null) return;
  const intent = await createSetupIntent(tx, { customer, usage: 'off_session' });
  subscription.pending_setup_intent = intent.id;
}

function setEnd(tx: Tx, subscription: Doc, params: Params): void {
  const ends = subscription.items.data.map((item: Doc) => item.current_period_end);
  const at =
    params.cancel_at === 'min_period_end'
      ? Math.min(...ends)
      : params.cancel_at === 'max_period_end'
        ? Math.max(...ends)
        : params.cancel_at;
  setCancelAt(tx, subscription, { at: at ?? null, atPeriodEnd: params.cancel_at_period_end === true });
}

/** HTTP 400, no `param`, nothing stored [S 3.1]. */
function requireMethod(subscription: Doc, customer: Doc): void {
  if (subscription.default_payment_method !== null || defaultPaymentMethod(customer) !== null) return;
  throw new StripeError(400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message:
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
  });
}

function needsAction(): StripeError {
  return cardError({
    code: 'subscription_payment_intent_requires_action',
    message:
      'Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with subscription.latest_invoice.',
  });
}

/** The card's refusal as the answer to a call that left nothing behind. */
function refusalOf(refusal: StripeError): StripeError {
  const { payment_intent: _intent, charge: _charge, ...body } = refusal.body;
  return new StripeError(402, body, { commit: false });
}
