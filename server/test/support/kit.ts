import { createHash } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { createApp } from '../../src/kit/app.ts';
import { type App, type Ctx, contextFor, type Mode } from '../../src/kit/context.ts';
import type { Database } from '../../src/kit/engine.ts';
import { openEmbedded } from '../../src/kit/engine-pglite.ts';
import { openPostgres } from '../../src/kit/engine-postgres.ts';
import { createLog, silentLog } from '../../src/kit/log.ts';
import { hostClock, type MachineClock } from '../../src/kit/machine-clock.ts';
import { hashOf, migrate, readMigrations } from '../../src/kit/migrations.ts';
import { openRooms, type Room } from '../../src/kit/room.ts';
import { ensureTemplate } from '../../src/kit/template.ts';

export type Kit = {
  app: App;
  database: Database;
  /** A sandbox environment whose clock stands at `now`. */
  environmentId: string;
  organizationId: string;
  /** A fresh context of the environment. */
  ctx(environmentId?: string): Promise<Ctx>;
  /** Another environment of the same organization. */
  addEnvironment(a?: { mode?: Mode; now?: string | null }): Promise<string>;
  /** Sets the simulated clock without running anything. */
  setClock(instant: string, environmentId?: string): Promise<void>;
  close(): Promise<void>;
};

export type KitInput = { rooms?: readonly Room[]; now?: string; machineClock?: MachineClock; config?: Partial<Config>; verbose?: boolean };

export const TEST_MASTER_KEY = createHash('sha256').update('the master key of the tests').digest();
const START = '2026-01-01T00:00:00Z';

/** Database, App and one sandbox environment, without HTTP and without readers: for tests of rooms and of the kit itself. */
export async function startKit(a: KitInput = {}): Promise<Kit> {
  const database = await openTestDatabase();
  const log = a.verbose ? createLog({ level: 'debug' }) : silentLog();
  const config = { ...readConfig({ env: {} }), logLevel: 'silent' as const, ...a.config };
  const app = createApp({ config, database, masterKey: TEST_MASTER_KEY, log, machineClock: a.machineClock ?? hostClock() });
  await openRooms(app, a.rooms ?? []);
  await app.jobs.start();
  const organizationId = app.ids.make('organization');
  const machineNow = app.machineClock.now();
  await app.db
    .insertInto('organizations')
    .values({ id: organizationId, name: 'Test company', created_at: machineNow, updated_at: machineNow })
    .execute();
  const addEnvironment = (input: { mode?: Mode; now?: string | null } = {}) =>
    insertEnvironment(app, { organizationId, mode: 'sandbox', now: a.now ?? START, ...input });
  const environmentId = await addEnvironment();
  return {
    app,
    database,
    environmentId,
    organizationId,
    addEnvironment,
    ctx: (id = environmentId) => contextFor(app, { environmentId: id, actor: 'system', scopes: new Set(['full']) }),
    setClock: async (instant, id = environmentId) => {
      await app.db
        .updateTable('environments')
        .set({ clock_now: Temporal.Instant.from(instant) })
        .where('id', '=', id)
        .execute();
    },
    close: async () => {
      await app.queues.stop();
      await app.jobs.stop();
      await database.close();
    },
  };
}

async function insertEnvironment(app: App, a: { organizationId: string; mode: Mode; now: string | null }): Promise<string> {
  const id = app.ids.make('environment');
  const at = app.machineClock.now();
  await app.db
    .insertInto('environments')
    .values({
      id,
      organization_id: a.organizationId,
      slug: id,
      name: 'Test environment',
      mode: a.mode,
      color: 'blue',
      clock_kind: a.now === null ? 'wall' : 'simulated',
      clock_now: a.now === null ? null : Temporal.Instant.from(a.now),
      created_at: at,
      updated_at: at,
    })
    .execute();
  return id;
}

/** The engine of the vitest project: embedded in memory from the template, or a database of its own on the project's PostgreSQL. */
export async function openTestDatabase(): Promise<Database> {
  const url = inject('databaseUrl');
  const migrations = await readMigrations();
  if (url === null) return openEmbedded({ folder: null, template: await ensureTemplate(migrations), connectTimeoutMs: 5_000 });
  return openPostgres({ url: await createDatabase(url, `template_${hashOf(migrations)}`) });
}

let databases = 0;

/** A fresh database copied from a migrated template; the first caller makes the template. */
export async function createDatabase(url: string, template: string): Promise<string> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(4242)');
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount === 0) await makeTemplate({ admin, url, template });
    databases += 1;
    const name = `test_${process.pid}_${databases}_${createHash('sha256').update(String(process.hrtime.bigint())).digest('hex').slice(0, 8)}`;
    await admin.query(`create database ${name} template ${template}`);
    return withDatabase(url, name);
  } finally {
    await admin.end();
  }
}

async function makeTemplate(a: { admin: pg.Client; url: string; template: string }): Promise<void> {
  await a.admin.query(`create database ${a.template}_new`);
  const pool = new pg.Pool({ connectionString: withDatabase(a.url, `${a.template}_new`), max: 1 });
  await migrate(pool, await readMigrations());
  await pool.end();
  await a.admin.query(`alter database ${a.template}_new rename to ${a.template}`);
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.toString();
}
