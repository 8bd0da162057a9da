/** The card network's early word of fraud, days before a chargeback [docs.stripe.com/radar/early-fraud-warnings]. */
import type { Doc, Hooks, Tx } from '../../kernel/types.ts';

const OBJECT = 'radar.early_fraud_warning';

/** Stores the warning about a charge. Emits radar.early_fraud_warning.created. */
export function warnOfFraud(tx: Tx, charge: Doc): Doc {
  const warning = tx.make(
    OBJECT,
    'issfr',
    { actionable: true, charge: charge.id, fraud_type: 'unauthorized_use_of_card', payment_intent: charge.payment_intent },
    charge,
  );
  tx.put(warning);
  tx.emit('radar.early_fraud_warning.created', warning);
  return warning;
}

/** Hook: once the money is back with the customer there is nothing left to do. Emits radar.early_fraud_warning.updated. */
export async function settleWarning(tx: Tx, { charge }: Hooks['charge.refunded']): Promise<void> {
  if (charge.refunded !== true) return;
  const warning = await tx.first({ object: OBJECT, where: { charge: charge.id } });
  if (warning?.actionable !== true) return;
  warning.actionable = false;
  tx.put(warning);
  tx.emit('radar.early_fraud_warning.updated', warning);
}
