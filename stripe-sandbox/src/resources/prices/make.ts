/** Making a price: for the API, for a product's default price, and for the inline `price_data` of subscriptions and invoices. */
import { requireCurrency } from '../../billing/payments/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { amountsOf, tiersOf, unitAmounts } from './amounts.ts';

/** At most three years [D: prices]. */
const LONGEST_INTERVAL: Record<string, number> = { day: 1095, week: 156, month: 36, year: 3 };

export type MakePriceInput = {
  params: Params;
  product: Doc;
  /** Inline prices are inactive, so that they cannot be used twice. */
  active?: boolean;
  /** Where the parameters stand in the request, for error messages. */
  at?: string;
  /** An id of the caller's own (plans). */
  id?: string;
};

/** Stores a price of the product. Emits price.created. Refuses contradictory amounts, over-long intervals, taken lookup keys. */
export async function makePrice(tx: Tx, input: MakePriceInput): Promise<Doc> {
  const { params, product } = input;
  const currency = requireCurrency(params.currency, input.at === undefined ? 'currency' : `${input.at}[currency]`);
  const { tiers, ...amounts } = amountsOf(params);
  const price = tx.make('price', 'price', {
    ...amounts,
    active: input.active ?? params.active ?? true,
    currency,
    lookup_key: null,
    metadata: mergeMetadata(null, params.metadata),
    nickname: params.nickname || null,
    product: product.id,
    recurring: params.recurring === undefined ? null : await recurringOf(tx, params.recurring),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    transform_quantity: params.transform_quantity ?? null,
    type: params.recurring === undefined ? 'one_time' : 'recurring',
    _tiers: tiers,
    _currency_options: currencyOptions(params.currency_options ?? {}),
  });
  if (input.id !== undefined) price.id = input.id;
  if (params.lookup_key) await takeLookupKey(tx, { price, lookupKey: params.lookup_key, transfer: params.transfer_lookup_key === true });
  tx.put(price);
  tx.emit('price.created', price);
  return price;
}

/** Gives the price a lookup key; an active owner must hand it over (`transfer_lookup_key`), which emits its price.updated. */
export async function takeLookupKey(tx: Tx, input: { price: Doc; lookupKey: string; transfer: boolean }): Promise<void> {
  const { price, lookupKey, transfer } = input;
  const owner = await tx.first({ object: 'price', where: { lookup_key: lookupKey }, filter: (other) => other.id !== price.id });
  if (owner !== undefined && !transfer) {
    throw invalidRequest(`A price (\`${owner.id}\`) already uses that lookup key.`, {
      code: 'resource_already_exists',
      param: 'lookup_key',
    });
  }
  if (owner !== undefined) {
    owner.lookup_key = null;
    tx.put(owner);
    tx.emit('price.updated', owner);
  }
  price.lookup_key = lookupKey;
}

/** The amounts in further currencies, as stored. */
export function currencyOptions(given: Record<string, Params>): Params {
  const options: Params = {};
  for (const [code, option] of Object.entries(given)) {
    const currency = requireCurrency(code, `currency_options[${code}]`);
    const amounts =
      option.tiers === undefined
        ? unitAmounts(option)
        : { unit_amount: null, unit_amount_decimal: null, custom_unit_amount: null, tiers: tiersOf(option.tiers) };
    options[currency] = { ...amounts, tax_behavior: option.tax_behavior ?? 'unspecified' };
  }
  return options;
}

/** A deactivated meter takes no new prices [DTS deactivate]. */
async function checkMeter(tx: Tx, id: string): Promise<void> {
  const meter = await tx.require('billing.meter', id, { param: 'recurring[meter]' });
  if (meter.status === 'active') return;
  throw invalidRequest(`The meter ${meter.id} is inactive. Reactivate it before attaching it to a price.`, { param: 'recurring[meter]' });
}

async function recurringOf(tx: Tx, given: Params): Promise<Params> {
  const usageType = given.usage_type ?? 'licensed';
  const count = given.interval_count ?? 1;
  if (count < 1 || count > (LONGEST_INTERVAL[given.interval] ?? 0)) {
    throw invalidRequest('The maximum interval of a price is three years (3 years, 36 months, 156 weeks or 1095 days).', {
      param: 'recurring[interval_count]',
    });
  }
  if (usageType === 'metered' && !given.meter) {
    throw invalidRequest('Metered prices must be backed by a meter: set `recurring[meter]`.', { param: 'recurring[meter]' });
  }
  if (usageType === 'licensed' && given.meter) {
    throw invalidRequest('A meter can only be set on a price with `recurring[usage_type]=metered`.', { param: 'recurring[meter]' });
  }
  if (given.meter) await checkMeter(tx, given.meter);
  return {
    interval: given.interval,
    interval_count: count,
    meter: given.meter ?? null,
    trial_period_days: given.trial_period_days ?? null,
    usage_type: usageType,
  };
}
