import type { PageRoute } from '../../../kernel/types.ts';
import { finishCheckout, returnFromBank } from './done.ts';
import { applyPromotion } from './promotion.ts';
import { showCheckout } from './show.ts';
import { submitCheckout } from './submit.ts';

export const checkoutPages: PageRoute[] = [
  { method: 'GET', path: '/c/{session}', run: showCheckout },
  { method: 'POST', path: '/c/{session}', run: submitCheckout },
  { method: 'POST', path: '/c/{session}/promotion', run: applyPromotion },
  { method: 'GET', path: '/c/{session}/return', run: returnFromBank },
  { method: 'GET', path: '/c/{session}/done', run: finishCheckout },
];
