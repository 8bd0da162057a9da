import { invalidRequest } from '../../kernel/errors.ts';
import type { Answer, ApiRequest } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

/** Deletes a product that never had a price. Emits product.deleted. */
export async function deleteProduct(rq: ApiRequest): Promise<Answer> {
  const { tx } = rq;
  const product = await tx.require('product', rq.path.id!);
  if ((await tx.first({ object: 'price', where: { product: product.id } })) !== undefined) {
    throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.');
  }
  tx.emit('product.deleted', product);
  tx.remove(product);
  return deletedAnswer(product);
}
