import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../src/kit/engine-pglite.ts';

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
