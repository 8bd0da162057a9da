import { invalidRequest, parametersExclusive } from '../../kernel/errors.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { makeProduct } from '../products/create.ts';
import { makePrice } from './make.ts';

/** Creates a price for a product, or together with one (`product_data`). Emits product.created, price.created. */
export async function createPrice(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  if (params.product && params.product_data) throw parametersExclusive('product', 'product_data');
  if (!params.product && !params.product_data) {
    throw invalidRequest('You must specify either `product` or `product_data` when creating a price.', {
      code: 'parameter_missing',
      param: 'product',
    });
  }
  const product = params.product
    ? await tx.require('product', params.product, { param: 'product' })
    : await makeProduct(tx, params.product_data);
  return makePrice(tx, { params, product });
}
