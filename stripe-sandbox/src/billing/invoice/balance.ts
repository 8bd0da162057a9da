import type { Doc, Tx } from '../../kernel/types.ts';

/**
 * Changes a customer's balance (minor units; negative = credit) and records the transaction behind it. `type` as in Stripe's
 * customer balance transactions: `applied_to_invoice`, `unapplied_from_invoice`, `invoice_too_small`, `adjustment`.
 */
export async function moveBalance(
  tx: Tx,
  input: { customer: Doc; amount: number; currency: string; type: string; invoice: Doc | null; creditNote?: string },
): Promise<Doc | null> {
  const { customer, amount, currency, type, invoice } = input;
  if (amount === 0) return null;
  customer.balance = (customer.balance ?? 0) + amount;
  customer.currency = customer.currency ?? currency;
  tx.put(customer);
  const transaction = tx.make(
    'customer_balance_transaction',
    'cbtxn',
    {
      amount,
      checkout_session: null,
      credit_note: input.creditNote ?? null,
      currency,
      customer: customer.id,
      description: null,
      ending_balance: customer.balance,
      invoice: invoice?.id ?? null,
      type,
    },
    customer,
  );
  tx.put(transaction);
  return transaction;
}
