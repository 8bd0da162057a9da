import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Tx } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';

const FIELDS = [
  'active',
  'description',
  'name',
  'package_dimensions',
  'shippable',
  'statement_descriptor',
  'tax_code',
  'unit_label',
  'url',
];
const LISTS = ['images', 'marketing_features'];

/** Changes the given fields; '' unsets. Emits product.updated. */
export async function updateProduct(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const product = await tx.require('product', rq.path.id!);
  assign(product, params, FIELDS);
  for (const name of LISTS) if (params[name] !== undefined) product[name] = params[name] === '' ? [] : params[name];
  if (params.default_price !== undefined) product.default_price = await priceOf(tx, product, params.default_price);
  product.metadata = mergeMetadata(product.metadata, params.metadata);
  product.updated = tx.now(product);
  tx.put(product);
  tx.emit('product.updated', product);
  return product;
}

async function priceOf(tx: Tx, product: Doc, id: string): Promise<string | null> {
  if (id === '') return null;
  const price = await tx.require('price', id, { param: 'default_price' });
  if (price.product !== product.id) {
    throw invalidRequest(`The price specified (${price.id}) does not belong to this product (${product.id}).`, { param: 'default_price' });
  }
  if (!price.active) throw invalidRequest('The default price must be active.', { param: 'default_price' });
  return price.id;
}
