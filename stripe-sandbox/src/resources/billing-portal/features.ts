/** What a portal configuration may offer: its features as stored, from the parameters of create and update, within Stripe's limits. */
import { invalidRequest, notEmulated } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

const MAX_PRODUCTS = 10;
const MAX_PRICES = 20;

export function noFeatures(): Params {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: false },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] },
      enabled: false,
      mode: 'at_period_end',
      proration_behavior: 'none',
    },
    // One month, where a pause is offered without further words [SDK: SubscriptionPause.duration].
    subscription_pause: {
      duration: { interval_options: [{ interval: 'month', interval_count: 1 }], type: 'interval_options' },
      enabled: false,
    },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      products: [],
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: 'end_trial',
    },
  };
}

/** The present features with the sent ones over them. Refuses what the portal could not do. */
export async function mergeFeatures(tx: Tx, present: Params, given: Record<string, Params>): Promise<Params> {
  const features = { ...present };
  for (const [name, params] of Object.entries(given)) features[name] = { ...features[name], ...cleaned(name, params) };
  if (given.customer_update !== undefined) checkCustomerUpdate(features.customer_update);
  if (given.payment_method_update?.payment_method_configuration)
    throw notEmulated('A payment method configuration', 'features[payment_method_update][payment_method_configuration]');
  if (given.subscription_cancel?.cancellation_reason?.feedback_options)
    throw notEmulated('Feedback options of your own', 'features[subscription_cancel][cancellation_reason][feedback_options]');
  if (given.subscription_update !== undefined) features.subscription_update = await checkUpdate(tx, features.subscription_update);
  if (given.subscription_pause !== undefined) checkPause(features.subscription_pause);
  return features;
}

/** '' becomes an empty list; nested settings get their defaults. */
function cleaned(feature: string, given: Params): Params {
  const result: Params = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'cancellation_reason') result[name] = { enabled: value.enabled, feedback_options: null, options: value.options || [] };
    else if (name === 'duration') result[name] = { interval_options: intervals(value.interval_options), type: value.type };
    else if (name === 'schedule_at_period_end') result[name] = { conditions: value.conditions ?? [] };
    else result[name] = value === '' ? emptyOf(feature, name) : value;
  }
  return result;
}

function emptyOf(_feature: string, name: string): unknown {
  return ['allowed_updates', 'default_allowed_updates', 'products'].includes(name) ? [] : null;
}

function intervals(given: Params[] | '' | undefined): Params[] {
  return (given || []).map((one) => ({ interval: one.interval, interval_count: one.interval_count ?? 1 }));
}

function checkCustomerUpdate(feature: Params): void {
  if (feature.enabled && feature.allowed_updates.length === 0)
    throw invalidRequest('You must allow at least one update of the customer.', { param: 'features[customer_update][allowed_updates]' });
}

function checkPause(feature: Params): void {
  if (feature.enabled && feature.duration.type === 'interval_options' && feature.duration.interval_options.length === 0)
    throw invalidRequest('You must offer at least one duration.', { param: 'features[subscription_pause][duration][interval_options]' });
}

/** Plans to change to: active recurring prices of their product. */
async function checkUpdate(tx: Tx, feature: Params): Promise<Params> {
  const at = 'features[subscription_update]';
  if (feature.schedule_at_period_end.conditions.length > 0)
    throw notEmulated('Changes at the end of the period', `${at}[schedule_at_period_end][conditions]`);
  if (feature.enabled && feature.default_allowed_updates.length === 0)
    throw invalidRequest(`Missing required param: ${at}[default_allowed_updates].`, {
      code: 'parameter_missing',
      param: `${at}[default_allowed_updates]`,
    });
  if (feature.enabled && feature.products.length === 0)
    throw invalidRequest(`Missing required param: ${at}[products].`, { code: 'parameter_missing', param: `${at}[products]` });
  if (feature.products.length > MAX_PRODUCTS)
    throw invalidRequest(`You can offer at most ${MAX_PRODUCTS} products.`, { param: `${at}[products]` });
  const products: Params[] = [];
  for (const [index, one] of (feature.products as Params[]).entries())
    products.push(await checkProduct(tx, one, `${at}[products][${index}]`));
  return { ...feature, products };
}

async function checkProduct(tx: Tx, given: Params, param: string): Promise<Params> {
  await tx.require('product', given.product, { param: `${param}[product]` });
  if (given.prices.length === 0 || given.prices.length > MAX_PRICES)
    throw invalidRequest(`You must offer 1 to ${MAX_PRICES} prices.`, { param: `${param}[prices]` });
  for (const [index, id] of (given.prices as string[]).entries()) {
    const at = `${param}[prices][${index}]`;
    const price: Doc = await tx.require('price', id, { param: at });
    if (price.product !== given.product) throw invalidRequest(`The price ${id} is not one of this product.`, { param: at });
    if (price.type !== 'recurring') throw invalidRequest('Only recurring prices can be offered.', { param: at });
    if (!price.active) throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param: at });
  }
  const adjustable = given.adjustable_quantity ?? { enabled: false };
  return {
    adjustable_quantity: { enabled: adjustable.enabled, maximum: adjustable.maximum ?? null, minimum: adjustable.minimum ?? 1 },
    prices: given.prices,
    product: given.product,
  };
}
