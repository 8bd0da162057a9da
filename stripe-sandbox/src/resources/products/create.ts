import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { makePrice } from '../prices/make.ts';

/** Creates a product and, with default_price_data, its first price. Emits product.created, then price.created and product.updated. */
export async function createProduct(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const product = await makeProduct(tx, params);
  if (params.default_price_data) {
    const price = await makePrice(tx, { params: params.default_price_data, product, at: 'default_price_data' });
    product.default_price = price.id;
    tx.put(product);
    tx.emit('product.updated', product);
  }
  return product;
}

/** Stores a product; also for `product_data` inside a price. Emits product.created. Refuses an id that is taken. */
export async function makeProduct(tx: Tx, params: Params): Promise<Doc> {
  if (params.id !== undefined && (await tx.get(params.id, { deleted: true })) !== undefined) {
    throw invalidRequest('Product already exists.', { code: 'resource_already_exists', param: 'id' });
  }
  const product = tx.make('product', 'prod', {
    active: params.active ?? true,
    default_price: null,
    description: params.description || null,
    images: params.images || [],
    marketing_features: params.marketing_features || [],
    metadata: mergeMetadata(null, params.metadata),
    name: params.name,
    package_dimensions: params.package_dimensions || null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor || null,
    tax_code: params.tax_code || null,
    type: params.type ?? 'service',
    unit_label: params.unit_label || null,
    url: params.url || null,
  });
  if (params.id !== undefined) product.id = params.id;
  product.updated = product.created;
  tx.put(product);
  tx.emit('product.created', product);
  return product;
}
