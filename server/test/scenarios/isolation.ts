import type { App } from '../../src/kit/context.ts';

/** One operation of the API document. */
export type Operation = { method: string; path: string; params: string[]; filters: string[] };

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
/** Query parameters that page, sort or wait instead of naming something. */
const NO_FILTER = new Set(['limit', 'cursor', 'wait']);

type Parameter = { name: string; in: string };
type Document = { paths: Record<string, Record<string, { parameters?: Parameter[]; 'x-scope'?: unknown }>> };

/** Every operation that an API key of one environment can call; what needs no environment or a person is tested elsewhere. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      if (!operation || operation['x-scope'] === 'public') return [];
      const parameters = operation.parameters ?? [];
      return {
        method: method.toUpperCase(),
        path,
        params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''),
        filters: parameters.filter(({ name, in: place }) => place === 'query' && !NO_FILTER.has(name)).map(({ name }) => name),
      };
    }),
  );
}

/** Ids of an environment's rows by table and column: ours, and those of the Stripe objects they stand for. */
export async function idsOf(app: App, environmentId: string): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  for (const { table, columns } of await tablesOf(app)) {
    for (const column of columns.filter((name) => name === 'id' || name === 'stripe_id' || name === 'event_id')) {
      const { rows } = await app.pool.query(
        `select distinct "${column}" as id from "${table}" where environment_id = $1 and "${column}" is not null`,
        [environmentId],
      );
      if (rows.length > 0)
        ids.set(
          `${table}.${column}`,
          rows.map(({ id }) => String(id)).filter((id) => id.includes('_')),
        );
    }
  }
  return ids;
}

/** How many rows each table has of an environment and what they say, but for what any request may note (keys' last use, idempotency). */
export async function fingerprint(app: App, environmentId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { table } of (await tablesOf(app)).filter((one) => one.table !== 'api_keys' && one.table !== 'work_claims')) {
    const text = `select count(*)::int as rows, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from "${table}" t where environment_id = $1`;
    const { rows } = await app.pool.query(text, [environmentId]);
    found[table] = `${rows[0].rows} ${rows[0].hash}`;
  }
  return found;
}

async function tablesOf(app: App): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await app.pool.query(
    `select table_name as "table", array_agg(column_name::text) as columns from information_schema.columns
      where table_schema = current_schema() group by table_name having 'environment_id' = any(array_agg(column_name::text)) order by table_name`,
  );
  return rows;
}
