import { describe, expect, it } from 'vitest';
import type { Route } from '../../../api/types.ts';
import { columnsOf, EVERYTHING, effectiveRoute } from './effective.ts';

const route = (id: string, product: string | null, price: string | null): Route => ({
  id,
  trigger: 'payment.received',
  stripe_product_id: product,
  stripe_price_id: price,
  product_id: null,
  plan_id: null,
  flow_id: null,
  template_id: 'template_1',
  sender_id: null,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  off: false,
  active_since: '2026-01-01T00:00:00Z',
});

describe('what the matrix shows', () => {
  const routes = [route('all', null, null), route('gold', 'prod_gold', null), route('yearly', 'prod_gold', 'price_yearly')];
  const at = (product: string | null, price: string | null) =>
    effectiveRoute(routes, 'payment.received', { stripe_product_id: product, stripe_price_id: price });

  it('email R1 the price wins over its product, the product over everything', () => {
    expect(at('prod_gold', 'price_yearly')).toMatchObject({ route: { id: 'yearly' }, inherited: false });
    expect(at('prod_gold', 'price_monthly')).toMatchObject({ route: { id: 'gold' }, inherited: true });
    expect(at('prod_silver', null)).toMatchObject({ route: { id: 'all' }, inherited: true });
    expect(effectiveRoute(routes, 'payment.received', EVERYTHING)).toMatchObject({ route: { id: 'all' }, inherited: false });
  });

  it('shows no route where there is none', () => {
    expect(effectiveRoute(routes, 'refund.completed', EVERYTHING).route).toBeUndefined();
  });

  it('gives prices a column only where a product has several', () => {
    const price = (id: string) => ({ stripe_price_id: id, name: id, active: true });
    const columns = columnsOf([
      { stripe_product_id: 'prod_a', name: 'A', active: true, prices: [price('p1')] },
      { stripe_product_id: 'prod_b', name: 'B', active: true, prices: [price('p2'), price('p3')] },
    ]);
    expect(columns.map(({ id }) => id)).toEqual(['everything', 'prod_a', 'prod_b', 'p2', 'p3']);
  });
});
