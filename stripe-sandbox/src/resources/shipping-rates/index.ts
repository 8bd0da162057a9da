import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, Route } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { currencyOptions, makeShippingRate } from './make.ts';

const ALL = '/v1/shipping_rates';
const ONE = `${ALL}/{id}`;

export const routes: Route[] = [
  { method: 'POST', path: ALL, run: async (rq) => makeShippingRate(rq.tx, rq.params) },
  { method: 'GET', path: ALL, run: listRates },
  { method: 'GET', path: ONE, run: (rq) => rq.tx.require('shipping_rate', rq.path.id!) },
  { method: 'POST', path: ONE, run: updateRate },
];

/** Rates, newest first. */
function listRates(rq: ApiRequest): Promise<ListAnswer> {
  const { active, currency } = rq.params;
  const filter = (rate: Doc) => currency === undefined || rate.fixed_amount.currency === currency.toLowerCase();
  return rq.tx.list(rq, { object: 'shipping_rate', where: { active }, filter, scoped: true });
}

/** Archives a rate, or changes its metadata and what was left unsaid: the amount itself never changes. */
async function updateRate(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const rate = await tx.require('shipping_rate', rq.path.id!);
  if (params.tax_behavior !== undefined && rate.tax_behavior !== 'unspecified' && params.tax_behavior !== rate.tax_behavior)
    throw invalidRequest('The tax behavior of a shipping rate cannot be changed once it is set.', { param: 'tax_behavior' });
  if (params.active !== undefined) rate.active = params.active;
  if (params.tax_behavior !== undefined) rate.tax_behavior = params.tax_behavior;
  if (params.fixed_amount?.currency_options !== undefined) {
    const added = currencyOptions(params.fixed_amount.currency_options, 'fixed_amount[currency_options]');
    rate._currency_options = { ...rate._currency_options, ...added };
  }
  rate.metadata = mergeMetadata(rate.metadata, params.metadata);
  tx.put(rate);
  return rate;
}
