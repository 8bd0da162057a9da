import pg from 'pg';
import { type Database, queryBuilders } from './engine.ts';

const POOL_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const LOWEST_VERSION = 150_000;
const RECONNECT_MS = 1_000;

/** Opens PostgreSQL 15 or later; throws one sentence where it cannot be reached or is too old. */
export async function openPostgres(a: { url: string; onTrouble?: (error: Error) => void }): Promise<Database> {
  const pool = new pg.Pool({ ...settings(a.url), max: POOL_MAX, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  pool.on('error', (error) => a.onTrouble?.(error));
  const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num').catch(async (error: unknown) => {
    await pool.end();
    throw new Error(`The database at DATABASE_URL does not answer: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (Number(rows[0]?.server_version_num) < LOWEST_VERSION) {
    await pool.end();
    throw new Error('DATABASE_URL must point to PostgreSQL 15 or later.');
  }
  const listeners = new Set<() => Promise<void>>();
  return {
    engine: 'postgres',
    pool,
    ...queryBuilders(pool),
    listen: async (channel, heard) => {
      const stop = keepListening({ url: a.url, channel, heard });
      listeners.add(stop);
      return stop;
    },
    close: async () => {
      await Promise.all([...listeners].map((stop) => stop()));
      await pool.end();
    },
  };
}

function settings(url: string): pg.PoolConfig {
  return { connectionString: url, options: '-c timezone=UTC -c client_min_messages=warning', application_name: 'billow' };
}

/** Holds one connection and opens a new one when it is lost; readers look every second anyway. */
function keepListening(a: { url: string; channel: string; heard: (payload: string) => void }): () => Promise<void> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const again = () => {
    if (stopped || timer) return;
    timer = setTimeout(() => {
      timer = null;
      void open();
    }, RECONNECT_MS);
    timer.unref();
  };
  const open = async () => {
    const fresh = new pg.Client(settings(a.url));
    client = fresh;
    fresh.on('error', again);
    fresh.on('end', again);
    fresh.on('notification', (notice) => a.heard(notice.payload ?? ''));
    try {
      await fresh.connect();
      await fresh.query(`listen ${pg.escapeIdentifier(a.channel)}`);
    } catch {
      again();
    }
  };
  void open();
  return async () => {
    stopped = true;
    if (timer) clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}
