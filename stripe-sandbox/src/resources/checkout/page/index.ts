import type { PageRoute } from '../../../kernel/types.ts';
import { recoverSession } from '../recovery.ts';
import { removeSavedCard, submitCart } from './cart.ts';
import { finishCheckout, returnFromBank } from './done.ts';
import { applyPromotion } from './promotion.ts';
import { showCheckout } from './show.ts';
import { submitCheckout } from './submit.ts';

export const checkoutPages: PageRoute[] = [
  { method: 'GET', path: '/c/{session}', run: showCheckout },
  { method: 'POST', path: '/c/{session}', run: submitCheckout },
  { method: 'POST', path: '/c/{session}/promotion', run: applyPromotion },
  { method: 'POST', path: '/c/{session}/cart', run: submitCart },
  { method: 'POST', path: '/c/{session}/cards', run: removeSavedCard },
  { method: 'GET', path: '/c/{session}/return', run: returnFromBank },
  { method: 'GET', path: '/c/{session}/done', run: finishCheckout },
  { method: 'GET', path: '/recover/{token}', run: recoverSession },
];
