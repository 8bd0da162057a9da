import { announceAll, type Recorded } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { decideInvoice, decidesSomething, type InvoiceDecision } from './decide-invoice.ts';
import { linesChanged } from './decide-lines.ts';
import { invoiceEventData } from './event-data.ts';
import type { Invoice, InvoiceInput, InvoiceWithLines } from './invoice.ts';
import { insertInvoice, linesOf, lockInvoiceWithLines, passThroughStatus, updateInvoice } from './queries.ts';
import { writeLines } from './write-lines.ts';

/**
 * Makes our invoice and its lines say what the provider reports, and announces `invoice.created`, `.finalized`, `.voided`,
 * `.marked_uncollectible` or `.updated`. The same report again changes nothing. Customer and subscription must be recorded
 * before. Whether its payment failed or succeeded is told by the payments room, which is to be called next.
 */
export function recordInvoice(ctx: Ctx, input: InvoiceInput): Promise<Recorded<InvoiceWithLines>> {
  return transaction(ctx, async (tx) => {
    const before = await lockInvoiceWithLines(tx, input);
    const decision = decideInvoice(before, input);
    if (before && !decidesSomething(decision)) return { row: before, changed: false, created: false };
    const row = before ? await update(tx, before, decision) : await insert(tx, input, decision);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordInvoice(tx, input);
    await writeLines(tx, { invoice: row, lines: decision.lines });
    const data = await invoiceEventData(tx, row);
    await announceAll(tx, { objectType: 'invoice', objectId: row.id, data, witness: input, announcements: decision.announcements });
    const lines = before && !linesChanged(decision.lines) ? before.lines : await linesOf(tx, row.id);
    return { row: { ...row, lines }, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: InvoiceInput, { patch }: InvoiceDecision): Promise<Invoice | null> {
  const id = newId(tx, 'invoice');
  return insertInvoice(tx, { ...patch, id, biller: 'stripe', origin: 'stripe', createdAt: input.createdAt, updatedAt: tx.clock.now() });
}

async function update(tx: Ctx, before: Invoice, { patch, way }: InvoiceDecision): Promise<Invoice> {
  for (const status of way.slice(0, -1)) await passThroughStatus(tx, before.id, status);
  return updateInvoice(tx, before, patch);
}
