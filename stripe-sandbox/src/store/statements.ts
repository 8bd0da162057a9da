/** Prepared statements: parsing and planning are half of what a query costs on the embedded engine (measured). */
import { createHash } from 'node:crypto';
import type { Client, Pool } from './postgres.ts';
import type { SqlRow } from './tables.ts';

export type Runner = { query(text: string, values?: unknown[]): Promise<{ rows: SqlRow[] }> };

const names = new Map<string, string>();
const clients = new WeakMap<object, number>();
let clientCount = 0;

/** Runs each text as a named statement of this client. The embedded engine keeps names across clients, hence the client's number in them. */
export function prepared(client: Client): Runner {
  let own = clients.get(client);
  if (own === undefined) {
    clientCount += 1;
    own = clientCount;
    clients.set(client, own);
  }
  return { query: (text, values = []) => client.query({ name: `${nameOf(text)}_${own}`, text, values }) };
}

/** One statement on whatever client is free. */
export function pooled(pool: Pool): Runner {
  return {
    async query(text, values) {
      const client = await pool.connect();
      try {
        const result = await prepared(client).query(text, values);
        client.release();
        return result;
      } catch (error) {
        client.release();
        throw error;
      }
    },
  };
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `ss_${createHash('sha1').update(text).digest('base64url').slice(0, 16)}`;
    names.set(text, name);
  }
  return name;
}
