/** The store in PostgreSQL >= 15 or PGlite, through a pool shaped like `pg.Pool`. Same answers as memory.ts, by the contract suite. */
import { withAfterCommit } from './after-commit.ts';
import { migrate } from './migrations.ts';
import { createMutexes } from './mutex.ts';
import { type Batch, type Dump, LockTimeout, type Store, type StoreReads, type StoreWrites } from './port.ts';
import { sqlReads } from './postgres-reads.ts';
import { createRowCache, type RowCache } from './row-cache.ts';
import { pooled, prepared, type Runner } from './statements.ts';
import { fromSql, type SqlRow, selected, TABLES, type TableName, toSql, upsertSql, WRITTEN } from './tables.ts';

export type Statement = { name: string; text: string; values: unknown[] };
export type Client = {
  query(text: string | Statement, values?: unknown[]): Promise<{ rows: SqlRow[] }>;
  release(destroy?: boolean | Error): void;
};
/** What the store needs of a pool; `pg.Pool` and a PGlite adapter fit. The caller ends it. */
export type Pool = { connect(): Promise<Client> };

const TIMERS_AT_ONCE = 25;
const CANCEL_TIMERS = `delete from stripe_sandbox.timer t using unnest($1::text[], $2::text[], $3::text[]) as gone(account, ref, kind)
  where t.account = gone.account and t.ref = gone.ref and (gone.kind is null or t.kind = gone.kind)`;
const DEFAULT_LOCK_TIMEOUT_MS = 5000;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

const UPSERTS = Object.fromEntries(WRITTEN.map((name) => [name, upsertSql(TABLES[name])])) as Record<TableName, string>;

export function postgresStore(pool: Pool, options: { lockTimeoutMs?: number } = {}): Store {
  const lockTimeoutMs = options.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS;
  // Writers of this process take turns here, so that they do not hold connections while they wait for each other.
  const turns = createMutexes();
  const cache = createRowCache();
  return {
    async open() {
      const client = await pool.connect();
      try {
        await migrate(client);
      } finally {
        client.release();
      }
    },
    close: async () => undefined,
    timersAtOnce: TIMERS_AT_ONCE,
    read: (fn) => fn(cache.reads(sqlReads(pooled(pool)) as StoreReads, [])),
    write: (account, fn) =>
      withAfterCommit((afterCommit) =>
        turns.run(account, async () => {
          const written: Batch[] = [];
          const result = await inTransaction(pool, { account, lockTimeoutMs }, (client) =>
            fn({ ...writesOf(client, { cache, written }), afterCommit }),
          );
          cache.keep(written);
          return result;
        }),
      ),
    dump: (account) => dump(pool, account),
    async replace(account, rows) {
      await inTransaction(pool, { account: account ?? '', lockTimeoutMs }, (client) => replace(prepared(client), account, rows));
      cache.forget();
    },
    prune: async (before) => void (await pooled(pool).query('delete from stripe_sandbox.idempotency where created < $1', [before])),
  };
}

/** One transaction holding the account's advisory lock; released with it. */
async function inTransaction<T>(
  pool: Pool,
  lock: { account: string; lockTimeoutMs: number },
  fn: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // One round trip for all three; the name is quoted here because several statements take no parameters.
    const name = `stripe_sandbox ${lock.account}`.replaceAll("'", "''");
    await client.query(
      `begin; set local lock_timeout = ${Math.floor(lock.lockTimeoutMs)}; select pg_advisory_xact_lock(hashtextextended('${name}', 0))`,
    );
    const result = await fn(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw isLockFailure(error) ? new LockTimeout(String(error)) : error;
  } finally {
    client.release(broken);
  }
}

async function takeLock(client: Runner, account: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`stripe_sandbox ${account}`]);
}

function isLockFailure(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK;
}

function writesOf(client: Client, memory: { cache: RowCache; written: Batch[] }): Omit<StoreWrites, 'afterCommit'> {
  const runner = prepared(client);
  return {
    ...memory.cache.reads(sqlReads(runner), memory.written),
    lock: (account) => takeLock(runner, account),
    async commit(batch) {
      await writeBatch(runner, batch);
      memory.written.push(batch);
    },
  };
}

/** Cancellations first, then upserts: a timer set again in the same transaction stays. */
async function writeBatch(client: Runner, batch: Batch): Promise<void> {
  const cancels = batch.cancelTimers;
  if (cancels.length > 0)
    await client.query(CANCEL_TIMERS, [
      cancels.map((one) => one.account),
      cancels.map((one) => one.ref),
      cancels.map((one) => one.kind ?? null),
    ]);
  for (const { account, id } of batch.deleteTimers)
    await client.query('delete from stripe_sandbox.timer where account = $1 and id = $2', [account, id]);
  const names = WRITTEN.filter((name) => batch[name].length > 0);
  if (names.length > 0)
    await client.query(
      upsertsOf(names),
      names.map((name) => toSql(name, batch[name])),
    );
  for (const which of batch.revokeKeys) {
    const values = [which.hash ?? null, which.account ?? null, which.platform ?? null];
    await client.query(
      'delete from stripe_sandbox.api_key where ($1::text is null or hash = $1) and ($2::text is null or account = $2) and ($3::text is null or platform = $3)',
      values,
    );
  }
}

const together = new Map<string, string>();

/** The upserts of several tables as one statement: on the embedded engine the number of statements is what costs. */
function upsertsOf(names: TableName[]): string {
  const key = names.join();
  let text = together.get(key);
  if (text === undefined) {
    const parts = names.map((name, index) => UPSERTS[name].replace('$1', `$${index + 1}`));
    const last = parts.pop() ?? '';
    text = parts.length === 0 ? last : `with ${parts.map((part, index) => `w${index} as (${part})`).join(', ')} ${last}`;
    together.set(key, text);
  }
  return text;
}

/** The column that says whose row it is. */
const OWNER: Record<TableName, string> = {
  accounts: 'id = $1',
  keys: 'account = $1',
  objects: 'account = $1',
  events: 'account = $1',
  deliveries: '(account = $1 or endpoint_account = $1)',
  timers: 'account = $1',
  meterEvents: 'account = $1',
  idempotency: 'account = $1',
};
const ORDER: Partial<Record<TableName, string>> = {
  objects: 'account, seq',
  events: 'account, seq',
  timers: 'account, seq',
  meterEvents: 'account, seq',
  accounts: 'created, id',
};

async function dump(pool: Pool, account: string | undefined): Promise<Dump> {
  const result: Partial<Record<TableName, unknown[]>> = {};
  for (const name of WRITTEN) {
    const where = account === undefined ? '' : `where ${OWNER[name]}`;
    const order = ORDER[name] === undefined ? '' : `order by ${ORDER[name]}`;
    const { rows } = await pooled(pool).query(
      `select ${selected(name)} from stripe_sandbox.${TABLES[name].name} ${where} ${order}`,
      account === undefined ? [] : [account],
    );
    result[name] = rows.map((row) => fromSql(name, row));
  }
  return result as unknown as Dump;
}

async function replace(client: Runner, account: string | undefined, rows: Dump): Promise<void> {
  for (const name of WRITTEN) {
    const where = account === undefined ? '' : `where ${OWNER[name]}`;
    await client.query(`delete from stripe_sandbox.${TABLES[name].name} ${where}`, account === undefined ? [] : [account]);
  }
  for (const name of WRITTEN) if (rows[name].length > 0) await client.query(UPSERTS[name], [toSql(name, rows[name])]);
}
