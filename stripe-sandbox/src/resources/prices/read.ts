import type { ApiRequest, Doc, Includable, ListAnswer, SearchAnswer } from '../../kernel/types.ts';
import type { Tier } from './amounts.ts';

export function retrievePrice(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('price', rq.path.id!);
}

export function listPrices(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  const { interval, meter, usage_type: usageType } = params.recurring ?? {};
  return rq.tx.list(rq, {
    object: 'price',
    where: { active: params.active, product: params.product, lookup_key: params.lookup_keys },
    filter: (price) =>
      (!params.currency || price.currency === params.currency) &&
      (!params.type || price.type === params.type) &&
      (!interval || price.recurring?.interval === interval) &&
      (!meter || price.recurring?.meter === meter) &&
      (!usageType || price.recurring?.usage_type === usageType),
  });
}

export function searchPrices(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'price',
    fields: {
      active: (price) => price.active,
      created: (price) => price.created,
      currency: (price) => price.currency,
      lookup_key: (price) => price.lookup_key,
      metadata: (price) => price.metadata,
      product: (price) => price.product,
      type: (price) => price.type,
    },
  });
}

/** The tiers of a tiered price; shown only when expanded, so kept privately. A seeded price may carry them openly. */
export function priceTiers(price: Doc): Tier[] | null {
  return price._tiers ?? price.tiers ?? null;
}

/** All currencies of a price, its own among them. */
export function priceCurrencyOptions(price: Doc): Record<string, Doc> {
  const { unit_amount, unit_amount_decimal, custom_unit_amount, tax_behavior } = price;
  const tiers = priceTiers(price);
  const own = { custom_unit_amount, tax_behavior, ...(tiers === null ? {} : { tiers }), unit_amount, unit_amount_decimal };
  return { [price.currency]: own, ...(price._currency_options ?? price.currency_options ?? {}) };
}

export const priceIncludables: Record<string, Includable> = {
  tiers: async (_tx, price) => priceTiers(price) ?? undefined,
  currency_options: async (_tx, price) => priceCurrencyOptions(price),
};
