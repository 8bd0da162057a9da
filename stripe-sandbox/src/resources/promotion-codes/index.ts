import type { Route } from '../../kernel/types.ts';
import { createPromotionCode } from './create.ts';
import { listPromotionCodes, retrievePromotionCode, updatePromotionCode } from './manage.ts';

const ONE = '/v1/promotion_codes/{id}';

export { findRedeemableCode } from './find.ts';

export const routes: Route[] = [
  { method: 'POST', path: '/v1/promotion_codes', run: createPromotionCode, unsupported: ['customer_account'] },
  { method: 'GET', path: '/v1/promotion_codes', run: listPromotionCodes, unsupported: ['customer_account'] },
  { method: 'GET', path: ONE, run: retrievePromotionCode },
  { method: 'POST', path: ONE, run: updatePromotionCode },
];
