import { buildCreditNote } from '../../billing/invoice/credit-note.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';

/** What a credit note would be. Writes nothing. */
export async function preview(rq: ApiRequest): Promise<Doc> {
  const invoice = await rq.tx.require('invoice', rq.params.invoice, { param: 'invoice' });
  return (await buildCreditNote(rq.tx, { invoice, params: rq.params })).note;
}

/** The lines of what a credit note would be. */
export async function previewLines(rq: ApiRequest): Promise<ListAnswer> {
  return pageOf(rq, (await preview(rq)).lines.data, '/v1/credit_notes/preview/lines');
}
