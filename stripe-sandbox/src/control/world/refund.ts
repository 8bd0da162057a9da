import { refundCharge } from '../../billing/payments/index.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** Somebody refunds in the dashboard. `amount` in smallest units; default: all that is left. */
export type OutsideRefund = { kind: 'refund'; charge: string; amount?: number };

/** The same rules and events as through the API, with a null request. */
export async function refundOutside(tx: Tx, { charge, amount }: OutsideRefund): Promise<Doc> {
  return refundCharge(tx, {
    charge: await tx.require('charge', charge, { param: 'charge' }),
    reason: 'requested_by_customer',
    ...(amount === undefined ? {} : { amount }),
  });
}
