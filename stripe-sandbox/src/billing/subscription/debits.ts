/** What each item was last debited for its current period, so that a change can give it back [S 3.3 flexible: one credit per original debit]. */
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import type { Debit } from '../proration/prorate.ts';

/** Reads the debits of the items an invoice bills from its lines and keeps them with the subscription. */
export function rememberDebits(subscription: Doc, invoice: Doc, items: Doc[]): void {
  const debits: Record<string, Debit[]> = { ...(subscription._debits ?? {}) };
  for (const item of items)
    debits[item.id] = invoice.lines.data.filter((line: Params) => bills(line, item, invoice)).map((line: Params) => debitOf(line, invoice));
  subscription._debits = debits;
}

/** What an item was debited for its current period and has not been given back. */
export function debitsOf(subscription: Doc, item: Doc): Debit[] {
  return subscription._debits?.[item.id] ?? [];
}

/** Replaces what an item counts as debited; the caller stores the subscription. */
export function setDebits(subscription: Doc, item: Doc, debits: Debit[]): void {
  subscription._debits = { ...(subscription._debits ?? {}), [item.id]: debits };
}

/** Where a debit ended up: an invoice item that was pending may have reached its invoice since. */
export async function creditedItems(tx: Tx, debit: Debit): Promise<{ invoice: string; invoice_line_items: string[] } | null> {
  if (debit.invoice !== null) return { invoice: debit.invoice, invoice_line_items: debit.lines };
  const item = debit.invoiceItem === null ? undefined : await tx.get(debit.invoiceItem, { object: 'invoiceitem' });
  if (item?.invoice == null) return null;
  return { invoice: item.invoice, invoice_line_items: item._line === undefined ? [] : [item._line] };
}

/** Usage is billed when it is over: nothing of it can be given back. */
function bills(line: Params, item: Doc, invoice: Doc): boolean {
  const details = line.parent?.subscription_item_details;
  return (
    details?.subscription_item === item.id && details.invoice_item === null && line.amount > 0 && invoice._usage?.[line.id] === undefined
  );
}

/** What a line of an invoice debited. */
export function debitOf(line: Params, invoice: Doc): Debit {
  const off = line.discount_amounts.reduce((sum: number, part: Params) => sum + part.amount, 0);
  return {
    amount: line.amount - off,
    discounts: line.discount_amounts.map(({ discount, amount }: Params) => ({ discount, amount })),
    start: line.period.start,
    end: line.period.end,
    invoice: invoice.id,
    lines: [line.id],
    invoiceItem: null,
  };
}
