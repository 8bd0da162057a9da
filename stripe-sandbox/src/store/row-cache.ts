/**
 * Object rows the SQL store has read or written, so that a renewal does not ask the database for the same customer, price and product again.
 * Every commit that writes objects moves its account's `seq`; a transaction reads the account first, and when the `seq` is not the remembered
 * one (another process wrote), everything remembered of that account is forgotten.
 */
import { cloneOf } from './clone.ts';
import type { AccountRow, Batch, ObjectRow, StoreReads } from './port.ts';

const MAX_ROWS = 20_000;

type Remembered = { seq: number; rows: Map<string, ObjectRow> };

export type RowCache = {
  /** Reads of one transaction or one read; `written` has what it wrote itself and nobody else sees yet. */
  reads(inner: StoreReads, written: Batch[]): StoreReads;
  /** What a committed transaction wrote is what the database holds now. */
  keep(written: Batch[]): void;
  forget(account?: string): void;
};

export function createRowCache(): RowCache {
  const accounts = new Map<string, Remembered>();
  let size = 0;
  const forget = (account?: string): void => {
    for (const name of account === undefined ? [...accounts.keys()] : [account]) {
      size -= accounts.get(name)?.rows.size ?? 0;
      accounts.delete(name);
    }
  };
  const remember = (known: Remembered, row: ObjectRow): void => {
    if (size >= MAX_ROWS) {
      forget();
      return;
    }
    if (!known.rows.has(row.id)) size += 1;
    known.rows.set(row.id, { ...row, doc: cloneOf(row.doc) });
  };
  return {
    forget,
    reads(inner, written) {
      const valid = new Map<string, Remembered>();
      return {
        ...inner,
        async account(id) {
          const row = lastAccount(written, id) ?? (await inner.account(id));
          if (row !== undefined && !valid.has(id) && written.length === 0) valid.set(id, validated(accounts, row, forget));
          return row;
        },
        async object(account, id) {
          const own = lastObject(written, account, id);
          if (own !== undefined) return copy(own);
          const known = valid.get(account);
          const found = known?.rows.get(id);
          if (found !== undefined) return copy(found);
          const seq = known?.seq;
          const row = await inner.object(account, id);
          // A commit of this process in the meantime knows the row better.
          if (row !== undefined && known !== undefined && known.seq === seq && accounts.get(account) === known) remember(known, row);
          return row;
        },
      };
    },
    keep(written) {
      for (const batch of written) {
        for (const account of batch.accounts) {
          const known = accounts.get(account.id);
          if (known !== undefined) known.seq = account.seq;
        }
        for (const row of batch.objects) {
          const known = accounts.get(row.account);
          // Without the account's new seq in the same batch nobody could tell that this row changed.
          if (known === undefined) continue;
          if (batch.accounts.some(({ id }) => id === row.account)) remember(known, row);
          else forget(row.account);
        }
      }
    },
  };
}

function validated(accounts: Map<string, Remembered>, row: AccountRow, forget: (account: string) => void): Remembered {
  const known = accounts.get(row.id);
  if (known !== undefined && known.seq === row.seq) return known;
  forget(row.id);
  const fresh = { seq: row.seq, rows: new Map<string, ObjectRow>() };
  accounts.set(row.id, fresh);
  return fresh;
}

function lastAccount(written: Batch[], id: string): AccountRow | undefined {
  const row = written
    .findLast((batch) => batch.accounts.some((account) => account.id === id))
    ?.accounts.find((account) => account.id === id);
  return row === undefined ? undefined : { ...row, settings: { ...row.settings }, counters: { ...row.counters } };
}

function lastObject(written: Batch[], account: string, id: string): ObjectRow | undefined {
  for (let at = written.length - 1; at >= 0; at -= 1) {
    const row = written[at]!.objects.find((object) => object.id === id && object.account === account);
    if (row !== undefined) return row;
  }
  return undefined;
}

function copy(row: ObjectRow): ObjectRow {
  return { ...row, doc: cloneOf(row.doc) };
}
