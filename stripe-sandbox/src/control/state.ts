/** The whole state: dumped for comparison, saved, put back, wiped. */
import { createHash } from 'node:crypto';
import type { Services } from '../kernel/services.ts';
import { type Dump, emptyDump } from '../store/port.ts';
import { portalRow } from './new-account.ts';

/** Canonical: sorted by id, keys sorted; two equal lives give one hash. */
export type State = { hash: string; accounts: unknown[]; objects: unknown[]; events: unknown[]; timers: unknown[]; usage: unknown[] };

export async function state(services: Services, account?: string): Promise<State> {
  const rows = await services.store.dump(account);
  const parts = {
    accounts: sortById(rows.accounts.map(({ counters, id, settings, clockMode }) => ({ id, settings, clockMode, counters }))),
    objects: sortById(rows.objects.map((row) => ({ id: row.id, deleted: row.deleted, doc: row.doc }))),
    events: sortById(rows.events.map((row) => ({ id: row.id, doc: { ...row.doc, pending_webhooks: 0 } }))),
    timers: rows.timers
      .map(({ clock, dueAt, kind, ref, data }) => ({ clock, dueAt, kind, ref, data }))
      .sort((a, b) => a.dueAt - b.dueAt || order(a.kind + a.ref, b.kind + b.ref)),
    usage: sortById(rows.meterEvents.map(({ account: _account, seq: _seq, ...row }) => row)),
  };
  const sorted = sortKeys(parts) as Omit<State, 'hash'>;
  return { hash: createHash('sha256').update(JSON.stringify(sorted)).digest('hex'), ...sorted };
}

/** Objects, events, deliveries, idempotency keys, timers, grants, fault rules and counters go together; else fixed keys would replay an earlier life. */
export async function reset(services: Services, account?: string): Promise<void> {
  const rows = await services.store.dump(account);
  const clocks = new Set(rows.accounts.map((row) => row.clockId));
  const kept: Dump = {
    ...emptyDump(),
    accounts: rows.accounts.map((row) => ({ ...row, counters: {}, seq: 1 })),
    keys: rows.keys.filter((key) => key.platform === null),
    objects: [
      ...rows.objects
        .filter((row) => clocks.has(row.id))
        .map((row) => ({ ...row, seq: 1, doc: { ...row.doc, status: 'ready', status_details: {} } })),
      ...rows.objects
        .filter((row) => row.object === 'billing_portal.configuration' && row.doc.is_default === true)
        .map((row) => portalRow(row.account, row.id, row.created)),
    ],
  };
  await services.store.replace(account, kept);
  if (account === undefined) services.faults.remove();
  else services.faults.forget(account);
  services.log.clear(account);
  services.cli.reset(account);
}

export function snapshot(services: Services): Promise<Dump> {
  return services.store.dump();
}

export async function restore(services: Services, rows: Dump): Promise<void> {
  await services.store.replace(undefined, { ...emptyDump(), ...rows });
}

function sortById<T extends { id: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => order(a.id, b.id));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => order(a, b))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}
