import { voidCreditNote } from '../../billing/invoice/issue-credit-note.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Takes a credit note of an open invoice back. */
export async function voidOne(rq: ApiRequest): Promise<Doc> {
  return voidCreditNote(rq.tx, await rq.tx.require('credit_note', rq.path.id!));
}
