import { cancelSetupIntent, requireOpen, usableMethod } from '../../billing/payments/index.ts';
import { resourceMissing } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';
import { optionsWith, STORED } from './create.ts';

/** Changes an intent that has not come to its end. Stripe has no event for it. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const intent = await tx.require('setup_intent', rq.path.id!, { param: 'intent', status: 404 });
  if (params.customer || params.payment_method) requireOpen(intent, 'update', 'updated');
  if (params.customer) intent.customer = (await tx.require('customer', params.customer, { param: 'customer' })).id;
  if (params.payment_method) {
    const customer = intent.customer === null ? null : ((await tx.get(intent.customer)) ?? null);
    intent.payment_method = (await usableMethod(tx, params.payment_method, customer))?.id ?? null;
    intent.status = 'requires_confirmation';
    intent.next_action = null;
  }
  assign(intent, params, ['description', ...STORED]);
  if (params.allowed_payment_method_types) intent.payment_method_types = params.allowed_payment_method_types;
  intent.payment_method_options = optionsWith(intent.payment_method_options, params);
  intent.metadata = mergeMetadata(intent.metadata, params.metadata);
  tx.put(intent);
  return intent;
}

export async function cancel(rq: ApiRequest): Promise<Doc> {
  const intent = await rq.tx.require('setup_intent', rq.path.id!, { param: 'intent', status: 404 });
  return cancelSetupIntent(rq.tx, { intent, reason: rq.params.cancellation_reason || null });
}

/** One intent; a publishable key must know its client_secret. */
export async function retrieve(rq: ApiRequest): Promise<Doc> {
  const id = rq.path.id!;
  const intent = await rq.tx.require('setup_intent', id, { param: 'intent', status: 404 });
  const secret = rq.params.client_secret;
  const wrong = secret === undefined ? rq.keyKind === 'publishable' : secret !== intent.client_secret;
  if (wrong) throw resourceMissing('setup_intent', id, { param: 'intent', status: 404 });
  return intent;
}

export function list(rq: ApiRequest): Promise<ListAnswer> {
  const { customer, payment_method: method } = rq.params;
  return rq.tx.list(rq, {
    object: 'setup_intent',
    where: { customer },
    ...(method === undefined ? {} : { filter: (intent: Doc) => intent.payment_method === method }),
  });
}
