import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** In the project `pg` the server gets a database of its own on the shared PostgreSQL; otherwise null: the embedded one. */
export async function ownDatabase(): Promise<string | null> {
  const url = inject('databaseUrl');
  if (url === null) return null;
  const name = `process_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return url.replace(/\/[^/]*$/, `/${name}`);
}
