import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { within } from '../invoices/page.ts';

export function retrievePayout(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('payout', rq.path.id!);
}

export function listPayouts(rq: ApiRequest): Promise<ListAnswer> {
  const { status, arrival_date: arrival } = rq.params;
  return rq.tx.list(rq, {
    object: 'payout',
    where: { status },
    ...(arrival === undefined ? {} : { filter: (payout: Doc) => within(payout.arrival_date, arrival) }),
  });
}

/** Only metadata can change. Emits payout.updated. */
export async function updatePayout(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const payout = await retrievePayout(rq);
  payout.metadata = mergeMetadata(payout.metadata, params.metadata);
  tx.put(payout);
  tx.emit('payout.updated', payout);
  return payout;
}
