/** Mandates and the attempts to save a method are read only. */
import type { ApiRequest, ListAnswer, Plain } from '../../kernel/types.ts';

/** Mandates have no `created` at Stripe; the store needs one. */
export async function retrieveMandate(rq: ApiRequest): Promise<Plain> {
  const { created: _created, ...mandate } = await rq.tx.require('mandate', rq.path.id!);
  return mandate;
}

/** Every try to save a method with the intent, newest first. */
export function listSetupAttempts(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: 'setup_attempt', where: { ref: rq.params.setup_intent }, scoped: true });
}
