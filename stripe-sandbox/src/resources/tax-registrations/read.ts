import { statusAt } from '../../billing/tax/settings.ts';
import type { ApiRequest, Doc, ListAnswer, Tx } from '../../kernel/types.ts';

/** A registration with the status it has now. */
export function asOfNow(tx: Tx, registration: Doc): Doc {
  return { ...registration, status: statusAt(registration, tx.now(registration)) };
}

export async function retrieve(rq: ApiRequest): Promise<Doc> {
  return asOfNow(rq.tx, await rq.tx.require('tax.registration', rq.path.id!));
}

/** Registrations, newest first; by status. */
export async function list(rq: ApiRequest): Promise<ListAnswer> {
  const { tx, params } = rq;
  const wanted: string = params.status ?? 'all';
  const answer = await tx.list(rq, {
    object: 'tax.registration',
    filter: (registration) => wanted === 'all' || statusAt(registration, tx.now(registration)) === wanted,
  });
  return { ...answer, data: answer.data.map((registration) => asOfNow(tx, registration)) };
}
