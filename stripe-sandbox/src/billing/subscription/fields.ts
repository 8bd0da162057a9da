import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
import { createDiscounts } from '../discounts/load.ts';
import { automaticTaxOf } from './automatic-tax.ts';
import { invoiceSettings, ownMethod, paymentSettings, trialSettings } from './draft.ts';
import { taxRates } from './items.ts';
import { setCancelAt } from './schedule.ts';
import { thresholdsOf } from './thresholds.ts';

/** Sets everything of a subscription that has no price: settings, payment method, end, pause, discounts. */
export async function setFields(tx: Tx, input: { subscription: Doc; customer: Doc; params: Params }): Promise<void> {
  const { subscription, customer, params } = input;
  if (params.metadata !== undefined) subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
  assign(subscription, params, ['description', 'days_until_due']);
  if (params.default_payment_method !== undefined)
    subscription.default_payment_method = await ownMethod(tx, params.default_payment_method, customer);
  if (params.default_tax_rates !== undefined)
    subscription.default_tax_rates = await taxRates(tx, params.default_tax_rates, 'default_tax_rates');
  if (params.automatic_tax !== undefined) subscription.automatic_tax = await automaticTaxOf(tx, params, customer, subscription);
  if (params.invoice_settings !== undefined)
    subscription.invoice_settings = {
      ...subscription.invoice_settings,
      ...invoiceSettings({ ...subscription.invoice_settings, ...params.invoice_settings }),
    };
  if (params.payment_settings !== undefined)
    subscription.payment_settings = paymentSettings(params.payment_settings, subscription.payment_settings);
  if (params.billing_thresholds !== undefined) subscription.billing_thresholds = thresholdsOf(params.billing_thresholds);
  if (params.trial_settings !== undefined) subscription.trial_settings = trialSettings(params.trial_settings);
  // A populated list replaces, '' clears, an empty list says nothing [DTS discounts].
  if (params.discounts !== undefined && (params.discounts === '' || params.discounts.length > 0)) {
    subscription.discounts = await createDiscounts(tx, {
      given: params.discounts,
      target: { customer, subscription: subscription.id, currency: subscription.currency },
    });
  }
  setCollection(subscription, params);
  setPause(tx, subscription, params);
  setEnd(tx, subscription, params);
  setCancellationDetails(subscription, params.cancellation_details);
}

/** What the customer said on leaving; the reason is Stripe's own. */
export function setCancellationDetails(subscription: Doc, given: Params | undefined): void {
  if (given === undefined) return;
  const details = { comment: null, feedback: null, feedback_option: null, reason: null, ...(subscription.cancellation_details ?? {}) };
  for (const name of ['comment', 'feedback', 'feedback_option'] as const)
    if (given[name] !== undefined) details[name] = given[name] === '' ? null : given[name];
  subscription.cancellation_details = details;
}

function setCollection(subscription: Doc, params: Params): void {
  if (params.collection_method === undefined) return;
  subscription.collection_method = params.collection_method;
  if (params.collection_method === 'charge_automatically') subscription.days_until_due = null;
  else if (subscription.days_until_due === null) {
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify `days_until_due`.', {
      param: 'days_until_due',
    });
  }
}

/** `pause_collection` stops collection, not the periods [S 3.1]; '' takes it up again. */
function setPause(tx: Tx, subscription: Doc, params: Params): void {
  if (params.pause_collection === undefined) return;
  const until = params.pause_collection.resumes_at;
  if (until !== undefined && until <= tx.now(subscription))
    throw invalidRequest('`resumes_at` must be in the future.', { param: 'pause_collection[resumes_at]' });
  subscription.pause_collection =
    params.pause_collection === ''
      ? null
      : { behavior: params.pause_collection.behavior, resumes_at: params.pause_collection.resumes_at ?? null };
}

function setEnd(tx: Tx, subscription: Doc, params: Params): void {
  if (params.cancel_at_period_end !== undefined) {
    setCancelAt(tx, subscription, { at: null, atPeriodEnd: params.cancel_at_period_end });
  } else if (params.cancel_at !== undefined) {
    setCancelAt(tx, subscription, { at: cancelInstant(tx, subscription, params.cancel_at), atPeriodEnd: false });
  }
}

/** What `cancel_at` means: an instant, the earliest or latest period end, or nothing. */
export function cancelInstant(tx: Tx, subscription: Doc, given: number | string): number | null {
  if (given === '') return null;
  const ends = subscription.items.data.map((item: Doc) => item.current_period_end);
  if (given === 'min_period_end') return Math.min(...ends);
  if (given === 'max_period_end' || given === 'max_billed_until') return Math.max(...ends);
  if (Number(given) <= tx.now(subscription)) throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' });
  return Number(given);
}
