/** Balance transactions are made by charges and refunds; here they are only read. */
import type { ApiRequest, Doc, ListAnswer, Tx } from '../../kernel/types.ts';

export async function retrieveMoneyMovement(rq: ApiRequest): Promise<Doc> {
  return asOfNow(rq.tx, await rq.tx.require('balance_transaction', rq.path.id!));
}

export async function listMoneyMovements(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const answer = await tx.list(rq, {
    object: 'balance_transaction',
    filter: (movement) =>
      (!params.type || movement.type === params.type) &&
      (!params.source || movement.source === params.source) &&
      (!params.currency || movement.currency === params.currency),
    scoped: Boolean(params.source),
  });
  return { ...answer, data: answer.data.map((movement) => asOfNow(tx, movement)) };
}

/** Pending until the funds are available; told at reading, so that no timer per charge is needed. */
function asOfNow(tx: Tx, movement: Doc): Doc {
  return { ...movement, status: tx.now(movement) >= movement.available_on ? 'available' : 'pending' };
}
