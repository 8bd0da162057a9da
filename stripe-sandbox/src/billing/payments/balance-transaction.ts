/** What a charge or refund moves in the account's Stripe balance. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { decimalsOf } from './amounts.ts';

const DAY = 86_400;
const AVAILABLE_AFTER_DAYS = 7;
/** Stripe's standard price: 2.9 % + 30 of a two-decimal currency. */
const FEE_RATE = 0.029;
const FEE_FIXED = 30;

type Movement = { type: 'payment' | 'charge' | 'refund' | 'refund_failure'; source: Doc; amount: number; description: string | null };

/** Stores a balance transaction for the source; `amount` is signed. Only charges carry a fee. */
export function recordBalanceTransaction(tx: Tx, movement: Movement): Doc {
  const { source, amount, type } = movement;
  const currency: string = source.currency;
  const fee = type === 'charge' ? Math.round(amount * FEE_RATE) + (decimalsOf(currency) === 2 ? FEE_FIXED : 0) : 0;
  const created = tx.now(source);
  const transaction = tx.make(
    'balance_transaction',
    'txn',
    {
      amount,
      available_on: (Math.floor(created / DAY) + AVAILABLE_AFTER_DAYS) * DAY,
      balance_type: 'payments',
      currency,
      description: movement.description,
      fee,
      fee_details:
        fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
      net: amount - fee,
      reporting_category: type,
      source: source.id,
      status: 'pending',
      type,
    },
    source,
  );
  tx.put(transaction);
  return transaction;
}
