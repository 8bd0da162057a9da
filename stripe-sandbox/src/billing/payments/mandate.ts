/** The customer's permission to charge a saved method later, or to debit an account. */
import { StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';

const REFERENCE_LENGTH = 16;

export type MandateInput = {
  intent: Doc;
  paymentMethod: Doc;
  acceptance: Params;
  /** For one payment only; else it may be used again. */
  singleUse?: { amount: number; currency: string };
};

/** Stores the mandate and, for a bank account, remembers it as the one that covers its debits. Emits nothing: Stripe tells of changes only. */
export function recordMandate(tx: Tx, input: MandateInput): Doc {
  const { intent, paymentMethod, acceptance, singleUse } = input;
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
      ...(singleUse === undefined ? { multi_use: {} } : { single_use: singleUse }),
      payment_method: paymentMethod.id,
      payment_method_details: { card: {}, type: 'card' },
      status: 'active',
      type: singleUse === undefined ? 'multi_use' : 'single_use',
    },
    intent,
  );
  if (paymentMethod.type !== 'card') addDebitDetails(tx, mandate, input);
  tx.put(mandate);
  return mandate;
}

function addDebitDetails(tx: Tx, mandate: Doc, { intent, paymentMethod, singleUse }: MandateInput): void {
  const prefix = intent.payment_method_options?.sepa_debit?.mandate_options?.reference_prefix ?? '';
  const reference = `${prefix}${tx.secret(REFERENCE_LENGTH).toUpperCase()}`;
  mandate.payment_method_details = { sepa_debit: { reference, url: `${tx.publicUrl}/mandates/${mandate.id}` }, type: 'sepa_debit' };
  intent._mandate = mandate.id;
  if (singleUse !== undefined) return;
  paymentMethod._mandate = mandate.id;
  tx.put(paymentMethod);
}

/** A bank account may be debited only with its owner's consent: given now, or kept from before. */
export function requireMandate(paymentMethod: Doc, acceptance: Params | null): void {
  if (acceptance !== null || typeof paymentMethod._mandate === 'string') return;
  throw new StripeError(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_mandate_invalid',
    param: 'mandate_data',
    message:
      'This payment method requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and try again, providing acceptance data in the mandate_data parameter.',
  });
}
