import type { Database } from './engine.ts';

/**
 * Ends the leases of processes that cannot live any more: the embedded engine has one process at a time, and that is we. On PostgreSQL
 * other processes may be at work, so leases there run out by themselves.
 */
export async function forgetDeadHolders(database: Database): Promise<void> {
  if (database.engine !== 'pglite') return;
  await database.db.updateTable('work_claims').set({ lease_until: null, holder: null }).where('lease_until', 'is not', null).execute();
  await database.db.updateTable('timers').set({ status: 'armed', lease_until_wall_at: null }).where('status', '=', 'firing').execute();
  await database.db.deleteFrom('idempotency_keys').where('status', '=', 'in_progress').execute();
}
