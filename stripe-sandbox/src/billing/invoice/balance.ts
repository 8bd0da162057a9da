/** A customer's balances: negative is credit towards the next invoice, positive is owed; one per currency [S 3.9]. Minor units. */
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
  /** Negative adds credit. */
  amount: number;
  currency: string;
  type: BalanceType;
  invoice?: string | null;
  creditNote?: string | null;
  description?: string | null;
  metadata?: Record<string, string>;
};

/** What a customer has in a currency: `balance` in their own, the rest beside it. */
export function balanceIn(customer: Doc, currency: string): number {
  if (customer.currency == null || customer.currency === currency) return customer.balance ?? 0;
  return customer._balances?.[currency] ?? 0;
}

/** Every balance that is not nothing, by currency: `invoice_credit_balance`. */
export function balancesOf(customer: Doc): Record<string, number> {
  const all: Record<string, number> = { ...(customer._balances ?? {}) };
  if (customer.currency) all[customer.currency] = customer.balance;
  return Object.fromEntries(Object.entries(all).filter(([, amount]) => amount !== 0));
}

/**
 * Moves a balance and stores the customer balance transaction behind it. The first currency becomes the customer's own. No event: Stripe has
 * none; the caller emits customer.updated where the change is its purpose.
 */
export function changeBalance(tx: Tx, change: BalanceChange): Doc {
  const { customer, amount, currency } = change;
  customer.currency = customer.currency ?? currency;
  if (customer.currency === currency) customer.balance = (customer.balance ?? 0) + amount;
  else customer._balances = { ...(customer._balances ?? {}), [currency]: balanceIn(customer, currency) + amount };
  tx.put(customer);
  const transaction = tx.make(
    'customer_balance_transaction',
    'cbtxn',
    {
      amount,
      checkout_session: null,
      credit_note: change.creditNote ?? null,
      currency,
      customer: customer.id,
      description: change.description ?? null,
      ending_balance: balanceIn(customer, currency),
      invoice: change.invoice ?? null,
      metadata: change.metadata ?? {},
      type: change.type,
    },
    customer,
  );
  tx.put(transaction);
  return transaction;
}

/** The same for an invoice; nothing happens for nothing. */
export function moveBalance(
  tx: Tx,
  input: { customer: Doc; amount: number; currency: string; type: BalanceType; invoice: Doc | null; creditNote?: string },
): Doc | null {
  if (input.amount === 0) return null;
  return changeBalance(tx, { ...input, invoice: input.invoice?.id ?? null });
}
