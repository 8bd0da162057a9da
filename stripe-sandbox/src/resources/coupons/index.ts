import type { ResourceFolder, Route } from '../../kernel/types.ts';
import { createCoupon } from './create.ts';
import { couponIncludables, deleteCoupon, listCoupons, retrieveCoupon, updateCoupon } from './manage.ts';

const ONE = '/v1/coupons/{id}';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/coupons', run: createCoupon },
  { method: 'GET', path: '/v1/coupons', run: listCoupons },
  { method: 'GET', path: ONE, run: retrieveCoupon },
  { method: 'POST', path: ONE, run: updateCoupon },
  { method: 'DELETE', path: ONE, run: deleteCoupon },
];

export const includables: NonNullable<ResourceFolder['includables']> = { coupon: couponIncludables };
