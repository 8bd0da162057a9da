import { recalculate } from '../../billing/invoice/recalculate.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Doc, Tx } from '../../kernel/types.ts';

/** The draft an item is on, for changing it; refused when the invoice is finalized. */
export async function draftOf(tx: Tx, item: Doc): Promise<Doc | null> {
  if (item.invoice === null) return null;
  const invoice = await tx.require('invoice', item.invoice);
  if (invoice.status !== 'draft')
    throw invalidRequest('The invoice this item belongs to is no longer editable.', { code: 'invoice_not_editable' });
  return invoice;
}

/** New sums for a draft whose lines changed. Emits invoice.updated. */
export async function draftChanged(tx: Tx, invoice: Doc): Promise<void> {
  const customer = await tx.require('customer', invoice.customer);
  await recalculate(tx, invoice, customer);
  tx.put(invoice);
  tx.emit('invoice.updated', invoice);
}
