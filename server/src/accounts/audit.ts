import type { Ctx } from '../kit/context.ts';
import { json } from '../kit/database.ts';
import { newId } from '../kit/ids.ts';

export type AuditInput = {
  action: string;
  objectType: string;
  objectId: string;
  before?: unknown;
  after?: unknown;
  reason?: string;
  environmentId?: string;
};

/** One audit entry for one mutation, in its transaction. Secrets must be left out of before and after. */
export async function writeAudit(tx: Ctx, a: AuditInput): Promise<void> {
  const environmentId = a.environmentId ?? tx.environmentId;
  const id = newId(tx, 'audit');
  await tx.db.insertInto('audit_unsealed').values({ environment_id: environmentId, entry_id: id }).execute();
  await tx.db
    .insertInto('audit_entries')
    .values({
      environment_id: environmentId,
      id,
      actor: tx.actor,
      action: a.action,
      object_type: a.objectType,
      object_id: a.objectId,
      before: a.before === undefined ? null : json(a.before),
      after: a.after === undefined ? null : json(a.after),
      request_id: tx.requestId,
      cause: null,
      reason: a.reason ?? null,
      at: tx.clock.now(),
      at_wall_at: tx.machineClock.now(),
    })
    .execute();
}
