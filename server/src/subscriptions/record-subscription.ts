import { announceAll, type Recorded, stripeIdsOfCustomers, wireValue } from '../customers/index.ts';
import type { Ctx } from '../kit/context.ts';
import { transaction } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';
import { decideSubscription, decidesSomething, type SubscriptionDecision } from './decide-subscription.ts';
import { insertSubscription, lockSubscription, openItems, passThroughStatus, updateSubscription } from './queries.ts';
import type { Subscription, SubscriptionInput, SubscriptionWithItems } from './subscription.ts';
import { writeItems } from './write-items.ts';

/**
 * Makes our subscription and its items say what the provider reports, and announces each transition between the two once
 * (README). The same report again changes nothing. Its customer must be recorded before. Needs no catalog: what no plan of
 * ours matches is mirrored as it is ("unmanaged", model.md section 5).
 */
export function recordSubscription(ctx: Ctx, input: SubscriptionInput): Promise<Recorded<SubscriptionWithItems>> {
  return transaction(ctx, async (tx) => {
    const before = await lockSubscription(tx, input);
    const decision = decideSubscription(before, input);
    if (before && !decidesSomething(decision)) return { row: before, changed: false, created: false };
    const row = before ? await update(tx, before, decision) : await insert(tx, input, decision);
    // Another writer made the row after we looked: now it is there to be compared.
    if (row === null) return recordSubscription(tx, input);
    await writeItems(tx, { subscriptionId: row.id, items: decision.items });
    const items = (await openItems(tx, [row.id])).get(row.id) ?? [];
    const data = await eventData(tx, row);
    await announceAll(tx, { objectType: 'subscription', objectId: row.id, data, witness: input, announcements: decision.announcements });
    return { row: { ...row, items }, changed: true, created: before === null };
  });
}

function insert(tx: Ctx, input: SubscriptionInput, { patch }: SubscriptionDecision): Promise<Subscription | null> {
  const now = tx.clock.now();
  return insertSubscription(tx, { ...patch, id: newId(tx, 'subscription'), biller: 'stripe', createdAt: input.createdAt, updatedAt: now });
}

async function update(tx: Ctx, before: Subscription, { patch, way }: SubscriptionDecision): Promise<Subscription> {
  for (const status of way.slice(0, -1)) await passThroughStatus(tx, before.id, status);
  return updateSubscription(tx, before, patch);
}

/** What every event of a subscription carries, as the row says after the change. */
async function eventData(tx: Ctx, row: Subscription): Promise<Record<string, unknown>> {
  const stripeIds = await stripeIdsOfCustomers(tx, [row.customerId]);
  const { status, statusReason, paymentState, periodStart, periodEnd, trialStart, trialEnd, cancelAt } = row;
  return {
    customer_id: row.customerId,
    subscription_id: row.id,
    stripe_customer_id: stripeIds.get(row.customerId) ?? null,
    stripe_object_id: row.stripeId,
    status,
    status_reason: statusReason,
    payment_state: paymentState,
    period_start: wireValue(periodStart),
    period_end: wireValue(periodEnd),
    trial_start: wireValue(trialStart),
    trial_end: wireValue(trialEnd),
    cancel_at: wireValue(cancelAt),
  };
}
