import { endDispute, isClosed, openDispute, warnOfFraud } from '../../billing/disputes/index.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** The customer's bank acts. */
export type DisputeAction =
  | {
      kind: 'open_dispute';
      charge: string;
      /** Default `fraudulent`. */
      as?: 'fraudulent' | 'product_not_received' | 'inquiry';
      /** Smallest units; default: what has not been refunded. */
      amount?: number;
      /** Stripe's reason, for instance `subscription_canceled`; default: as `as` says. */
      reason?: string;
    }
  | { kind: 'close_dispute'; dispute: string; as: 'won' | 'lost' }
  | { kind: 'warn_of_fraud'; charge: string };

const VERDICTS: readonly unknown[] = ['won', 'lost'];
const KINDS: readonly unknown[] = ['fraudulent', 'product_not_received', 'inquiry'];

export async function disputeAction(tx: Tx, action: DisputeAction): Promise<Doc> {
  if (action.kind === 'close_dispute') return decide(tx, action);
  const charge = await tx.require('charge', action.charge, { param: 'charge' });
  if (action.kind === 'warn_of_fraud') return warnOfFraud(tx, charge);
  const { as = 'fraudulent', amount, reason } = action;
  if (!KINDS.includes(as)) throw invalidRequest(`A dispute opens as ${KINDS.join(', ')}.`, { param: 'as' });
  const isCard = charge.payment_method_details.type === 'card';
  const given = { ...(amount === undefined ? {} : { amount }), ...(reason === undefined ? {} : { reason }) };
  return openDispute(tx, { charge, kind: isCard ? as : 'debit', ...given });
}

/** The bank decides, whatever the evidence. An inquiry just closes. */
async function decide(tx: Tx, action: Extract<DisputeAction, { kind: 'close_dispute' }>): Promise<Doc> {
  const dispute = await tx.require('dispute', action.dispute, { param: 'dispute' });
  if (!VERDICTS.includes(action.as)) throw invalidRequest('A dispute closes as won or lost.', { param: 'as' });
  if (isClosed(dispute)) throw invalidRequest('This dispute is already closed.');
  await endDispute(tx, dispute, action.as);
  return dispute;
}
