import type { Answer, ApiRequest, ListAnswer, SearchAnswer } from '../../kernel/types.ts';
import { deletedAnswer } from '../../kernel/values.ts';

export async function retrieveProduct(rq: ApiRequest): Promise<Answer> {
  const product = await rq.tx.require('product', rq.path.id!, { deleted: true });
  return product.deleted === true ? deletedAnswer(product) : product;
}

export function listProducts(rq: ApiRequest): Promise<ListAnswer> {
  const { params } = rq;
  return rq.tx.list(rq, {
    object: 'product',
    where: { active: params.active },
    filter: (product) =>
      (!params.ids || params.ids.includes(product.id)) &&
      (params.shippable === undefined || product.shippable === params.shippable) &&
      (!params.url || product.url === params.url) &&
      (!params.type || product.type === params.type),
  });
}

export function searchProducts(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'product',
    fields: {
      active: (product) => product.active,
      created: (product) => product.created,
      description: (product) => product.description,
      metadata: (product) => product.metadata,
      name: (product) => product.name,
      shippable: (product) => product.shippable,
      url: (product) => product.url,
    },
  });
}
