import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { type Database, queryBuilders } from './engine.ts';
import { unpackTemplate } from './unpack-template.ts';

const CONNECT_TIMEOUT_MS = 30_000;
/** Saves 90 MB at opening (measured); one connection needs no more. */
const SETTINGS = ['shared_buffers=16MB', 'max_connections=8'];

export type EmbeddedInput = {
  /** Folder of the database, or null for one in memory. */
  folder: string | null;
  /** A dump to start from where the folder is new. */
  template?: Blob | null;
  connectTimeoutMs?: number;
};

/** Opens the embedded database: one session, and one pool of one connection that everything goes through (stack.md 3). */
export async function openEmbedded(a: EmbeddedInput): Promise<Database & { pglite: PGlite }> {
  const unpacked = a.folder !== null && a.template ? { template: a.template, folder: a.folder } : null;
  if (unpacked) await unpackTemplate(unpacked);
  else if (a.folder !== null) await mkdir(a.folder, { recursive: true });
  const pglite = await PGlite.create(a.folder ?? 'memory://', {
    ...(a.template && !unpacked ? { loadDataDir: a.template } : {}),
    postgresqlconf: SETTINGS,
  });
  const pool = new pg.Pool({
    ...(connection(pglite) as unknown as pg.PoolConfig),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: a.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // A client that failed in the middle leaves the session in an aborted transaction for the next one, and its prepared statements.
    verify: (client: pg.PoolClient, done: (error?: Error) => void) =>
      void client.query('ROLLBACK; DEALLOCATE ALL').then(() => done(), done),
  } as pg.PoolConfig);
  pool.on('error', () => {});
  return {
    engine: 'pglite',
    pglite,
    pool,
    ...queryBuilders(pool),
    listen: async (channel, heard) => pglite.listen(channel, heard),
    close: async () => {
      await pool.end();
      await pglite.close();
    },
  };
}

/** The driver passes a query's type parsers on as the statement's parameter types; this adapter would read them as such. */
function connection(pglite: PGlite) {
  const config = createPgConfig(pglite);
  const parse = config.connection.parse.bind(config.connection);
  config.connection.parse = (query: object) => parse({ ...query, types: undefined });
  return config;
}
