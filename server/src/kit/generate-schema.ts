/** Writes schema.generated.ts from the migrations: `node server/src/kit/generate-schema.ts --write`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { openEmbedded } from './engine-pglite.ts';
import { migrate, readMigrations } from './migrations.ts';

const TARGET = 'server/src/kit/schema.generated.ts';
const TYPES: Record<string, string> = {
  int8: 'bigint',
  int4: 'number',
  int2: 'number',
  float8: 'number',
  numeric: 'string',
  text: 'string',
  varchar: 'string',
  date: 'string',
  bool: 'boolean',
  timestamptz: 'Temporal.Instant',
  jsonb: 'unknown',
  bytea: 'Uint8Array',
  _text: 'string[]',
  _numeric: 'string[]',
  _int8: 'bigint[]',
};

type Column = { table_name: string; column_name: string; udt_name: string; is_nullable: string; column_default: string | null };

/** The generated file, made from an empty embedded database with every migration applied. */
export async function generate(): Promise<{ path: string; text: string }[]> {
  const database = await openEmbedded({ folder: null });
  try {
    await migrate(database.pool, await readMigrations());
    return [{ path: TARGET, text: render(await columns(database.pool)) }];
  } finally {
    await database.close();
  }
}

async function columns(pool: pg.Pool): Promise<Column[]> {
  const { rows } = await pool.query<Column>(
    `select c.table_name, c.column_name, c.udt_name, c.is_nullable, c.column_default from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by c.table_name collate "C", c.ordinal_position`,
  );
  return rows;
}

function render(all: Column[]): string {
  const tables = Map.groupBy(all, (column) => column.table_name);
  const interfaces = [...tables].map(([name, own]) => `export interface ${pascal(name)} {\n${own.map(line).join('\n')}\n}\n`);
  const index = [...tables.keys()].map((name) => `  ${name}: ${pascal(name)};`).join('\n');
  return [
    '// Generated from server/migrations by server/src/kit/generate-schema.ts. Do not edit.',
    "import type { ColumnType, Generated } from 'kysely';\n",
    ...interfaces,
    `export interface DB {\n${index}\n}\n`,
  ].join('\n');
}

function line(column: Column): string {
  const plain = TYPES[column.udt_name];
  if (plain === undefined) throw new Error(`${column.table_name}.${column.column_name}: no TypeScript type for ${column.udt_name}`);
  const nullable = column.is_nullable === 'YES' && plain !== 'unknown';
  return `  ${column.column_name}: ${typeText({ column, plain, nullable })};`;
}

function typeText(a: { column: Column; plain: string; nullable: boolean }): string {
  const hasDefault = a.column.column_default !== null;

  if (a.column.udt_name !== 'numeric') {
    const type = a.nullable ? `${a.plain} | null` : a.plain;
    return hasDefault ? `Generated<${type}>` : type;
  }
  // numeric also takes a bigint, which the driver writes as its digits.
  const none = a.nullable ? ' | null' : '';
  return `ColumnType<string${none}, string | bigint${none}${hasDefault ? ' | undefined' : ''}, string | bigint${none}>`;
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z0-9])/g, (_all, _start, letter: string) => letter.toUpperCase());
}

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  for (const { path, text } of await generate()) await writeFile(join(import.meta.dirname, '../../..', path), text);
}
