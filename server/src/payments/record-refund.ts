import { announceAll, type Recorded, stripeIdsOfCustomers } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { decideRefund } from './decide-refund.ts';
import type { Refund, RefundInput } from './payment.ts';
import { findPaymentOf } from './queries.ts';
import { insertRefund, lockRefund, passThroughRefundStatus, updateRefund } from './refund-queries.ts';
import { updateReturnedAmount } from './returned-amount.ts';

/**
 * Makes our refund say what the provider reports, and announces `refund.created`, `refund.succeeded`, `refund.failed` or
 * `refund.updated`. The invoice's returned amount follows; what was paid stays paid, and nothing is collected again (RF-4).
 */
export function recordRefund(ctx: Ctx, input: RefundInput): Promise<Recorded<Refund>> {
  return transaction(ctx, async (tx) => {
    const payment = await findPaymentOf(tx, input);
    const before = await lockRefund(tx, input);
    const { patch, way, announcements } = decideRefund(before, input, payment);
    if (before && Object.keys(patch).length === 0) return { row: before, changed: false, created: false };
    for (const status of way.slice(0, -1)) if (before) await passThroughRefundStatus(tx, before.id, status);
    const row = before ? await updateRefund(tx, before, patch) : await insert(tx, input, patch);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordRefund(tx, input);
    if (row.invoiceId) await updateReturnedAmount(tx, row.invoiceId);
    const data = await eventData(tx, row);
    await announceAll(tx, { objectType: 'refund', objectId: row.id, data, witness: input, announcements });
    return { row, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: RefundInput, patch: Partial<Refund>): Promise<Refund | null> {
  const now = tx.clock.now();
  return insertRefund(tx, { ...patch, id: newId(tx, 'refund'), origin: 'stripe', createdAt: input.createdAt, updatedAt: now });
}

async function eventData(tx: Ctx, row: Refund): Promise<Record<string, unknown>> {
  const stripeIds = await stripeIdsOfCustomers(tx, row.customerId ? [row.customerId] : []);
  return {
    customer_id: row.customerId,
    invoice_id: row.invoiceId,
    payment_id: row.paymentId,
    refund_id: row.id,
    stripe_customer_id: row.customerId ? (stripeIds.get(row.customerId) ?? null) : null,
    stripe_object_id: row.stripeId,
    stripe_charge_id: row.stripeChargeId,
  };
}
