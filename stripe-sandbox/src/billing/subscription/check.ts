/** What the parameter types of a subscription cannot say: exclusions, ranges, prices that do not go together. */
import { invalidRequest, parameterMissing, parametersExclusive } from '../../kernel/errors.ts';
import type { Doc, Params } from '../../kernel/types.ts';
import { MAX_ITEMS } from './limits.ts';
import { addMonths, type Cadence } from './period.ts';
import { cadenceOf } from './prices.ts';

/** Two years [DTS trial_end]. */
const MAX_TRIAL_DAYS = 730;
const MAX_TRIAL_MONTHS = 24;
/** Stripe's cap [DTS add_invoice_items]. */
const MAX_ADDED_ITEMS = 20;

/** Refuses what a new subscription cannot be made from. */
export function checkCreate(params: Params): void {
  if (params.customer === undefined) throw parameterMissing('customer');
  if (!Array.isArray(params.items) || params.items.length === 0) throw parameterMissing('items');
  if (params.items.length > MAX_ITEMS) throw invalidRequest(`Subscriptions can have at most ${MAX_ITEMS} items.`, { param: 'items' });
  refuseBoth(params, 'trial_end', 'trial_period_days');
  refuseBoth(params, 'trial_from_plan', 'trial_end');
  refuseBoth(params, 'billing_cycle_anchor', 'billing_cycle_anchor_config');
  if (params.cancel_at !== undefined && params.cancel_at_period_end === true)
    throw parametersExclusive('cancel_at', 'cancel_at_period_end');
  checkAnchorConfig(params.billing_cycle_anchor_config);
  checkAddedItems(params);
  checkCollection(params);
  if (typeof params.trial_period_days === 'number' && params.trial_period_days > MAX_TRIAL_DAYS) {
    throw invalidRequest(`The maximum number of trial period days is ${MAX_TRIAL_DAYS} (2 years).`, { param: 'trial_period_days' });
  }
}

/** At most 20 extras in one call. */
export function checkAddedItems(params: Params): void {
  if ((params.add_invoice_items?.length ?? 0) <= MAX_ADDED_ITEMS) return;
  throw invalidRequest(`You may pass at most ${MAX_ADDED_ITEMS} items.`, { param: 'add_invoice_items' });
}

/** Invoices that are sent need a due date and cannot fail a payment behaviour [S 3.5]. */
export function checkCollection(params: Params): void {
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalidRequest('If `collection_method` is set to `send_invoice`, you must specify `days_until_due`.', {
      param: 'days_until_due',
    });
  }
  if (params.collection_method !== 'send_invoice' && params.days_until_due !== undefined) {
    throw invalidRequest('You can only specify `days_until_due` if `collection_method` is set to `send_invoice`.', {
      param: 'days_until_due',
    });
  }
}

/** A trial ends in the future, and within two years. */
export function checkTrialEnd(trialEnd: number, now: number): void {
  if (trialEnd <= now) throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'trial_end' });
  if (trialEnd > addMonths(now, MAX_TRIAL_MONTHS)) {
    throw invalidRequest('Invalid timestamp: `trial_end` can be at most two years in the future.', { param: 'trial_end' });
  }
}

/** One price, one item. */
export function refuseTwice(subscription: Params, price: Doc, param: string): void {
  if (!subscription.items.data.some((item: Doc) => item.price.id === price.id)) return;
  throw invalidRequest(`Cannot add multiple subscription items with the same price: ${price.id}`, { param });
}

/** Classic billing has one interval for all items; flexible may mix them [S 3.3]. */
export function refuseMixedIntervals(subscription: Params, param: string): void {
  if (subscription.billing_mode.type !== 'classic') return;
  const cadences = subscription.items.data.map((item: Doc) => cadenceOf(item.price));
  if (cadences.every(({ interval, count }: Cadence) => interval === cadences[0].interval && count === cadences[0].count)) return;
  throw invalidRequest(
    'If multiple prices are specified, all of them must have the same interval and interval_count; mixed intervals need `billing_mode[type]=flexible`.',
    { param },
  );
}

const RANGES: Record<string, [number, number]> = {
  day_of_month: [1, 31],
  month: [1, 12],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
};

function checkAnchorConfig(config: Params | undefined): void {
  for (const [name, value] of Object.entries(config ?? {})) {
    const [low, high] = RANGES[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (value >= low && value <= high) continue;
    throw invalidRequest(`Invalid integer: must be between ${low} and ${high}.`, { param: `billing_cycle_anchor_config[${name}]` });
  }
}

function refuseBoth(params: Params, a: string, b: string): void {
  if (params[a] !== undefined && params[a] !== false && params[b] !== undefined) throw parametersExclusive(a, b);
}
