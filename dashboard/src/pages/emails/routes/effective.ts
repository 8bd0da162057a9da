import type { Route, RouteTarget } from '../../../api/types.ts';

/** What a route speaks of: everything, a product of Stripe's, or a price. */
export type Key = { stripe_product_id: string | null; stripe_price_id: string | null };

export const EVERYTHING: Key = { stripe_product_id: null, stripe_price_id: null };

/** The route set for exactly this key, if any. */
export function routeAt(routes: Route[], trigger: string, key: Key): Route | undefined {
  return routes.find(
    (route) =>
      route.trigger === trigger &&
      route.product_id === null &&
      route.plan_id === null &&
      (route.stripe_price_id === null
        ? key.stripe_price_id === null && route.stripe_product_id === key.stripe_product_id
        : route.stripe_price_id === key.stripe_price_id),
  );
}

/** The route that holds for a key: its own, else its product's, else the one for everything. The server decides; this is how the matrix shows it. */
export function effectiveRoute(routes: Route[], trigger: string, key: Key): { route: Route | undefined; inherited: boolean } {
  const own = routeAt(routes, trigger, key);
  if (own) return { route: own, inherited: false };
  const ofProduct = key.stripe_price_id === null ? undefined : routeAt(routes, trigger, { ...key, stripe_price_id: null });
  return { route: ofProduct ?? routeAt(routes, trigger, EVERYTHING), inherited: true };
}

export type Column = Key & { id: string; title: string; detail: string };

/** The matrix's columns: everything, then each product followed by its prices when it has several. */
export function columnsOf(targets: RouteTarget[]): Column[] {
  const products = targets.flatMap((target) => {
    const product = {
      id: target.stripe_product_id,
      stripe_product_id: target.stripe_product_id,
      stripe_price_id: null,
      title: target.name,
      detail: target.active ? 'product' : 'product, archived',
    };
    const prices = target.prices.map((price) => ({
      id: price.stripe_price_id,
      stripe_product_id: target.stripe_product_id,
      stripe_price_id: price.stripe_price_id,
      title: price.name,
      detail: price.active ? target.name : `${target.name}, archived`,
    }));
    return prices.length > 1 ? [product, ...prices] : [product];
  });
  return [{ ...EVERYTHING, id: 'everything', title: 'Everything', detail: 'unless said otherwise' }, ...products];
}
