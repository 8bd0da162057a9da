/** The ways a bank sends a debit back. The shape is that of a card's decline; banks give no decline code and no advice. */
import type { Decline } from './declines.ts';

export const DEBIT_FAILURES = {
  could_not_process: debit('generic_could_not_process', 'The bank could not process this payment.'),
  charge_exceeds_source_limit: debit(
    'charge_exceeds_source_limit',
    'This payment would make the account exceed its weekly payment volume limit.',
  ),
  charge_exceeds_weekly_limit: debit('charge_exceeds_weekly_limit', "This payment exceeds the account's transaction volume limit."),
  insufficient_funds: debit('insufficient_funds', 'The bank account has insufficient funds to complete this payment.'),
  debit_not_authorized: debit('debit_not_authorized', 'The account holder has not authorized this debit.'),
} as const satisfies Record<string, Decline>;

export type DebitFailureName = keyof typeof DEBIT_FAILURES;

function debit(code: string, message: string): Decline {
  return { code, decline_code: null, message, advice_code: null };
}
