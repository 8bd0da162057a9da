/** The customer's permission to charge a saved method later. */
import type { ApiRequest, Doc, ListAnswer, Params, Plain, Tx } from '../../kernel/types.ts';

/** Stores the mandate and puts it on the intent. Emits nothing: cards have no mandate.updated. */
export function recordMandate(tx: Tx, input: { intent: Doc; acceptance: Params }): Doc {
  const { intent, acceptance } = input;
  const online = acceptance.online ?? null;
  const mandate = tx.make(
    'mandate',
    'mandate',
    {
      customer_acceptance: {
        accepted_at: acceptance.accepted_at ?? tx.now(intent),
        ...(online === null
          ? { offline: {} }
          : { online: { ip_address: online.ip_address ?? null, user_agent: online.user_agent ?? null } }),
        type: acceptance.type,
      },
      multi_use: {},
      payment_method: intent.payment_method,
      payment_method_details: { card: {}, type: 'card' },
      status: 'active',
      type: 'multi_use',
    },
    intent,
  );
  tx.put(mandate);
  intent.mandate = mandate.id;
  tx.put(intent);
  return mandate;
}

/** Mandates have no `created` at Stripe; the store needs one. */
export async function retrieveMandate(rq: ApiRequest): Promise<Plain> {
  const { created: _created, ...mandate } = await rq.tx.require('mandate', rq.path.id!);
  return mandate;
}

/** Every try to save a method with the intent, newest first. */
export function listSetupAttempts(rq: ApiRequest): Promise<ListAnswer> {
  return rq.tx.list(rq, { object: 'setup_attempt', where: { ref: rq.params.setup_intent }, scoped: true });
}
