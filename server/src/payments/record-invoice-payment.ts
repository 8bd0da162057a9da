import { announceAll, type Recorded } from '../customers/index.ts';
import { type Invoice, invoiceEventData, lockInvoice, setPaymentState } from '../invoices/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { decideInvoicePayment } from './decide-invoice-payment.ts';
import type { InvoicePaymentInput, Payment } from './payment.ts';
import { insertPayment, lockPaymentOfInvoice, passThroughStatus, updatePayment } from './queries.ts';

/**
 * Makes the invoice's payment say what the provider reports, shows it on the invoice, and announces `invoice.payment_succeeded`,
 * `invoice.payment_failure` (once per attempt), `invoice.payment_action_required` or `invoice.payment_status_updated`. Record the
 * invoice first. Null for an invoice that never asked anybody for money: a draft, or one voided before.
 */
export function recordInvoicePayment(ctx: Ctx, input: InvoicePaymentInput): Promise<Recorded<Payment> | null> {
  return transaction(ctx, async (tx) => {
    const invoice = await lockInvoice(tx, { id: input.invoiceId });
    if (!invoice) throw new Error(`no invoice ${input.invoiceId}: record it before its payment`);
    if (invoice.status === 'draft' || invoice.status === 'generating') return null;
    return record(tx, invoice, input);
  });
}

async function record(tx: Ctx, invoice: Invoice, input: InvoicePaymentInput): Promise<Recorded<Payment> | null> {
  const { invoiceId, connectionId, stripePaymentIntentId: stripeId } = input;
  const before = await lockPaymentOfInvoice(tx, { invoiceId, connectionId, stripeId });
  if (before === null && invoice.status === 'voided') return null;
  const { patch, way, announcements } = decideInvoicePayment(before, invoice, input);
  if (before && Object.keys(patch).length === 0) return { row: before, changed: false, created: false };
  const row = before ? await update(tx, before, patch, way) : await insert(tx, invoice, patch);
  // Another writer made the row after we looked: now it is there to be compared.
  if (row === null) return record(tx, invoice, input);
  const shown = 'status' in patch ? await setPaymentState(tx, { invoice, detail: row.status }) : invoice;
  const data = { ...(await invoiceEventData(tx, shown)), payment_id: row.id };
  await announceAll(tx, { objectType: 'invoice', objectId: invoice.id, data, witness: input, announcements });
  return { row, changed: true, created: before === null };
}

function insert(tx: Ctx, invoice: Invoice, patch: Partial<Payment>): Promise<Payment | null> {
  const now = tx.clock.now();
  return insertPayment(tx, { ...patch, id: newId(tx, 'payment'), origin: 'stripe', createdAt: invoice.issuedAt ?? now, updatedAt: now });
}

async function update(tx: Ctx, before: Payment, patch: Partial<Payment>, way: Payment['status'][]): Promise<Payment> {
  for (const status of way.slice(0, -1)) await passThroughStatus(tx, before.id, status);
  return updatePayment(tx, before, patch);
}
