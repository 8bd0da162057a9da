import type { Route } from '../../kernel/types.ts';
import { createProduct } from './create.ts';
import { deleteProduct } from './delete.ts';
import { listProducts, retrieveProduct, searchProducts } from './read.ts';
import { updateProduct } from './update.ts';

const ONE = '/v1/products/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/products', run: createProduct, unsupported: ['tax_details'] },
  { method: 'GET', path: '/v1/products', run: listProducts },
  { method: 'GET', path: '/v1/products/search', run: searchProducts },
  { method: 'GET', path: ONE, run: retrieveProduct },
  { method: 'POST', path: ONE, run: updateProduct, unsupported: ['tax_details'] },
  { method: 'DELETE', path: ONE, run: deleteProduct },
];
