import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer, SearchAnswer } from '../../kernel/types.ts';

/** One intent; a publishable key must know its client_secret. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  const intent = await rq.tx.require('payment_intent', id, { param: 'intent', status: 404 });
  const secret = rq.params.client_secret;
  const wrong = secret === undefined ? rq.keyKind === 'publishable' : secret !== intent.client_secret;
  if (wrong) throw resourceMissing('payment_intent', id, { param: 'intent', status: 404 });
  return intent;
}

export function list(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: 'payment_intent', where: { customer: rq.params.customer } });
}

export function search(rq: ApiRequest): Promise<SearchAnswer> {
  return rq.tx.search(rq, {
    object: 'payment_intent',
    fields: {
      amount: (intent) => intent.amount,
      created: (intent) => intent.created,
      currency: (intent) => intent.currency,
      customer: (intent) => intent.customer,
      metadata: (intent) => intent.metadata,
      status: (intent) => intent.status,
    },
  });
}
