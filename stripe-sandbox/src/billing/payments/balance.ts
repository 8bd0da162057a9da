/**
 * The account's Stripe balance, kept as running sums: one total over everything, and per clock and day what becomes available then.
 * Pending is what the open days hold, available the rest; so reading costs a few rows, however many charges there were.
 */
import type { Doc, Params, Plain, Timer, Tx } from '../../kernel/types.ts';

const TOTAL = 'balance_total';
const DAYS = 'balance_days';
const DAY_OBJECT = 'sandbox.balance_day';
const ACCOUNT_CLOCK = 'account';
const EVENT = 'balance.available';

type Sums = Record<string, number>;

/** Counts a new balance transaction. When somebody listens, `balance.available` follows on the day its funds arrive. */
export async function addToBalance(tx: Tx, transaction: Doc): Promise<void> {
  const { currency, net } = transaction;
  const total = (await tx.get(TOTAL)) ?? { id: TOTAL, object: 'sandbox.balance_total', created: tx.now(), sums: {} };
  tx.put({ ...total, sums: plus(total.sums, currency, net) });
  if (transaction.available_on > tx.now(transaction)) return addToDay(tx, transaction);
  if (net > 0 && transaction.type !== 'adjustment') tellAt(tx, transaction);
}

/** What `GET /v1/balance` shows: per currency what is there and what is on its way. */
export async function readBalance(tx: Tx): Promise<Plain> {
  const total = await tx.get(TOTAL);
  const sums: Sums = total?.sums ?? {};
  const pending = await pendingSums(tx);
  const currencies = [...new Set([tx.account.settings.currency, ...Object.keys(sums)])];
  const lines = (amountOf: (currency: string) => number) =>
    currencies.map((currency) => ({ amount: amountOf(currency), currency, source_types: { card: amountOf(currency) } }));
  return {
    object: 'balance',
    available: lines((currency) => (sums[currency] ?? 0) - (pending[currency] ?? 0)),
    livemode: false,
    pending: lines((currency) => pending[currency] ?? 0),
  };
}

/** What can be paid out in the currency. */
export async function availableBalance(tx: Tx, currency: string): Promise<number> {
  const total = await tx.get(TOTAL);
  return (total?.sums[currency] ?? 0) - ((await pendingSums(tx))[currency] ?? 0);
}

/** Timer `balance_available`: the funds of a day have arrived. */
export async function tellBalance(tx: Tx, timer: Timer): Promise<void> {
  const balance = { ...(await readBalance(tx)), _clock: timer.clock };
  tx.emit(EVENT, balance as unknown as Doc);
}

async function pendingSums(tx: Tx): Promise<Sums> {
  const days = await tx.query({ object: DAY_OBJECT, where: { ref: DAYS } });
  return days
    .filter((day) => day.available_on > tx.now(day))
    .flatMap((day) => Object.entries(day.sums as Sums))
    .reduce<Sums>((sums, [currency, amount]) => plus(sums, currency, amount), {});
}

async function addToDay(tx: Tx, transaction: Doc): Promise<void> {
  const clock: string | null = transaction._clock ?? null;
  const id = `balance_${clock ?? ACCOUNT_CLOCK}_${transaction.available_on}`;
  const known = await tx.get(id);
  const day = known ?? (await openDay(tx, { id, clock, availableOn: transaction.available_on }));
  tx.put({ ...day, sums: plus(day.sums, transaction.currency, transaction.net) });
}

/** A new day of a clock; its past days have served. */
async function openDay(tx: Tx, at: { id: string; clock: string | null; availableOn: number }): Promise<Doc> {
  const key = at.clock ?? ACCOUNT_CLOCK;
  const past = await tx.query({
    object: DAY_OBJECT,
    where: { ref: DAYS, lookup_key: key },
    filter: (day) => day.available_on <= tx.now(day),
  });
  for (const day of past) tx.remove(day);
  if (await isHeard(tx)) tx.schedule({ kind: 'balance_available', ref: at.id, dueAt: at.availableOn, clock: at.clock });
  const fields: Params = { available_on: at.availableOn, lookup_key: key, sums: {}, _ref: DAYS, _clock: at.clock };
  return { id: at.id, object: DAY_OBJECT, created: tx.now(), ...fields };
}

/** Right after this transaction, as funds that skip the waiting are told of at Stripe. */
function tellAt(tx: Tx, transaction: Doc): void {
  const clock: string | null = transaction._clock ?? null;
  tx.schedule({ kind: 'balance_available', ref: transaction.id, dueAt: tx.now(transaction), clock });
}

/** An instant of its own on every payment day is spent only when an endpoint wants to know. */
async function isHeard(tx: Tx): Promise<boolean> {
  const endpoints = await tx.query({ object: 'webhook_endpoint' });
  return endpoints.some((endpoint) => endpoint.enabled_events?.some((type: string) => type === EVENT || type === '*'));
}

function plus(sums: Sums, currency: string, amount: number): Sums {
  return { ...sums, [currency]: (sums[currency] ?? 0) + amount };
}
