import type { Doc, Params, Tx } from '../../kernel/types.ts';

type Entry =
  | { side: 'credit'; type: 'credits_granted' }
  | { side: 'credit'; type: 'credits_application_invoice_voided'; invoice: string; line: string }
  | { side: 'debit'; type: 'credits_expired' | 'credits_voided' }
  | { side: 'debit'; type: 'credits_applied'; invoice: string; line: string };

/** Moves a grant's remaining credits and writes it down. Emits billing.credit_balance_transaction.created. Minor units. */
export function writeEntry(tx: Tx, input: { grant: Doc; amount: number; entry: Entry }): Doc {
  const { grant, amount, entry } = input;
  grant._remaining += entry.side === 'credit' ? amount : -amount;
  grant._ref = isOpen(grant) ? openRef(grant.customer) : null;
  tx.put(grant);
  const details = 'invoice' in entry ? { invoice: entry.invoice, invoice_line_item: entry.line } : null;
  const transaction = tx.make(
    'billing.credit_balance_transaction',
    'cbtxn_test',
    {
      credit: entry.side === 'credit' ? sideOf(grant, amount, entry.type, { credits_application_invoice_voided: details }) : null,
      credit_grant: grant.id,
      debit: entry.side === 'debit' ? sideOf(grant, amount, entry.type, { credits_applied: details }) : null,
      effective_at: entry.type === 'credits_granted' ? grant.effective_at : tx.now(grant),
      test_clock: grant.test_clock,
      type: entry.side,
      _customer: grant.customer,
      _ref: grant.id,
    },
    grant,
  );
  tx.put(transaction);
  tx.emit('billing.credit_balance_transaction.created', transaction);
  return transaction;
}

/** Grants of a customer that still hold something; how few they are does not depend on how many there were. */
export function openGrants(tx: Tx, customer: string): Promise<Doc[]> {
  return tx.query({ object: 'billing.credit_grant', where: { ref: openRef(customer) }, order: 'oldest' });
}

export function isExpired(grant: Doc, now: number): boolean {
  return grant.expires_at !== null && grant.expires_at <= now;
}

function isOpen(grant: Doc): boolean {
  return grant._remaining > 0 && grant.voided_at === null;
}

function openRef(customer: string): string {
  return `credits_${customer}`;
}

function sideOf(grant: Doc, amount: number, type: string, details: Params): Params {
  const { currency } = grant.amount.monetary;
  return { amount: { monetary: { currency, value: amount }, type: 'monetary' }, ...details, type };
}
