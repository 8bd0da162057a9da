import type { ResourceFolder, Route } from '../../kernel/types.ts';
import { createPrice } from './create.ts';
import { listPrices, priceIncludables, retrievePrice, searchPrices } from './read.ts';
import { updatePrice } from './update.ts';

export { makePrice } from './make.ts';
export { priceCurrencyOptions, priceTiers } from './read.ts';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/prices', run: createPrice },
  { method: 'GET', path: '/v1/prices', run: listPrices },
  { method: 'GET', path: '/v1/prices/search', run: searchPrices },
  { method: 'GET', path: '/v1/prices/{id}', run: retrievePrice },
  { method: 'POST', path: '/v1/prices/{id}', run: updatePrice },
];

export const includables: NonNullable<ResourceFolder['includables']> = { price: priceIncludables };
