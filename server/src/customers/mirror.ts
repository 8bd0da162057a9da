/**
 * What every room that mirrors a provider shares: where a report came from, what a record verb answers, and how a new report
 * is compared with the row it updates.
 */
import { json } from '../kit/database.ts';
import { formatDecimal, parseDecimal } from '../kit/decimal.ts';
import { isoSeconds } from '../kit/time.ts';

const METADATA_ONLY: ReadonlySet<string> = new Set(['metadata']);

/** Where a report comes from. */
export type Witness = {
  /** The provider's event that made us look (`evt_…`), null when nobody sent one (poll sweep, import). */
  cause: string | null;
  /** When the provider says that event happened; null without an event. */
  witnessAt: Temporal.Instant | null;
  /** True for imports, first connects and events older than the connection: state is written, followers are told it is history. */
  silent: boolean;
};

/** What a record verb answers; `changed` is true for a new row too. */
export type Recorded<T> = { row: T; changed: boolean; created: boolean };

/** One thing that followers are told. `key` tells this transition of the object from every other one, for ever. */
export type Announcement = { type: string; key: string; data?: Record<string, unknown>; previous?: Record<string, unknown> };

/** The fields of `next` whose value is not the one in `before`, with their new values. */
export function differences<T extends object>(before: T, next: Partial<T>): Partial<T> {
  const changed = (Object.keys(next) as (keyof T)[]).filter((field) => !sameValue(before[field], next[field]));
  return Object.fromEntries(changed.map((field) => [field, next[field]])) as Partial<T>;
}

/** True when both sides say the same: instants by time, lists by order, objects by key whatever the order of keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  // NaN is the one value that is not equal to itself; seen twice it is still no difference.
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (a instanceof Temporal.Instant || b instanceof Temporal.Instant) {
    return a instanceof Temporal.Instant && b instanceof Temporal.Instant && a.equals(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue(a[key], b[key]));
}

/** The old values of the changed fields, as an event carries them. */
export function previousValues(before: object, patch: object): Record<string, unknown> {
  const old = before as Record<string, unknown>;
  return Object.fromEntries(Object.keys(patch).map((field) => [snakeCase(field), wireValue(old[field])]));
}

/** One spelling per number: `1.50` of the database and `1.5` of a provider are the same quantity. */
export function canonicalDecimal(text: string | null): string | null {
  return text === null ? null : formatDecimal(parseDecimal(text));
}

/** A value as events carry it: instants in RFC 3339, amounts as whole numbers while those are exact. */
export function wireValue(value: unknown): unknown {
  if (value instanceof Temporal.Instant) return wireInstant(value);
  return typeof value === 'bigint' ? wireAmount(value) : (value ?? null);
}

/** Minor units on the wire: a number while that is exact, else text. */
export function wireAmount(amount: bigint): number | string {
  return Number.isSafeInteger(Number(amount)) ? Number(amount) : amount.toString();
}

/** An instant on the wire: RFC 3339 in whole seconds. */
export function wireInstant(instant: Temporal.Instant): string;
export function wireInstant(instant: Temporal.Instant | null): string | null;
export function wireInstant(instant: Temporal.Instant | null): string | null {
  return instant && isoSeconds(instant);
}

/** The columns of an object or of some of its fields; the named fields live in jsonb columns. */
export function columnsOf(fields: object, jsonFields: ReadonlySet<string> = METADATA_ONLY): Record<string, unknown> {
  const columns = Object.entries(fields).map(([field, value]) => [
    snakeCase(field),
    jsonFields.has(field) && value !== null ? json(value) : value,
  ]);
  return Object.fromEntries(columns);
}

/** `periodStart` → `period_start`: the only way in which columns and objects differ. */
export function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
