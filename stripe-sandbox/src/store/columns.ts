/** The index columns of an object, read from its own fields. A query may filter on these and nothing else. */
import type { Doc, Index } from '../kernel/types.ts';

export const COLUMNS = [
  'customer',
  'subscription',
  'invoice',
  'payment_intent',
  'charge',
  'product',
  'status',
  'active',
  'lookup_key',
  'email',
  'ref',
] as const;
export type Column = (typeof COLUMNS)[number];
export type ColumnValues = Record<Column, string | null>;

/** Where each column comes from. `subscription` and `payment_intent` have moved under `parent` and `payment` since basil [K 2]. */
export function columnsOf(doc: Doc): ColumnValues {
  return {
    customer: text(doc.customer) ?? text(doc._customer),
    subscription: text(doc.subscription) ?? text(doc.parent?.subscription_details?.subscription),
    invoice: text(doc.invoice),
    payment_intent: text(doc.payment_intent) ?? text(doc.payment?.payment_intent),
    charge: text(doc.charge),
    product: text(doc.product),
    status: text(doc.status),
    active: typeof doc.active === 'boolean' ? String(doc.active) : null,
    lookup_key: text(doc.lookup_key),
    email: text(doc.email),
    ref: text(doc._ref),
  };
}

/** The conditions of a query as column → allowed values; undefined conditions are dropped. */
export function conditions(where: Index): [Column, string[]][] {
  const wanted: [Column, string[]][] = [];
  for (const column of COLUMNS) {
    const value = where[column];
    if (value === undefined || value === null) continue;
    wanted.push([column, Array.isArray(value) ? value.map(String) : [String(value)]]);
  }
  return wanted;
}

export function matches(columns: ColumnValues, wanted: [Column, string[]][]): boolean {
  return wanted.every(([column, values]) => columns[column] !== null && values.includes(columns[column]));
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string'
    ? (value as { id: string }).id
    : null;
}
