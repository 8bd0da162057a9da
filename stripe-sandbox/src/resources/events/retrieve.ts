import { resourceMissing } from '../../kernel/errors.ts';
import { isThin } from '../../kernel/thin.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** The event as recorded; older than 30 days is gone. */
export async function retrieveEvent(rq: ApiRequest): Promise<Doc> {
  const { reads, horizon } = rq.tx as Transaction;
  const id = rq.path.event!;
  const row = await reads.event(rq.account.id, id);
  if (row === undefined || isThin(row.type) || row.recordedAt < horizon) throw resourceMissing('event', id);
  return row.doc;
}
