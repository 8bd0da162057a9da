/** Stores for tests: in memory, and SQL on the embedded database or on the PostgreSQL of the project `pg`. */
import type pg from 'pg';
import { cachedStore } from '../store/cached.ts';
import { memoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { postgresStore } from '../store/postgres.ts';

export type TestStore = { name: string; open(): Promise<{ store: Store; close(): Promise<void> }> };

/** `databaseUrl` null means the embedded database. */
export function testStores(databaseUrl: string | null): TestStore[] {
  return [
    { name: 'memory', open: openMemory },
    { name: 'memory, cached', open: openCached },
    databaseUrl === null ? { name: 'PGlite', open: openPglite } : { name: 'PostgreSQL', open: () => openPostgres(databaseUrl) },
  ];
}

async function openMemory() {
  const store = memoryStore();
  await store.open();
  return { store, close: () => store.close() };
}

async function openCached() {
  const store = cachedStore(memoryStore());
  return { store, close: () => store.close() };
}

export async function openPglite(folder = 'memory://') {
  const [{ PGlite }, { createPgConfig }, { default: driver }] = await drivers();
  const pglite = await PGlite.create(folder);
  const pool = new driver.Pool({ ...(createPgConfig(pglite) as unknown as pg.PoolConfig), max: 1, idleTimeoutMillis: 0 });
  const store = postgresStore(pool);
  await store.open();
  return {
    store,
    /** Another store on the same tables, as another process would open it. */
    twin: () => postgresStore(pool),
    async close() {
      await pool.end();
      await pglite.close();
    },
  };
}

async function openPostgres(url: string) {
  const { default: driver } = await import('pg');
  const pool = new driver.Pool({ connectionString: url });
  await pool.query('drop schema if exists stripe_sandbox cascade');
  const store = postgresStore(pool);
  await store.open();
  return { store, close: () => pool.end() };
}

/** Loaded on demand: who only uses the memory store needs no database driver installed. */
function drivers() {
  return Promise.all([import('@electric-sql/pglite'), import('@electric-sql/pglite/node-postgres'), import('pg')]);
}
