import type { ApiRequest, Doc, ListAnswer } from '../../kernel/types.ts';

export function retrieveDispute(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('dispute', rq.path.id!);
}

export function listDisputes(rq: ApiRequest): Promise<ListAnswer> {
  const { charge, payment_intent } = rq.params;
  return rq.tx.list(rq, { object: 'dispute', where: { charge, payment_intent } });
}

export function retrieveWarning(rq: ApiRequest): Promise<Doc> {
  return rq.tx.require('radar.early_fraud_warning', rq.path.id!);
}

export function listWarnings(rq: ApiRequest): Promise<ListAnswer> {
  const { charge, payment_intent } = rq.params;
  return rq.tx.list(rq, { object: 'radar.early_fraud_warning', where: { charge, payment_intent } });
}
