/** Phases and settings as a schedule shows them, from their parameters. */
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { taxRates } from '../subscription/items.ts';
import { MAX_ITEMS } from '../subscription/limits.ts';
import type { Cadence } from '../subscription/period.ts';
import { cadenceOf, inCurrency, itemPrice, oneTimePrice } from '../subscription/prices.ts';
import { type PhaseDates, phaseDates } from './dates.ts';
import { checkDiscounts, refuseSettings } from './refuse.ts';

type Timing = { start: number; now: number };

/** All phases of a schedule: prices found, dates worked out, everything shown. Refuses what could not be applied later. */
export async function shapePhases(tx: Tx, input: { given: Params[]; currency: string | null; timing: Timing }): Promise<Params[]> {
  const { given, timing } = input;
  if (given.length === 0) throw parameterMissing('phases');
  let currency = input.currency;
  const phases: Params[] = [];
  const cadences: Cadence[] = [];
  for (const [index, phase] of given.entries()) {
    const param = `phases[${index}]`;
    const { items, prices } = await shapeItems(tx, { phase, param, currency: phase.currency ?? currency });
    currency = (phase.currency ?? currency ?? prices[0]!.currency).toLowerCase();
    cadences.push(cadenceOf(prices[0]!));
    phases.push({ ...(await settingsOf(tx, phase, param)), currency, items, add_invoice_items: await extras(tx, phase, param) });
  }
  const dates = phaseDates(given, { ...timing, cadences });
  return phases.map((phase, index) => dated(phase, given[index]!, { dates: dates[index]!, now: timing.now, param: `phases[${index}]` }));
}

/** `default_settings` as shown; what is not sent stays as it is. */
export async function shapeDefaults(tx: Tx, given: Params | undefined, present?: Params): Promise<Params> {
  refuseSettings(given ?? {}, 'default_settings');
  const settings = await settingsOf(tx, given ?? {}, 'default_settings');
  const sent = Object.fromEntries(Object.entries(settings).filter(([name]) => given?.[name] !== undefined));
  const blank = {
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: 'automatic',
    billing_thresholds: null,
    collection_method: 'charge_automatically',
    default_payment_method: null,
    description: null,
    invoice_settings: invoiceSettings({}),
    on_behalf_of: null,
    transfer_data: null,
  };
  return { ...blank, ...(present ?? {}), ...sent };
}

async function shapeItems(
  tx: Tx,
  input: { phase: Params; param: string; currency: string | null },
): Promise<{ items: Params[]; prices: Doc[] }> {
  const { phase, param } = input;
  if (!Array.isArray(phase.items) || phase.items.length === 0) throw parameterMissing(`${param}[items]`);
  if (phase.items.length > MAX_ITEMS)
    throw invalidRequest(`Subscriptions can have at most ${MAX_ITEMS} items.`, { param: `${param}[items]` });
  const items: Params[] = [];
  const prices: Doc[] = [];
  for (const [index, given] of phase.items.entries()) {
    const at = `${param}[items][${index}]`;
    if (given.billing_thresholds !== undefined) refuseSettings({ billing_thresholds: given.billing_thresholds }, at);
    const found = await itemPrice(tx, { given, param: at });
    const price = inCurrency(found, (input.currency ?? prices[0]?.currency ?? found.currency).toLowerCase(), `${at}[price]`);
    if (prices.some((other) => other.id === price.id))
      throw invalidRequest(`Cannot add multiple subscription items with the same price: ${price.id}`, { param: `${param}[items]` });
    await checkDiscounts(tx, given.discounts, `${at}[discounts]`);
    prices.push(price);
    items.push({
      billing_thresholds: null,
      discounts: discountsOf(given.discounts),
      metadata: mergeMetadata({}, given.metadata),
      plan: price.id,
      price: price.id,
      ...quantityOf(price, given.quantity, at),
      tax_rates: await taxRates(tx, given.tax_rates, `${at}[tax_rates]`),
    });
  }
  return { items, prices };
}

