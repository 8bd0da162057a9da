import { resourceMissing } from '../../kernel/errors.ts';
import { recordedIds, thinTypeOf, thinView } from '../../kernel/thin.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ApiRequest, Doc } from '../../kernel/types.ts';

/** A thin event, or the thin twin of a snapshot; older than 30 days is gone. */
export async function retrieveThinEvent(rq: ApiRequest): Promise<Doc> {
  const { reads, horizon, contract } = rq.tx as Transaction;
  const id = rq.path.id!;
  for (const recorded of recordedIds(id)) {
    const row = await reads.event(rq.account.id, recorded);
    if (row !== undefined && row.recordedAt >= horizon && thinTypeOf(contract, row.type) !== null) return thinView(contract, row);
  }
  throw resourceMissing('event', id);
}
