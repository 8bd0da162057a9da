import { announceAll, type Recorded, type Witness } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { invoiceEventData } from './event-data.ts';
import type { InvoiceWithLines } from './invoice.ts';
import { lockInvoiceWithLines, updateInvoice } from './queries.ts';

/**
 * A draft that its provider deleted is voided here and announced as `invoice.deleted`; Stripe deletes nothing but drafts, so
 * an issued invoice is left alone. Null when we never saw it.
 */
export function recordInvoiceDeleted(
  ctx: Ctx,
  input: Witness & { connectionId: string; stripeId: string },
): Promise<Recorded<InvoiceWithLines> | null> {
  return transaction(ctx, async (tx) => {
    const before = await lockInvoiceWithLines(tx, input);
    if (before === null) return null;
    if (before.status !== 'draft') return { row: before, changed: false, created: false };
    const row = await updateInvoice(tx, before, { status: 'voided', stripeStatus: 'deleted', nextAttemptAt: null });
    const data = await invoiceEventData(tx, row);
    await announceAll(tx, {
      objectType: 'invoice',
      objectId: row.id,
      data,
      witness: input,
      announcements: [{ type: 'invoice.deleted', key: '' }],
    });
    return { row: { ...row, lines: before.lines }, changed: true, created: false };
  });
}
