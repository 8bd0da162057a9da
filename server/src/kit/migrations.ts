import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

export type Migration = { name: string; sql: string; hash: string };

const FOLDER = join(import.meta.dirname, '../../migrations');
const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;
/** Any fixed number: two processes that start at once take turns. */
const LOCK = 42_420_001;

/** The SQL files in order. */
export async function readMigrations(folder: string = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => FILE.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** One hash over all files, for caches of a migrated database. */
export function hashOf(migrations: readonly Migration[]): string {
  const hash = createHash('sha256');
  for (const migration of migrations) hash.update(`${migration.name} ${migration.hash}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Applies what is missing, each file in its own transaction. Throws where an applied file has changed or vanished. Answers the names applied. */
export async function migrate(pool: pg.Pool, migrations: readonly Migration[]): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    await client.query(
      'create table if not exists applied_migrations (name text collate "C" primary key, hash text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string; hash: string }>('select name, hash from applied_migrations order by name');
    refuseChanged(rows, migrations);
    const done = new Set(rows.map((row) => row.name));
    const missing = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.query(`select pg_advisory_unlock(${LOCK})`).catch(() => {});
    client.release();
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into applied_migrations (name, hash) values ($1, $2)', [migration.name, migration.hash]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function refuseChanged(applied: readonly { name: string; hash: string }[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.hash]));
  for (const row of applied) {
    const hash = known.get(row.name);
    if (hash === undefined)
      throw new Error(`The database has the migration ${row.name}, which this version does not know: it was made by a newer Billow.`);
    if (hash !== row.hash)
      throw new Error(`The migration ${row.name} was changed after it had been applied: migrations are never edited, add a new one.`);
  }
}
