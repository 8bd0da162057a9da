import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** Refuses a price whose product is archived: 400 `product_inactive` [S 3.9; sandbox.md tier 1 "Products"]. Deleted products cannot have prices. */
export async function refuseInactiveProduct(tx: Tx, input: { product: string; price: Doc | null; param: string }): Promise<void> {
  const product = await tx.get(input.product, { object: 'product' });
  if (product === undefined || product.active !== false) return;
  const given = input.price === null ? '' : ` The price given was ${input.price.id}.`;
  throw invalidRequest(`The product ${product.id} is marked as inactive, and no new subscription can be created to it.${given}`, {
    code: 'product_inactive',
    param: input.param,
  });
}
