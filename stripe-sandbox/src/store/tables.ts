/** The SQL tables as data: which column holds which field, so that reading and writing rows is one function each. */
import { COLUMNS, columnsOf } from './columns.ts';
import type { Batch, Dump, ObjectRow } from './port.ts';

export type Kind = 'text' | 'bigint' | 'integer' | 'boolean' | 'jsonb' | 'numeric';
export type Table = { name: string; key: string[]; columns: [column: string, field: string, kind: Kind][] };
export type TableName = keyof Dump;

export const TABLES: Record<TableName, Table> = {
  accounts: {
    name: 'account',
    key: ['id'],
    columns: [
      ['id', 'id', 'text'],
      ['created', 'created', 'bigint'],
      ['settings', 'settings', 'jsonb'],
      ['api_version', 'apiVersion', 'text'],
      ['clock_mode', 'clockMode', 'text'],
      ['clock_id', 'clockId', 'text'],
      ['seq', 'seq', 'bigint'],
      ['counters', 'counters', 'jsonb'],
    ],
  },
  keys: {
    name: 'api_key',
    key: ['hash'],
    columns: [
      ['hash', 'hash', 'text'],
      ['account', 'account', 'text'],
      ['kind', 'kind', 'text'],
      ['permissions', 'permissions', 'jsonb'],
      ['platform', 'platform', 'text'],
      ['expires_at', 'expiresAt', 'bigint'],
      ['hint', 'hint', 'text'],
    ],
  },
  objects: {
    name: 'object',
    key: ['account', 'id'],
    columns: [
      ['account', 'account', 'text'],
      ['id', 'id', 'text'],
      ['object', 'object', 'text'],
      ['created', 'created', 'bigint'],
      ['seq', 'seq', 'bigint'],
      ['clock', 'clock', 'text'],
      ['deleted', 'deleted', 'boolean'],
      ['doc', 'doc', 'jsonb'],
      ...COLUMNS.map((column): [string, string, Kind] => [column, column, 'text']),
    ],
  },
  events: {
    name: 'event',
    key: ['account', 'id'],
    columns: [
      ['account', 'account', 'text'],
      ['id', 'id', 'text'],
      ['seq', 'seq', 'bigint'],
      ['type', 'type', 'text'],
      ['created', 'created', 'bigint'],
      ['recorded_at', 'recordedAt', 'bigint'],
      ['object_id', 'objectId', 'text'],
      ['clock', 'clock', 'text'],
      ['doc', 'doc', 'jsonb'],
    ],
  },
  deliveries: {
    name: 'delivery',
    key: ['id'],
    columns: [
      ['id', 'id', 'text'],
      ['account', 'account', 'text'],
      ['event', 'event', 'text'],
      ['event_seq', 'eventSeq', 'bigint'],
      ['event_type', 'eventType', 'text'],
      ['object_id', 'objectId', 'text'],
      ['clock', 'clock', 'text'],
      ['endpoint_account', 'endpointAccount', 'text'],
      ['endpoint', 'endpoint', 'text'],
      ['attempts', 'attempts', 'integer'],
      ['due_at', 'dueAt', 'bigint'],
      ['status', 'status', 'text'],
      ['response_status', 'responseStatus', 'integer'],
      ['response_body', 'responseBody', 'text'],
      ['duration_ms', 'durationMs', 'integer'],
    ],
  },
  timers: {
    name: 'timer',
    key: ['account', 'id'],
    columns: [
      ['account', 'account', 'text'],
      ['id', 'id', 'text'],
      ['clock', 'clock', 'text'],
      ['due_at', 'dueAt', 'bigint'],
      ['seq', 'seq', 'bigint'],
      ['kind', 'kind', 'text'],
      ['ref', 'ref', 'text'],
      ['data', 'data', 'jsonb'],
    ],
  },
  meterEvents: {
    name: 'meter_event',
    key: ['account', 'id'],
    columns: [
      ['account', 'account', 'text'],
      ['id', 'id', 'text'],
      ['seq', 'seq', 'bigint'],
      ['meter', 'meter', 'text'],
      ['customer', 'customer', 'text'],
      ['event_name', 'eventName', 'text'],
      ['identifier', 'identifier', 'text'],
      ['at', 'at', 'bigint'],
      ['received', 'received', 'bigint'],
      ['value', 'value', 'numeric'],
      ['cancelled', 'cancelled', 'boolean'],
    ],
  },
  idempotency: {
    name: 'idempotency',
    key: ['account', 'key'],
    columns: [
      ['account', 'account', 'text'],
      ['key', 'key', 'text'],
      ['route', 'route', 'text'],
      ['hash', 'hash', 'text'],
      ['request_id', 'requestId', 'text'],
      ['status', 'status', 'integer'],
      ['headers', 'headers', 'jsonb'],
      ['body', 'body', 'text'],
      ['created', 'created', 'bigint'],
    ],
  },
};

/** The tables a batch writes with upserts, in order. */
export const WRITTEN: TableName[] = ['accounts', 'keys', 'objects', 'events', 'deliveries', 'timers', 'meterEvents', 'idempotency'];

// biome-ignore lint/suspicious/noExplicitAny: a row as the driver hands it over
export type SqlRow = Record<string, any>;

/** One statement for any number of rows: the rows travel as one JSON parameter. */
export function upsertSql(table: Table): string {
  const names = table.columns.map(([column]) => column);
  const types = table.columns.map(([column, , kind]) => `${column} ${kind}`).join(', ');
  const changed = names.filter((name) => !table.key.includes(name)).map((name) => `${name} = excluded.${name}`);
  return `insert into stripe_sandbox.${table.name} (${names.join(', ')})
    select ${names.join(', ')} from jsonb_to_recordset($1::jsonb) as r(${types})
    on conflict (${table.key.join(', ')}) do update set ${changed.join(', ')}`;
}

/** The rows as the JSON the statement reads; objects get their index columns here. */
export function toSql(name: TableName, rows: Batch[TableName]): string {
  const { columns } = TABLES[name];
  const plain = (rows as SqlRow[]).map((row) => {
    const source: SqlRow = name === 'objects' ? { ...row, ...columnsOf((row as ObjectRow).doc) } : row;
    return Object.fromEntries(columns.map(([column, field]) => [column, source[field] ?? null]));
  });
  return JSON.stringify(plain);
}

/** The driver's row as ours: bigints become numbers (they stay below 2^53). */
export function fromSql<T>(name: TableName, row: SqlRow): T {
  const result: SqlRow = {};
  for (const [column, field, kind] of TABLES[name].columns) {
    if (!(column in row)) continue;
    const value = row[column];
    result[field] = value === null ? null : fromColumn(value, kind);
  }
  return result as T;
}

function fromColumn(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case 'bigint':
      return Number(value);
    case 'numeric':
      return String(value);
    case 'jsonb':
      return typeof value === 'string' ? JSON.parse(value) : value;
    default:
      return value;
  }
}

/** The columns to read back; an object's index columns live in its document already. */
export function selected(name: TableName): string {
  return TABLES[name].columns
    .map(([column]) => column)
    .filter((column) => name !== 'objects' || !(COLUMNS as readonly string[]).includes(column))
    .join(', ');
}
