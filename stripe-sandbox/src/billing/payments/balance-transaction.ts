/** What a charge, refund, dispute or payout moves in the account's Stripe balance. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { decimalsOf } from './amounts.ts';
import { addToBalance } from './balance.ts';

const DAY = 86_400;
const AVAILABLE_AFTER_DAYS = 7;
/** Stripe's standard price of a card payment: 2.9 % + 30 of a two-decimal currency. */
const CARD_RATE = 0.029;
const CARD_FIXED = 30;
/** A SEPA debit costs a flat 35 cents [stripe.com/pricing/local-payment-methods]. */
const DEBIT_FIXED = 35;

export type Movement = {
  type:
    | 'charge'
    | 'payment'
    | 'refund'
    | 'payment_refund'
    | 'refund_failure'
    | 'payment_failure_refund'
    | 'adjustment'
    | 'payout'
    | 'payout_cancel';
  source: Doc;
  /** Signed, in smallest units. */
  amount: number;
  description: string | null;
  /** Default: the type. */
  category?: string;
  /** Instead of the fee of a charge; negative when Stripe gives one back. */
  fee?: { amount: number; description: string };
  /** Counts at once instead of after seven days. */
  atOnce?: boolean;
};

/** Stores a balance transaction for the source and adds it to the balance. Only charges carry a fee by themselves. */
export async function recordBalanceTransaction(tx: Tx, movement: Movement): Promise<Doc> {
  const { source, amount, type } = movement;
  const currency: string = source.currency;
  const fee = movement.fee ?? { amount: processingFee(type, { amount, currency }), description: 'Stripe processing fees' };
  const created = tx.now(source);
  const transaction = tx.make(
    'balance_transaction',
    'txn',
    {
      amount,
      available_on: movement.atOnce === true ? created : (Math.floor(created / DAY) + AVAILABLE_AFTER_DAYS) * DAY,
      balance_type: 'payments',
      currency,
      description: movement.description,
      fee: fee.amount,
      fee_details:
        fee.amount === 0 ? [] : [{ amount: fee.amount, application: null, currency, description: fee.description, type: 'stripe_fee' }],
      net: amount - fee.amount,
      reporting_category: movement.category ?? CATEGORIES[type] ?? type,
      source: source.id,
      status: 'pending',
      type,
      _ref: source.id,
    },
    source,
  );
  tx.put(transaction);
  await addToBalance(tx, transaction);
  return transaction;
}

/** Where the reporting category has another name than the type. */
const CATEGORIES: Partial<Record<Movement['type'], string>> = {
  payment: 'charge',
  payment_refund: 'refund',
  payment_failure_refund: 'refund_failure',
  payout_cancel: 'payout_reversal',
};

function processingFee(type: Movement['type'], { amount, currency }: { amount: number; currency: string }): number {
  if (type === 'payment') return DEBIT_FIXED;
  if (type !== 'charge') return 0;
  return Math.round(amount * CARD_RATE) + (decimalsOf(currency) === 2 ? CARD_FIXED : 0);
}

/** Pending until the funds are available; told at reading, so that no timer per charge is needed. */
export function withPresentStatus(tx: Tx, transaction: Doc): Doc {
  return { ...transaction, status: tx.now(transaction) >= transaction.available_on ? 'available' : 'pending' };
}
