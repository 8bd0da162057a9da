import type { Route } from '../../kernel/types.ts';
import { attachPayment } from './attach-payment.ts';
import { create } from './create.ts';
import { createPreview } from './create-preview.ts';
import { remove } from './delete.ts';
import { addLines, removeLines, updateLine, updateLines } from './draft-lines.ts';
import { finalize } from './finalize.ts';
import { lines } from './lines.ts';
import { list } from './list.ts';
import { uncollectible } from './mark-uncollectible.ts';
import { pay } from './pay.ts';
import { retrieve } from './retrieve.ts';
import { search } from './search.ts';
import { send } from './send.ts';
import { CREATE_UNSUPPORTED, PREVIEW_UNSUPPORTED, UPDATE_UNSUPPORTED } from './unsupported.ts';
import { update } from './update.ts';
import { voidOne } from './void.ts';

const ONE = '/v1/invoices/{id}';

export const invoiceRoutes: Route[] = [
  { method: 'POST', path: '/v1/invoices', run: create, unsupported: CREATE_UNSUPPORTED },
  { method: 'GET', path: '/v1/invoices', run: list, unsupported: ['customer_account'] },
  { method: 'GET', path: '/v1/invoices/search', run: search },
  { method: 'POST', path: '/v1/invoices/create_preview', run: createPreview, unsupported: PREVIEW_UNSUPPORTED },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update, unsupported: UPDATE_UNSUPPORTED },
  { method: 'DELETE', path: ONE, run: remove },
  { method: 'POST', path: `${ONE}/finalize`, run: finalize },
  { method: 'POST', path: `${ONE}/pay`, run: pay, unsupported: ['forgive', 'mandate', 'source'] },
  { method: 'POST', path: `${ONE}/send`, run: send },
  { method: 'POST', path: `${ONE}/void`, run: voidOne },
  { method: 'POST', path: `${ONE}/mark_uncollectible`, run: uncollectible },
  { method: 'GET', path: `${ONE}/lines`, run: lines },
  { method: 'POST', path: '/v1/invoices/{invoice}/lines/{id}', run: updateLine },
  { method: 'POST', path: `${ONE}/add_lines`, run: addLines },
  { method: 'POST', path: `${ONE}/update_lines`, run: updateLines },
  { method: 'POST', path: `${ONE}/remove_lines`, run: removeLines },
  { method: 'POST', path: `${ONE}/attach_payment`, run: attachPayment, unsupported: ['payment_record'] },
];
