import type { SoldProduct } from '../../emails/index.ts';
import type { Ctx } from '../../kit/context.ts';
import { currentConnection } from './connection/queries.ts';
import { formatDecimalMoney } from './price-name.ts';
import { toPrice } from './pull/price.ts';
import { toProduct } from './pull/product.ts';

/** Prices of one product that anybody would want to route by. */
const PRICES_MAX = 50;

/** Products and prices of the present connection that we have a copy of, sorted by name. */
export async function catalog(ctx: Ctx, a: { limit: number }): Promise<SoldProduct[]> {
  const connection = await currentConnection(ctx);
  if (connection === null) return [];
  const copies = (type: 'product' | 'price', limit: number) =>
    ctx.db
      .selectFrom('remote_objects')
      .select('body')
      .where('environment_id', '=', ctx.environmentId)
      .where('connection_id', '=', connection.id)
      .where('type', '=', type)
      .where('deleted', '=', false)
      .where('body', 'is not', null)
      .orderBy('id')
      .limit(limit)
      .execute();
  const products = (await copies('product', a.limit)).map((row) => toProduct(row.body));
  const prices = (await copies('price', a.limit * PRICES_MAX)).map((row) => toPrice(row.body));
  return products
    .map((product) => ({
      id: product.stripeId,
      name: product.name,
      active: product.active,
      prices: prices
        .filter((price) => price.stripeProductId === product.stripeId)
        .map((price) => ({ id: price.stripeId, name: price.nickname ?? formatDecimalMoney(price), active: price.active })),
    }))
    .sort((x, y) => x.name.localeCompare(y.name, 'en'));
}
