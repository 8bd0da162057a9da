import pg from 'pg';
import type { Database } from './engine.ts';
import { sha256 } from './secrets.ts';

/** A role that one process of many may have at a time. */
export type Leadership = { release(): Promise<void> };

const TRIES = 10;
const PAUSE_SECONDS = 0.1;

/**
 * Takes the role by name, or answers null where another process has it. On PostgreSQL it is a session's advisory lock, which dies with
 * the process; the embedded engine has one process anyway.
 */
export async function takeLeadership(database: Database, a: { url: string | null; name: string }): Promise<Leadership | null> {
  if (database.engine === 'pglite' || a.url === null) return { release: async () => {} };
  const client = new pg.Client({ connectionString: a.url, application_name: `billow ${a.name}`, keepAlive: true });
  // A lost connection loses the lock; the holder finds out when its own queries fail.
  client.on('error', () => {});
  await client.connect();
  // A process that died a moment ago may still be held for alive by the database: it is given time to notice.
  for (let tries = 0; tries < TRIES; tries++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [lockNumber(a.name)]);
    if (rows[0]?.taken) return { release: () => client.end() };
    await client.query('select pg_sleep($1)', [PAUSE_SECONDS]);
  }
  await client.end();
  return null;
}

function lockNumber(name: string): string {
  return sha256(`billow leader ${name}`).readBigInt64BE().toString();
}
