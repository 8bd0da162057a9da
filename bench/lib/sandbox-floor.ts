import type { Pool } from 'pg';

/** The least that could answer a request in process: read the form, keep an object, write it as JSON into a Response. */
export function bareApi(): (init: { method: string; body?: string }) => Promise<void> {
  const kept = new Map<string, object>();
  let made = 0;
  return async ({ body }) => {
    const fields = Object.fromEntries(new URLSearchParams(body ?? ''));
    made += 1;
    const customer = { id: `cus_${made % 1000}`, object: 'customer', created: made, ...EMPTY, ...fields };
    kept.set(customer.id, structuredClone(customer));
    await new Response(JSON.stringify(customer, null, 2), { headers: { 'content-type': 'application/json' } }).text();
  };
}

const EMPTY = {
  address: null,
  balance: 0,
  currency: null,
  description: null,
  discount: null,
  email: null,
  invoice_prefix: 'ABCD',
  metadata: {},
};

/** The least durable work of one write: an object, its event and its idempotency answer in one transaction. */
export async function bareCommit(pool: Pool): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('create schema floor');
  for (const name of ['object', 'event', 'answer'])
    await client.query(`create table floor.${name} (id text primary key, doc jsonb not null)`);
  client.release();
  let made = 0;
  const insert = (name: string) => ({ name: `floor_${name}`, text: `insert into floor.${name} values ($1, $2)` });
  return async () => {
    made += 1;
    const doc = JSON.stringify({ ...EMPTY, id: made, padding: 'x'.repeat(1200) });
    const one = await pool.connect();
    await one.query('begin');
    for (const name of ['object', 'event', 'answer']) await one.query({ ...insert(name), values: [`row_${made}`, doc] });
    await one.query('commit');
    one.release();
  };
}
