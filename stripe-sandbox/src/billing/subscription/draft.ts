import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { automaticTaxOf } from './automatic-tax.ts';
import { checkTrialEnd, refuseMixedIntervals, refuseTwice } from './check.ts';
import { newItem, setItems, taxRates } from './items.ts';
import { anchorFromConfig, DAY, onePeriodAfter, type Period, periodAt } from './period.ts';
import { cadenceOf, inCurrency, itemPrice } from './prices.ts';
import { thresholdsOf } from './thresholds.ts';
import { keepsAnchor } from './trial.ts';

/** A new subscription without items and dates; not stored. */
export async function newSubscription(tx: Tx, input: { params: Params; customer: Doc }): Promise<Doc> {
  const { params, customer } = input;
  const now = tx.now(customer);
  const mode = params.billing_mode ?? { type: 'flexible' };
  return tx.make(
    'subscription',
    'sub',
    {
      automatic_tax: await automaticTaxOf(tx, params, customer),
      billing_cycle_anchor: now,
      billing_cycle_anchor_config:
        params.billing_cycle_anchor_config === undefined ? null : anchorConfig(params.billing_cycle_anchor_config),
      billing_mode:
        mode.type === 'classic'
          ? { flexible: null, type: 'classic' }
          : { flexible: { proration_discounts: mode.flexible?.proration_discounts ?? 'included' }, type: 'flexible', updated_at: now },
      billing_schedules: [],
      billing_thresholds: thresholdsOf(params.billing_thresholds),
      cancel_at_period_end: false,
      cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
      collection_method: params.collection_method ?? 'charge_automatically',
      customer: customer.id,
      days_until_due: params.days_until_due ?? null,
      default_payment_method: await ownMethod(tx, params.default_payment_method, customer),
      default_tax_rates: await taxRates(tx, params.default_tax_rates, 'default_tax_rates'),
      description: params.description || null,
      discounts: [],
      invoice_settings: invoiceSettings(params.invoice_settings),
      managed_payments: { enabled: false },
      metadata: mergeMetadata({}, params.metadata),
      payment_settings: paymentSettings(params.payment_settings),
      schedule: params._schedule ?? null,
      pending_invoice_item_interval: null,
      start_date: now,
      status: 'active',
      test_clock: customer.test_clock ?? null,
      trial_settings: trialSettings(params.trial_settings),
    },
    customer,
  );
}

/** The trial's end in epoch seconds; null without a trial. `trial_from_plan` takes the longest of the prices' own trials. */
export async function trialEndOf(tx: Tx, input: { params: Params; subscription: Doc }): Promise<number | null> {
  const { params } = input;
  const now = tx.now(input.subscription);
  if (params.trial_end === 'now') return null;
  if (typeof params.trial_end === 'number') {
    checkTrialEnd(params.trial_end, now);
    return params.trial_end;
  }
  if (params.trial_period_days > 0) return now + params.trial_period_days * DAY;
  if (params.trial_from_plan !== true) return null;
  let days = 0;
  for (const given of params.items) {
    const price = await tx.get(given.price ?? given.plan ?? '', { object: 'price' });
    days = Math.max(days, price?.recurring?.trial_period_days ?? 0);
  }
  return days === 0 ? null : now + days * DAY;
}

/** Where all periods are counted from: the given anchor, the configured day, the trial's end, or now [S 3.3]. */
export function anchorOf(tx: Tx, input: { params: Params; subscription: Doc; trialEnd: number | null }): number {
  const { params, trialEnd } = input;
  const now = tx.now(input.subscription);
  if (params.billing_cycle_anchor_config !== undefined) return anchorFromConfig(params.billing_cycle_anchor_config, trialEnd ?? now);
  if (params.billing_cycle_anchor === undefined) return keepsAnchor(input.subscription) ? now : (trialEnd ?? now);
  if (params.billing_cycle_anchor < now)
    throw invalidRequest('`billing_cycle_anchor` must be a timestamp in the future.', { param: 'billing_cycle_anchor' });
  return params.billing_cycle_anchor;
}

