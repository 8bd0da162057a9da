import { issueCreditNote } from '../../billing/invoice/issue-credit-note.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** Credits an invoice; see billing/invoice/issue-credit-note.ts. */
export async function create(rq: ApiRequest): Promise<Doc> {
  return issueCreditNote(rq.tx, rq.params);
}
