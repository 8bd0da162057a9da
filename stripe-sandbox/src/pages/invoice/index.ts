import type { PageRoute } from '../../kernel/types.ts';
import { submitInvoice } from './pay.ts';
import { serveInvoicePdf } from './pdf.ts';
import { showInvoice } from './show.ts';

export { keepCardHooks } from './keep-card.ts';

export const invoicePages: PageRoute[] = [
  { method: 'GET', path: '/i/{token}', run: showInvoice },
  { method: 'POST', path: '/i/{token}', run: submitInvoice },
  { method: 'GET', path: '/i/{token}/pdf', run: serveInvoicePdf },
];
