/** The Sandbox's own schema and its migrations: forward only, run at start under one lock, the same SQL on PGlite and PostgreSQL >= 15. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from './postgres.ts';

const DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), 'migrations');
/** Any fixed number: two processes starting together take turns. */
const MIGRATION_LOCK = 7_424_242;

/** Brings the schema up to date; answers the names of what ran. */
export async function migrate(client: Client): Promise<string[]> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('create schema if not exists stripe_sandbox');
    await client.query('create table if not exists stripe_sandbox.migration (name text primary key)');
    const done = new Set((await client.query('select name from stripe_sandbox.migration')).rows.map((row) => row.name as string));
    const pending = readdirSync(DIRECTORY)
      .filter((name) => name.endsWith('.sql') && !done.has(name))
      .sort();
    for (const name of pending) {
      for (const statement of statementsOf(readFileSync(join(DIRECTORY, name), 'utf8'))) await client.query(statement);
      await client.query('insert into stripe_sandbox.migration (name) values ($1)', [name]);
    }
    await client.query('commit');
    return pending;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Migrations hold plain statements only, so a semicolon at a line's end is a statement's end. */
function statementsOf(sql: string): string[] {
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
