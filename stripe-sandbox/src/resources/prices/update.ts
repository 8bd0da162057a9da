import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { currencyOptions, takeLookupKey } from './make.ts';

/** Amounts never change; the rest does. Emits price.updated. A product's default price cannot be archived. */
export async function updatePrice(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const price = await tx.require('price', rq.path.id!);
  if (params.active !== undefined) await setActive(tx, price, params.active);
  if (params.nickname !== undefined) price.nickname = params.nickname || null;
  if (params.tax_behavior !== undefined) setTaxBehavior(price, params.tax_behavior);
  if (params.lookup_key === '') price.lookup_key = null;
  else if (params.lookup_key !== undefined) {
    await takeLookupKey(tx, { price, lookupKey: params.lookup_key, transfer: params.transfer_lookup_key === true });
  }
  if (params.currency_options !== undefined) price._currency_options = mergeOptions(price, params.currency_options);
  price.metadata = mergeMetadata(price.metadata, params.metadata);
  tx.put(price);
  tx.emit('price.updated', price);
  return price;
}

async function setActive(tx: Tx, price: Doc, active: boolean): Promise<void> {
  const product = active ? undefined : await tx.get(price.product, { object: 'product' });
  if (product?.default_price === price.id) {
    throw invalidRequest('This price cannot be archived because it is the default price of its product.', { param: 'active' });
  }
  price.active = active;
}

function setTaxBehavior(price: Doc, wanted: string): void {
  if (price.tax_behavior !== 'unspecified' && price.tax_behavior !== wanted) {
    throw invalidRequest('The tax behavior of a price cannot be changed once it is set to `inclusive` or `exclusive`.', {
      param: 'tax_behavior',
    });
  }
  price.tax_behavior = wanted;
}

function mergeOptions(price: Doc, given: Record<string, Params> | ''): Params {
  return given === '' ? {} : { ...price._currency_options, ...currencyOptions(given) };
}
