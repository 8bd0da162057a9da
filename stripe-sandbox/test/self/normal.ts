/** Two lives that drew different ids, told apart by everything else. */
import type { Dump } from '../../src/store/port.ts';

/** Ids of Stripe's shape, hosted tokens and client secrets among them; invoice prefixes and card fingerprints are random too. */
const RANDOM =
  /\b(?:[a-z]{2,10}_)+[A-Za-z0-9]{14,}(?:_secret_[A-Za-z0-9]+)?\b|(?<=\/)[A-Za-z0-9]{24,}\b|(?<![A-Za-z0-9])[A-Z0-9]{8}(?=-\d{4}\b)|(?<="(?:invoice_prefix|fingerprint|receipt_number)":")[^"]+/g;

/** The rows in order of their making with each random text replaced by the number of its first appearance. */
export function normal(dump: Dump): unknown {
  const names = new Map<string, string>();
  const rename = (text: string) => {
    if (!names.has(text)) names.set(text, `${/^[a-z_]+_/.exec(text)?.[0] ?? ''}#${names.size}`);
    return names.get(text)!;
  };
  const bySeq = <T extends { seq: number }>(rows: T[]) => [...rows].sort((a, b) => a.seq - b.seq);
  const parts = {
    objects: bySeq(dump.objects).map(({ doc, deleted, clock }) => ({ doc, deleted, clock })),
    events: bySeq(dump.events).map(({ doc }) => ({ ...doc, request: null, pending_webhooks: 0 })),
    timers: bySeq(dump.timers).map(({ kind, ref, dueAt, clock }) => ({ kind, ref, dueAt, clock })),
  };
  return JSON.parse(JSON.stringify(sortKeys(parts)).replace(RANDOM, rename));
}

/** Fields by name: a database may keep them in an order of its own. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, item]) => [key, sortKeys(item)]));
}
