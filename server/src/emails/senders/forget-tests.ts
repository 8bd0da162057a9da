import type { Ctx } from '../../kit/context.ts';
import { settleStatus } from './settle-status.ts';

/** Senders on a transport that leads elsewhere now have to be tested again. */
export async function forgetTests(tx: Ctx, a: { transportId: string }): Promise<void> {
  const rows = await tx.db
    .updateTable('email_senders')
    .set({ test_received_wall_at: null, test_code_digest: null })
    .where('environment_id', '=', tx.environmentId)
    .where('transport_id', '=', a.transportId)
    .returning('id')
    .execute();
  for (const { id } of rows) await settleStatus(tx, id);
}
