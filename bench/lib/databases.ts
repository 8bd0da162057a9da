import pg from 'pg';
import type { Postgres } from '../../scripts/lib/postgres.ts';

let made = 0;

/** A fresh empty database on the benchmark's own PostgreSQL; null when the run is on the embedded engine. */
export async function freshDatabase(postgres: Postgres | null): Promise<string | null> {
  if (!postgres) return null;
  const name = `bench_${++made}`;
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return postgres.url.replace(/\/[^/]*$/, `/${name}`);
}