/** Makes the items with their first period: up to the trial's end, or from now to the first boundary. */
export async function newItems(
  tx: Tx,
  input: { params: Params; subscription: Doc; customer: Doc; trialEnd: number | null },
): Promise<void> {
  const { params, subscription, customer } = input;
  const items: Doc[] = [];
  for (const [index, given] of params.items.entries()) {
    const param = `items[${index}]`;
    const found = await itemPrice(tx, { given, param });
    subscription.currency = subscription.currency ?? (params.currency ?? found.currency).toLowerCase();
    const price = inCurrency(found, subscription.currency, `${param}[price]`);
    refuseTwice({ items: { data: items } }, price, 'items');
    const period = firstPeriod(tx, { subscription, price, trialEnd: input.trialEnd });
    items.push(await newItem(tx, { subscription, customer, price, given, period, param }));
  }
  setItems(subscription, items);
  refuseMixedIntervals(subscription, 'items');
}

/** From now to the first boundary after it; an anchor in the future may be at most one period away [S 3.3]. */
export function firstPeriod(tx: Tx, input: { subscription: Doc; price: Doc; trialEnd: number | null }): Period {
  const { subscription, price, trialEnd } = input;
  const now = tx.now(subscription);
  if (trialEnd !== null) return { start: now, end: trialEnd };
  const cadence = cadenceOf(price);
  if (subscription.billing_cycle_anchor_config !== null && (cadence.interval === 'day' || cadence.interval === 'week')) {
    throw invalidRequest('`billing_cycle_anchor_config` is only valid with monthly and yearly prices.', {
      param: 'billing_cycle_anchor_config',
    });
  }
  const anchor = subscription.billing_cycle_anchor;
  if (anchor > onePeriodAfter(now, cadence)) {
    throw invalidRequest('`billing_cycle_anchor` cannot be later than next natural billing date.', { param: 'billing_cycle_anchor' });
  }
  return { start: now, end: anchor > now ? anchor : periodAt(anchor, cadence, now).end };
}

/** A payment method of the customer's own. */
export async function ownMethod(tx: Tx, id: string | '' | undefined, customer: Doc): Promise<string | null> {
  if (id === undefined || id === '') return null;
  const method = await tx.require('payment_method', id, { param: 'default_payment_method' });
  if (method.customer !== customer.id) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      {
        code: 'resource_missing',
        param: 'default_payment_method',
      },
    );
  }
  return id;
}

/** `invoice_settings` as shown, from its parameters. */
export function invoiceSettings(given: Params | undefined): Params {
  return {
    account_tax_ids: given?.account_tax_ids || null,
    custom_fields: given?.custom_fields || null,
    description: given?.description ?? null,
    footer: given?.footer ?? null,
    issuer: given?.issuer ?? { type: 'self' },
  };
}

/** `payment_settings` as shown: what is sent replaces what was there. */
export function paymentSettings(given: Params | undefined, present?: Params | null): Params {
  return {
    payment_method_options:
      given?.payment_method_options === undefined ? (present?.payment_method_options ?? null) : methodOptions(given.payment_method_options),
    payment_method_types:
      given?.payment_method_types === undefined ? (present?.payment_method_types ?? null) : given.payment_method_types || null,
    save_default_payment_method: given?.save_default_payment_method ?? present?.save_default_payment_method ?? 'off',
  };
}

/** Options of cards are kept and shown; other kinds of payment method are refused. */
function methodOptions(given: Params): Params {
  const other = Object.keys(given).find((name) => name !== 'card');
  if (other !== undefined)
    throw notEmulated(`Options of the payment method type ${other}`, `payment_settings[payment_method_options][${other}]`);
  const none = {
    acss_debit: null,
    bancontact: null,
    customer_balance: null,
    konbini: null,
    payto: null,
    pix: null,
    sepa_debit: null,
    upi: null,
    us_bank_account: null,
  };
  const card = given.card
    ? { network: given.card.network ?? null, request_three_d_secure: given.card.request_three_d_secure ?? null }
    : null;
  return { ...none, card };
}

/** `trial_settings` as shown; a trial without a payment method makes an invoice unless told otherwise [S 3.1]. */
export function trialSettings(given: Params | undefined): Params {
  return {
    end_behavior: {
      billing_cycle_anchor: given?.end_behavior?.billing_cycle_anchor ?? 'now',
      missing_payment_method: given?.end_behavior?.missing_payment_method ?? 'create_invoice',
    },
  };
}

function anchorConfig(given: Params): Params {
  return {
    day_of_month: given.day_of_month,
    hour: given.hour ?? null,
    minute: given.minute ?? null,
    month: given.month ?? null,
    second: given.second ?? null,
  };
}
