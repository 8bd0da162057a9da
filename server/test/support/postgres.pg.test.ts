import pg from 'pg';
import { expect, inject, test } from 'vitest';

test('the project pg hands over an empty PostgreSQL 15 or later', async () => {
  const client = new pg.Client({ connectionString: inject('databaseUrl') ?? undefined });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT version() AS version, current_setting($1) AS fsync', ['fsync']);
    expect(Number(/PostgreSQL (\d+)/.exec(rows[0].version)?.[1])).toBeGreaterThanOrEqual(15);
    expect(rows[0].fsync).toBe('off');
  } finally {
    await client.end();
  }
});
