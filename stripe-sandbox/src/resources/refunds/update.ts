import { invalidRequest } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';

export function retrieveRefund(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('refund', rq.path.id!);
}

export function listRefunds(rq: ApiRequest): Promise<ListAnswer> {
  const { charge, payment_intent } = rq.params;
  return rq.tx.list(rq, { object: 'refund', where: { charge, payment_intent } });
}

/** Only metadata can change. Emits refund.updated, charge.refund.updated. */
export async function updateRefund(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const refund = await retrieveRefund(rq);
  const previous = { metadata: refund.metadata };
  refund.metadata = mergeMetadata(refund.metadata, params.metadata);
  tx.put(refund);
  tx.emit('refund.updated', refund, { previous });
  tx.emit('charge.refund.updated', refund, { previous });
  return refund;
}

/** Refunds to cards cannot be taken back: only one that waits for the customer (`requires_action`) could. */
export async function cancelRefund(rq: ApiRequest): Promise<Doc> {
  const refund = await retrieveRefund(rq);
  throw invalidRequest(
    `This refund (${refund.id}) cannot be canceled because it has a status of ${refund.status}. Only refunds with a status of requires_action can be canceled.`,
  );
}
