import { AsyncLocalStorage } from 'node:async_hooks';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Ctx } from './context.ts';
import { sqlState } from './errors.ts';
import type { DB } from './schema.generated.ts';

/** Serialization failure, deadlock, and two writers that gave one object's events the same number. */
const RETRIED_STATES = new Set(['40001', '40P01']);
const RETRIED_INDEX = 'events_object_seq';
const ATTEMPTS = 5;
const BACKOFF_MS = 10;

type Open = { isOpen: boolean };
const openTransaction = new AsyncLocalStorage<Open>();
const hooks = new WeakMap<Kysely<DB>, (() => void)[]>();

/**
 * Runs `fn` in one database transaction and commits it; nested calls reuse the open one. Serialization failures and deadlocks
 * run `fn` again from the start, so it must not change anything outside the database.
 */
export async function transaction<T>(ctx: Ctx, fn: (tx: Ctx) => Promise<T>): Promise<T> {
  if (ctx.inTransaction) return fn(ctx);
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(ctx, fn);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isRetried(error)) throw error;
      await ctx.machineClock.sleep(BACKOFF_MS * attempt * (1 + ctx.app.ids.fraction()));
    }
  }
}

/** Runs `fn` once the transaction has committed (never when it rolls back); at once where none is open. */
export function afterCommit(tx: Ctx, fn: () => void): void {
  const waiting = hooks.get(tx.db);
  if (tx.inTransaction && waiting) waiting.push(fn);
  else fn();
}

/** True inside `transaction`, whichever handle the caller holds. */
export function isInTransaction(): boolean {
  return openTransaction.getStore()?.isOpen === true;
}

/** Throws where a transaction is open: a network call must never hold one (reliability.md 6). */
export function assertNoTransaction(what: string): void {
  if (isInTransaction()) throw new Error(`${what} inside a transaction: write the row, commit, then call`);
}

/** A value for a jsonb column. Amounts (bigint) become integers while they are safe, strings beyond; instants become RFC 3339. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${stringify(value)}::jsonb`;
}

/** JSON text with the same rules as `json`. */
export function stringify(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) => (typeof item === 'bigint' ? wireBigint(item) : item));
}

/** Takes an advisory lock that ends with the transaction, on anything that has a name (lock order: reliability.md 6). */
export async function lockName(tx: Ctx, kind: string, id: string): Promise<void> {
  if (!tx.inTransaction) throw new Error(`lockName(${kind}) outside a transaction would be released at once`);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.environmentId}:${kind}:${id}`}, 0))`.execute(tx.db);
}

async function once<T>(ctx: Ctx, fn: (tx: Ctx) => Promise<T>): Promise<T> {
  if (isInTransaction()) throw new Error('transaction() got the outer ctx inside an open transaction: pass the tx on');
  const waiting: (() => void)[] = [];
  const value = await ctx.db.transaction().execute(async (db) => {
    hooks.set(db, waiting);
    const open = { isOpen: true };
    try {
      return await openTransaction.run(open, () => fn({ ...ctx, db, inTransaction: true }));
    } finally {
      open.isOpen = false;
    }
  });
  for (const hook of waiting) hook();
  return value;
}

function isRetried(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return false;
  return RETRIED_STATES.has(state) || (error as { constraint?: string }).constraint === RETRIED_INDEX;
}

function wireBigint(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
