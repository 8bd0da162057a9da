import { planOf } from '../../billing/subscription/prices.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { makePrice } from '../prices/make.ts';
import { makeProduct } from '../products/create.ts';
import { emitBoth } from './view.ts';

/** Creates a plan: a recurring price in its older shape, with a product of its own where one is described. Emits price.created and plan.created. */
export async function create(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.id !== undefined && (await tx.get(params.id, { deleted: true })) !== undefined)
    throw invalidRequest('Plan already exists.', { code: 'resource_already_exists', param: 'id' });
  if (params.amount === undefined && params.amount_decimal === undefined && params.billing_scheme !== 'tiered')
    throw parameterMissing('amount');
  const price = await makePrice(tx, {
    params: priceParams(params),
    product: await productOf(tx, params),
    id: params.id ?? tx.newId('plan'),
  });
  emitBoth(tx, price, 'created');
  return planOf(price);
}

async function productOf(tx: Tx, params: Params): Promise<Doc> {
  if (params.product === undefined) throw parameterMissing('product');
  if (typeof params.product === 'string') return tx.require('product', params.product, { param: 'product' });
  return makeProduct(tx, params.product);
}

function priceParams(params: Params): Params {
  const {
    amount,
    amount_decimal: decimal,
    transform_usage: transform,
    interval,
    interval_count,
    usage_type,
    meter,
    trial_period_days,
    ...rest
  } = params;
  const recurring = { interval, interval_count, usage_type, meter, trial_period_days };
  const { id: _id, product: _product, expand: _expand, ...own } = rest;
  const given = { ...own, unit_amount: amount, unit_amount_decimal: decimal, transform_quantity: transform };
  return { ...withoutUndefined(given), recurring: withoutUndefined(recurring) };
}

function withoutUndefined(values: Params): Params {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
