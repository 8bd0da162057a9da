import { announceAll, type Recorded, stripeIdsOfCustomers } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { decidePaymentIntent } from './decide-payment-intent.ts';
import type { Payment, PaymentIntentInput } from './payment.ts';
import { insertPayment, lockPaymentIntent, passThroughStatus, updatePayment } from './queries.ts';

/**
 * Makes the payment of a PaymentIntent without invoice say what the provider reports, and announces `payment.succeeded`,
 * `payment.failed` (once per attempt) or `payment.canceled`. One that turned out to pay an invoice is left alone: its invoice speaks.
 */
export function recordPaymentIntent(ctx: Ctx, input: PaymentIntentInput): Promise<Recorded<Payment>> {
  return transaction(ctx, async (tx) => {
    const before = await lockPaymentIntent(tx, input);
    if (before?.invoiceId) return { row: before, changed: false, created: false };
    const { patch, way, announcements } = decidePaymentIntent(before, input);
    if (before && Object.keys(patch).length === 0) return { row: before, changed: false, created: false };
    for (const status of way.slice(0, -1)) if (before) await passThroughStatus(tx, before.id, status);
    const row = before ? await updatePayment(tx, before, patch) : await insert(tx, input, patch);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordPaymentIntent(tx, input);
    const data = await eventData(tx, row);
    await announceAll(tx, { objectType: 'payment', objectId: row.id, data, witness: input, announcements });
    return { row, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: PaymentIntentInput, patch: Partial<Payment>): Promise<Payment | null> {
  const now = tx.clock.now();
  return insertPayment(tx, { ...patch, id: newId(tx, 'payment'), origin: 'stripe', createdAt: input.createdAt, updatedAt: now });
}

async function eventData(tx: Ctx, row: Payment): Promise<Record<string, unknown>> {
  const stripeIds = await stripeIdsOfCustomers(tx, row.customerId ? [row.customerId] : []);
  return {
    customer_id: row.customerId,
    payment_id: row.id,
    stripe_customer_id: row.customerId ? (stripeIds.get(row.customerId) ?? null) : null,
    stripe_object_id: row.stripeId,
  };
}
