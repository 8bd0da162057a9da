import type { Ctx } from '../kit/context.ts';
import { json } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';

export type OperatorTask = {
  kind: string;
  severity: 'info' | 'warning' | 'critical';
  objectType: string;
  objectId: string;
  /** One open task per key. */
  dedupeKey: string;
  title: string;
  detail?: unknown;
};

/** Asks a person to look at something; nothing changes while the same task is open. */
export async function openOperatorTask(tx: Ctx, a: OperatorTask): Promise<void> {
  await tx.db
    .insertInto('operator_tasks')
    .values({
      environment_id: tx.environmentId,
      id: newId(tx, 'task'),
      kind: a.kind,
      severity: a.severity,
      object_type: a.objectType,
      object_id: a.objectId,
      dedupe_key: a.dedupeKey,
      title: a.title,
      detail: json(a.detail ?? {}),
      opened_at: tx.clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Closes the open task of a key, with a note why. */
export async function closeOperatorTask(tx: Ctx, a: { dedupeKey: string; note: string }): Promise<void> {
  await tx.db
    .updateTable('operator_tasks')
    .set({ status: 'closed', closed_at: tx.clock.now(), closed_by: tx.actor, note: a.note })
    .where('environment_id', '=', tx.environmentId)
    .where('dedupe_key', '=', a.dedupeKey)
    .where('status', '=', 'open')
    .execute();
}
