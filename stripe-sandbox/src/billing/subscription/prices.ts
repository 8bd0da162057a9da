import { invalidRequest, resourceMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { formatDecimal, ONE, parseDecimal } from '../invoice/decimal.ts';
import type { Cadence } from './period.ts';
import { refuseInactiveProduct } from './usable-product.ts';

/** What Stripe leaves out of an embedded price: fields that exist only when expanded. */
const ONLY_WHEN_EXPANDED = new Set(['tiers', 'currency_options', 'product_details']);

/** How often a recurring price bills. */
export function cadenceOf(price: Doc): Cadence {
  return { interval: price.recurring.interval, count: price.recurring.interval_count };
}

/** The price named by `price`, `plan` or `price_data` of a subscription item; refused when missing, inactive or one-time. */
export async function itemPrice(tx: Tx, input: { given: Params; param: string }): Promise<Doc> {
  const { given, param } = input;
  if (given.price_data !== undefined) return priceFromData(tx, { data: given.price_data, param: `${param}[price_data]` });
  const id: string | undefined = given.price ?? given.plan;
  if (id === undefined)
    throw invalidRequest(`Missing required param: ${param}[price].`, { code: 'parameter_missing', param: `${param}[price]` });
  const price = await activePrice(tx, { id, label: given.price === undefined ? 'plan' : 'price', param, agreed: given._agreed === true });
  if (price.type !== 'recurring') {
    throw invalidRequest(`The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`, {
      param: `${param}[price]`,
    });
  }
  return price;
}

/** The one-time price of an invoice item. */
export async function oneTimePrice(tx: Tx, input: { given: Params; param: string }): Promise<Doc> {
  const { given, param } = input;
  if (given.price_data !== undefined) return priceFromData(tx, { data: given.price_data, param: `${param}[price_data]` });
  const price = await activePrice(tx, { id: given.price, label: 'price', param, agreed: given._agreed === true });
  if (price.type !== 'one_time') {
    throw invalidRequest(`The price specified is set to \`type=recurring\` but this field only accepts prices with \`type=one_time\`.`, {
      param: `${param}[price]`,
    });
  }
  return price;
}

/** `agreed`: a schedule's phase or a quote took the price when it was made; archived since or given in line, it stands. */
type Wanted = { id: string; label: 'plan' | 'price'; param: string; agreed: boolean };

async function activePrice(tx: Tx, wanted: Wanted): Promise<Doc> {
  const { id, label, param, agreed } = wanted;
  const price = await tx.get(id, { object: 'price', deleted: agreed });
  if (price === undefined) throw resourceMissing(label, id, { param: label === 'plan' ? 'plan' : `${param}[price]` });
  if (agreed) return price;
  if (!price.active)
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param: `${param}[price]` });
  await refuseInactiveProduct(tx, { product: price.product, price, param: `${param}[price]` });
  return price;
}

/** A price given in line becomes an inactive price of its product, as at Stripe. */
async function priceFromData(tx: Tx, input: { data: Params; param: string }): Promise<Doc> {
  const { data } = input;
  const product = await tx.require('product', data.product, { param: `${input.param}[product]` });
  await refuseInactiveProduct(tx, { product: product.id, price: null, param: `${input.param}[product]` });
  const scaled = data.unit_amount_decimal !== undefined ? parseDecimal(data.unit_amount_decimal) : BigInt(data.unit_amount ?? 0) * ONE;
  const price = tx.make('price', 'price', {
    active: false,
    billing_scheme: 'per_unit',
    currency: data.currency.toLowerCase(),
    product: product.id,
    recurring:
      data.recurring === undefined
        ? null
        : {
            interval: data.recurring.interval,
            interval_count: data.recurring.interval_count ?? 1,
            meter: null,
            trial_period_days: null,
            usage_type: 'licensed',
          },
    tax_behavior: data.tax_behavior ?? 'unspecified',
    type: data.recurring === undefined ? 'one_time' : 'recurring',
    unit_amount: scaled % ONE === 0n ? Number(scaled / ONE) : null,
    unit_amount_decimal: formatDecimal(scaled),
  });
  tx.put(price);
  return price;
}

/** A price in another of its currencies (`currency_options`); refused when it has none. */
export function inCurrency(price: Doc, currency: string, param: string): Doc {
  if (price.currency === currency) return price;
  const option = (price.currency_options ?? price._currency_options)?.[currency];
  if (option === undefined) {
    throw invalidRequest(
      `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`,
      { param },
    );
  }
  return {
    ...price,
    currency,
    unit_amount: option.unit_amount,
    unit_amount_decimal: option.unit_amount_decimal,
    tiers: option.tiers ?? undefined,
  };
}

/** The price as embedded in a subscription item. */
export function embeddedPrice(price: Doc): Doc {
  return Object.fromEntries(Object.entries(price).filter(([key]) => !key.startsWith('_') && !ONLY_WHEN_EXPANDED.has(key))) as Doc;
}

/** The older view of a price that subscription items still carry. */
export function planOf(price: Doc): Doc {
  const transform = price.transform_quantity;
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring.interval,
    interval_count: price.recurring.interval_count,
    livemode: false,
    metadata: { ...(price.metadata ?? {}) },
    meter: price.recurring.meter ?? null,
    nickname: price.nickname ?? null,
    product: price.product,
    tiers_mode: price.tiers_mode ?? null,
    transform_usage: transform ?? null,
    trial_period_days: price.recurring.trial_period_days ?? null,
    usage_type: price.recurring.usage_type,
  };
}
