/** The customer's credit balance: negative is credit towards the next invoice, positive is owed. */
import type { Doc, Tx } from '../../kernel/types.ts';

export type BalanceType =
  | 'adjustment'
  | 'applied_to_invoice'
  | 'credit_note'
  | 'initial'
  | 'invoice_overpaid'
  | 'invoice_too_large'
  | 'invoice_too_small'
  | 'migration'
  | 'unapplied_from_invoice'
  | 'unspent_receiver_credit';

export type BalanceChange = {
  customer: Doc;
  /** Signed, smallest unit: negative adds credit. */
  amount: number;
  currency: string;
  type: BalanceType;
  invoice?: string | null;
  creditNote?: string | null;
  description?: string | null;
  metadata?: Record<string, string>;
};

/** Moves the balance and stores the customer balance transaction. No event: Stripe has none; the caller emits customer.updated where the change is its purpose. */
export function adjustBalance(tx: Tx, change: BalanceChange): Doc {
  const { customer, amount, currency } = change;
  customer.balance += amount;
  customer.currency ??= currency;
  tx.put(customer);
  const transaction = tx.make(
    'customer_balance_transaction',
    'cbtxn',
    {
      amount,
      currency,
      customer: customer.id,
      ending_balance: customer.balance,
      invoice: change.invoice ?? null,
      credit_note: change.creditNote ?? null,
      description: change.description ?? null,
      metadata: change.metadata ?? {},
      type: change.type,
    },
    customer,
  );
  tx.put(transaction);
  return transaction;
}
