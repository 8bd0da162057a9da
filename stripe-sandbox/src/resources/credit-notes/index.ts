import type { PageRoute, Route } from '../../kernel/types.ts';
import { create } from './create.ts';
import { lines } from './lines.ts';
import { list } from './list.ts';
import { serveCreditNotePdf } from './pdf.ts';
import { preview, previewLines } from './preview.ts';
import { retrieve } from './retrieve.ts';
import { update } from './update.ts';
import { voidOne } from './void.ts';

const ONE = '/v1/credit_notes/{id}';
const UNSUPPORTED = ['shipping_cost'];

export const routes: Route[] = [
  { method: 'POST', path: '/v1/credit_notes', run: create, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/credit_notes', run: list, unsupported: ['customer_account'] },
  { method: 'GET', path: '/v1/credit_notes/preview', run: preview, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/credit_notes/preview/lines', run: previewLines, unsupported: UNSUPPORTED },
  { method: 'GET', path: ONE, run: retrieve },
  { method: 'POST', path: ONE, run: update },
  { method: 'POST', path: `${ONE}/void`, run: voidOne },
  { method: 'GET', path: `${ONE}/lines`, run: lines },
];

export const pages: PageRoute[] = [{ method: 'GET', path: '/credit_notes/{token}/pdf', run: serveCreditNotePdf }];
