import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../src/kit/engine-pglite.ts';

/** Holds for company and leases of the dead are over: what waiting a minute would bring. */
export const A_MINUTE_PASSES = `update email_messages set send_after = send_after - interval '2 minutes' where status = 'planned';
  update email_messages set lease_until_wall_at = lease_until_wall_at - interval '2 minutes' where status = 'sending';
  update work_claims set lease_until = lease_until - interval '2 minutes' where lease_until is not null`;

/** Runs one statement on the database of a server that does not run: how a test lets time pass for rows. */
export async function whileDead(a: { databaseUrl: string | null; dataDir: string }, statement: string): Promise<void> {
  if (a.databaseUrl !== null) {
    const client = new pg.Client({ connectionString: a.databaseUrl });
    await client.connect();
    await client.query(statement);
    return client.end();
  }
  const database = await openEmbedded({ folder: join(a.dataDir, 'database') });
  await database.pool.query(statement);
  await database.close();
}
