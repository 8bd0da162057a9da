import type { Ctx } from '../../kit/context.ts';
import { afterCommit } from '../../kit/database.ts';
import { newId } from '../../kit/ids.ts';
import type { Occurrence } from './conditions.ts';

/** The queue of occurrences. */
export const OCCURRENCES_QUEUE = 'emails.occurrences';

export type Witnessed = { customerId: string; eventId: string | null; witnessEventId: string | null; witnessAt: Temporal.Instant | null };

/** Writes the occurrence in the transaction that made the transition (P3). A second one with the same key changes nothing (P2). */
export async function writeOccurrence(tx: Ctx, occurrence: Occurrence, witness: Witnessed): Promise<void> {
  const now = tx.clock.now();
  await tx.db
    .insertInto('email_occurrences')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'occurrence'),
      trigger: occurrence.trigger,
      variant: occurrence.variant,
      object_type: occurrence.objectType,
      object_id: occurrence.objectId,
      occurrence: occurrence.occurrence,
      customer_id: witness.customerId,
      event_id: witness.eventId,
      witness_event_id: witness.witnessEventId,
      witness_at: witness.witnessAt,
      at: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['environment_id', 'trigger', 'object_type', 'object_id', 'occurrence']).doNothing())
    .execute();
  afterCommit(tx, () => tx.app.wake(OCCURRENCES_QUEUE, tx.environmentId));
}
