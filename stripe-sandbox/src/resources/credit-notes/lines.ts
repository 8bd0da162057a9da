import type { ApiRequest, ListAnswer } from '../../kernel/types.ts';
import { pageOf } from '../invoices/page.ts';

/** The lines of one credit note. */
export async function lines(rq: ApiRequest): Promise<ListAnswer> {
  const note = await rq.tx.require('credit_note', rq.path.id!);
  return pageOf(rq, note.lines.data, `/v1/credit_notes/${note.id}/lines`);
}
