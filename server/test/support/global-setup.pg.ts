import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../../scripts/lib/postgres.ts';

/** Starts an empty PostgreSQL for the project `pg`, provides its address as `databaseUrl`, and removes it after the last test. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres({ durable: false });
  project.provide('databaseUrl', postgres.url);
  return () => postgres.stop();
}
