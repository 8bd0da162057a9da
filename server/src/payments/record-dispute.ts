import { type Announcement, announceAll, differences, previousValues, type Recorded, wireValue } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { insertDispute, lockDispute, updateDispute } from './dispute-queries.ts';
import type { Dispute, DisputeInput } from './payment.ts';
import { findPaymentOf } from './queries.ts';
import { updateReturnedAmount } from './returned-amount.ts';

/** Stripe's words for a dispute that is over. */
const CLOSED = new Set(['won', 'lost', 'warning_closed', 'prevented']);

/**
 * Makes our dispute say what the provider reports, and announces `dispute.created`, `.updated` or `.closed`. A lost one raises
 * what the invoice returned; the payment stays succeeded (RF-8).
 */
export function recordDispute(ctx: Ctx, input: DisputeInput): Promise<Recorded<Dispute>> {
  return transaction(ctx, async (tx) => {
    const payment = await findPaymentOf(tx, { ...input, stripeChargeId: input.chargeId });
    const before = await lockDispute(tx, input.stripeId);
    const facts = factsOf(before, input, payment?.invoiceId ?? null);
    const patch = before ? differences<Dispute>(before, facts) : facts;
    if (before && (Object.keys(patch).length === 0 || CLOSED.has(before.status))) return { row: before, changed: false, created: false };
    const row = before ? await updateDispute(tx, before, patch) : await insert(tx, input, patch);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordDispute(tx, input);
    if (row.invoiceId) await updateReturnedAmount(tx, row.invoiceId);
    const data = {
      customer_id: payment?.customerId ?? null,
      invoice_id: row.invoiceId,
      payment_id: payment?.id ?? null,
      stripe_object_id: row.stripeId,
      stripe_charge_id: row.chargeId,
      amount: wireValue(row.amount),
      currency: row.currency,
      status: row.status,
      reason: row.reason,
      due_by: wireValue(row.dueBy),
    };
    const announcements = announcementsOf(before, row, patch);
    await announceAll(tx, { objectType: 'dispute', objectId: row.id, data, witness: input, announcements });
    return { row, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: DisputeInput, patch: Partial<Dispute>): Promise<Dispute | null> {
  return insertDispute(tx, { ...patch, id: newId(tx, 'dispute'), createdAt: input.createdAt, updatedAt: tx.clock.now() });
}

function factsOf(before: Dispute | null, input: DisputeInput, invoiceId: string | null): Partial<Dispute> {
  const { connectionId, stripeId, chargeId, amount, currency, reason, status, dueBy } = input;
  return { connectionId, stripeId, chargeId, amount, currency, reason, status, dueBy, invoiceId: invoiceId ?? before?.invoiceId ?? null };
}

function announcementsOf(before: Dispute | null, after: Dispute, patch: Partial<Dispute>): Announcement[] {
  const told: Announcement[] = before === null ? [{ type: 'dispute.created', key: '' }] : [];
  if (CLOSED.has(after.status)) told.push({ type: 'dispute.closed', key: '' });
  else if (before)
    told.push({ type: 'dispute.updated', key: `${after.updatedAt}:${after.status}`, previous: previousValues(before, patch) });
  return told;
}
