import type { SourceText } from './tree.ts';

/**
 * Tables that are reached before the environment is known (model.md section 0), the auth library's own, and the two that
 * describe the installation or the model itself. Everything else is business and carries its environment.
 */
const GLOBAL_TABLES = new Set([
  'users',
  'sessions',
  'organizations',
  'members',
  'invitations',
  'environments',
  'instance_settings',
  'installation',
  // the auth library
  'user',
  'session',
  'account',
  'verification',
  'organization',
  'member',
  'invitation',
  'two_factor',
  'twoFactor',
  'credentials',
  'verifications',
  'two_factors',
  'rate_limit',
  'rateLimit',
  'sign_in_links',
  // the model: which change of status is allowed, the same for everybody
  'status_transitions',
]);

export type Table = { name: string; body: string; path: string };

/** Every business table has a column environment_id. */
export function environmentColumn(migrations: SourceText[]): string[] {
  return tablesOf(migrations)
    .filter(({ name, body }) => !GLOBAL_TABLES.has(name) && !/"?\benvironment_id\b"?\s+text\b/i.test(body))
    .map(({ name, path }) => `${path}: table ${name} has no environment_id`);
}

/** The tables that CREATE TABLE statements make; partitions have their parent's columns and are left out. */
export function tablesOf(migrations: SourceText[]): Table[] {
  return migrations.flatMap(({ path, text }) => {
    const sql = text.replace(/--[^\n]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '');
    const starts = sql.matchAll(
      /CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"?\w+"?\.)?"?(\w+)"?\s*(\(|PARTITION\s+OF)/gi,
    );
    return [...starts]
      .filter((match) => match[2] === '(')
      .map((match) => ({ name: match[1] ?? '', body: parenthesized(sql, match.index + match[0].length), path }));
  });
}

/** Migrations are numbered, and no number is used twice, so that "forward only" has one order. */
export function migrationNumbers(migrations: SourceText[]): string[] {
  const names = migrations.map(({ path }) => path.split('/').at(-1) ?? '').sort();
  return names.flatMap((name, index) => {
    if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name)) return [`${name}: a migration is called 0001_subject.sql`];
    return name.slice(0, 4) === names[index - 1]?.slice(0, 4) ? [`${name}: the number is taken by ${names[index - 1]}`] : [];
  });
}

/** The auth library writes its own tables and keeps their times. */
const NO_DEFAULT_TIME = 'time comes from a clock of the program, never from a default';

const FORBIDDEN_SQL: [RegExp, string][] = [
  [/\bCREATE\s+EXTENSION\b/i, 'extensions do not exist on every engine'],
  [/\buuidv7\s*\(/i, 'uuidv7() is newer than PostgreSQL 15'],
  [/\bEXCLUDE\s+USING\b/i, 'exclusion constraints do not distribute'],
  [/\bGENERATED\s+ALWAYS\s+AS\s*\([^)]*\)\s*VIRTUAL\b/i, 'virtual generated columns are newer than PostgreSQL 15'],
  [/\bDEFAULT\s+(now\s*\(|CURRENT_TIMESTAMP|clock_timestamp\s*\()/i, NO_DEFAULT_TIME],
];

/** Only SQL that PGlite, PostgreSQL 15 and distributed PostgreSQL share (model.md section 0). */
export function portableSql(migrations: SourceText[]): string[] {
  return migrations.flatMap(({ path, text }) => {
    const sql = text.replace(/--[^\n]*/g, '');
    return FORBIDDEN_SQL.filter(([pattern, why]) => pattern.test(sql) && !(why === NO_DEFAULT_TIME && /_auth\.sql$/.test(path))).map(
      ([, why]) => `${path}: ${why}`,
    );
  });
}

function parenthesized(sql: string, from: number): string {
  let depth = 1;
  let at = from;
  for (; at < sql.length && depth > 0; at++) {
    if (sql[at] === '(') depth++;
    if (sql[at] === ')') depth--;
  }
  return sql.slice(from, at - 1);
}