/** Usage has no quantity of its own. */
function quantityOf(price: Doc, given: number | undefined, param: string): { quantity?: number } {
  if (price.recurring.usage_type !== 'metered') return { quantity: given ?? 1 };
  if (given === undefined) return {};
  throw invalidRequest('You cannot set the quantity for metered plans.', { param: `${param}[quantity]` });
}

async function settingsOf(tx: Tx, given: Params, param: string): Promise<Params> {
  refuseSettings(given, param);
  await checkDiscounts(tx, given.discounts, `${param}[discounts]`);
  if (given.default_payment_method !== undefined)
    await tx.require('payment_method', given.default_payment_method, { param: `${param}[default_payment_method]` });
  return {
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    billing_thresholds: null,
    collection_method: given.collection_method ?? null,
    default_payment_method: given.default_payment_method ?? null,
    default_tax_rates: await taxRates(tx, given.default_tax_rates, `${param}[default_tax_rates]`),
    description: given.description || null,
    discounts: discountsOf(given.discounts),
    invoice_settings: given.invoice_settings === undefined ? null : invoiceSettings(given.invoice_settings),
    metadata: mergeMetadata({}, given.metadata),
    on_behalf_of: null,
    proration_behavior: given.proration_behavior ?? 'create_prorations',
    transfer_data: null,
  };
}

function invoiceSettings(given: Params): Params {
  return {
    account_tax_ids: given.account_tax_ids || null,
    custom_fields: given.custom_fields || null,
    days_until_due: given.days_until_due ?? null,
    description: given.description || null,
    footer: given.footer || null,
    issuer: { type: 'self' },
  };
}

function discountsOf(given: Params[] | '' | undefined): Params[] {
  return (given || []).map((one) => ({
    coupon: one.coupon ?? null,
    discount: one.discount ?? null,
    promotion_code: one.promotion_code ?? null,
  }));
}

async function extras(tx: Tx, phase: Params, param: string): Promise<Params[]> {
  const shown: Params[] = [];
  for (const [index, given] of ((phase.add_invoice_items as Params[] | undefined) ?? []).entries()) {
    const at = `${param}[add_invoice_items][${index}]`;
    await checkDiscounts(tx, given.discounts, `${at}[discounts]`);
    shown.push({
      discountable: given.discountable ?? null,
      discounts: discountsOf(given.discounts),
      metadata: mergeMetadata({}, given.metadata),
      period: given.period ?? { end: { type: 'min_item_period_end' }, start: { type: 'max_item_period_start' } },
      price: (await oneTimePrice(tx, { given, param: at })).id,
      quantity: given.quantity ?? 1,
      tax_rates: await taxRates(tx, given.tax_rates, `${at}[tax_rates]`),
    });
  }
  return shown;
}

/** Adds the dates, and the trial they make. */
function dated(phase: Params, given: Params, at: { dates: PhaseDates; now: number; param: string }): Params {
  const { start, end } = at.dates;
  if (given.trial === true && given.trial_end !== undefined)
    throw invalidRequest('You may only specify one of these parameters: trial, trial_end.', {
      code: 'parameters_exclusive',
      param: `${at.param}[trial]`,
    });
  const trialEnd = given.trial === true ? end : given.trial_end === 'now' ? at.now : (given.trial_end ?? null);
  if (trialEnd !== null && (trialEnd > end || (trialEnd <= start && given.trial_end !== 'now')))
    throw invalidRequest('The trial of a phase must end inside the phase.', { param: `${at.param}[trial_end]` });
  if (trialEnd !== null && phase.billing_cycle_anchor === 'phase_start')
    throw invalidRequest('`billing_cycle_anchor` cannot be `phase_start` if the phase has a trial.', {
      param: `${at.param}[billing_cycle_anchor]`,
    });
  return { ...phase, start_date: start, end_date: end, trial_end: trialEnd, ...(given.trial === undefined ? {} : { trial: given.trial }) };
}
