/** The store in memory: stand-alone default, tests and simulations. Same answers as postgres.ts, by the contract suite. */
import { withAfterCommit } from './after-commit.ts';
import { clone, cloneOf } from './clone.ts';
import { conditions, matches } from './columns.ts';
import {
  type AccountTables,
  applyBatch,
  columnKey,
  emptyTables,
  eventOf,
  positionOf,
  type StoredObject,
  type Tables,
  tablesOf,
} from './memory-tables.ts';
import { newestByIdentifier, selectUsage } from './memory-usage.ts';
import { createMutex } from './mutex.ts';
import {
  type Batch,
  type DeliveryQuery,
  type Dump,
  type EventQuery,
  emptyBatch,
  type ObjectQuery,
  type ObjectRow,
  type Store,
  type StoreWrites,
} from './port.ts';

export function memoryStore(): Store {
  let tables = emptyTables();
  // Nothing waits for the outside inside a transaction, so one lock for all accounts costs nothing and cannot deadlock.
  const mutex = createMutex();
  return {
    open: async () => undefined,
    close: async () => undefined,
    read: (fn) => fn(readsOf(() => tables)),
    write: (_account, fn) => withAfterCommit((afterCommit) => mutex.run(() => fn({ ...readsOf(() => tables), afterCommit }))),
    dump: async (account) => dump(tables, account),
    replace: (account, rows) =>
      mutex.run(async () => {
        tables = account === undefined ? emptyTables() : without(tables, account);
        applyBatch(tables, { ...emptyBatch(), ...clone(rows) });
      }),
    async prune(before) {
      for (const own of tables.of.values()) {
        for (const row of own.idempotency.values()) if (row.created < before) own.idempotency.delete(row.key);
      }
    },
  };
}

function readsOf(current: () => Tables): Omit<StoreWrites, 'afterCommit'> {
  const own = (account: string): AccountTables => tablesOf(current(), account);
  return {
    account: async (id) => clone(current().accounts.get(id)),
    accounts: async () => [...current().accounts.values()].sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1)).map(clone),
    key: async (hash) => clone(current().keys.get(hash)),
    keys: async (account) => [...current().keys.values()].filter((key) => key.account === account).map(clone),
    object: async (account, id) => copyOf(own(account).objects.get(id)),
    async objectAnywhere(id) {
      for (const tables of current().of.values()) {
        const found = tables.objects.get(id);
        if (found !== undefined) return copyOf(found);
      }
      return undefined;
    },
    objects: async (query) => selectObjects(own(query.account), query),
    event: async (account, id) => {
      const found = own(account).eventsById.get(id);
      return found && eventOf(found);
    },
    events: async (query) => selectEvents(current(), own(query.account), query),
    deliveries: async (query) => selectDeliveries(current(), query),
    timers: async (query) => clone(own(query.account).timers.select(query)),
    idempotency: async (account, key) => own(account).idempotency.get(key),
    meterEvent: async (account, identifier) => clone(newestByIdentifier(own(account).usage, identifier)),
    usage: async (query) => selectUsage(own(query.account).usage, query),
    lock: async () => undefined,
    commit: async (batch: Batch) => applyBatch(current(), batch),
  };
}

function selectObjects(own: AccountTables, query: ObjectQuery): ObjectRow[] {
  const wanted = conditions(query.where);
  const candidates = candidatesFor(own, query.object, wanted);
  const found: ObjectRow[] = [];
  const forward = query.order === 'oldest';
  // Bounds of the seq range, so that a cursor deep in a long list costs a binary search and not a scan.
  const from = query.afterSeq === undefined ? 0 : positionOf(candidates, query.afterSeq + 1);
  const to = query.beforeSeq === undefined ? candidates.length : positionOf(candidates, query.beforeSeq);
  for (let step = 0; step < to - from && found.length < query.limit; step += 1) {
    const row = candidates[forward ? from + step : to - 1 - step]!;
    if (row.deleted || !matches(row.columns, wanted)) continue;
    if (query.clock !== undefined && row.clock !== query.clock) continue;
    if (query.createdFrom !== undefined && row.created < query.createdFrom) continue;
    if (query.createdTo !== undefined && row.created > query.createdTo) continue;
    found.push(copyOf(row)!);
  }
  return found;
}

const NOBODY: Set<StoredObject> = new Set();

/** Rows in order of seq that contain every match: by the smallest column index, else by the object's name. */
function candidatesFor(own: AccountTables, object: string, wanted: [string, string[]][]): StoredObject[] {
  const everything = own.byObject.get(object) ?? [];
  let best: (StoredObject | Set<StoredObject>)[] | undefined;
  let size = everything.length;
  for (const [column, values] of wanted) {
    const sets = values.map((value) => own.byColumn.get(columnKey(object, column, value)) ?? NOBODY);
    const total = sets.reduce((sum, set) => sum + (set instanceof Set ? set.size : 1), 0);
    if (total < size) [best, size] = [sets, total];
  }
  if (best === undefined) return everything;
  return best.flatMap((set) => (set instanceof Set ? [...set] : [set])).sort((a, b) => a.seq - b.seq);
}

function selectEvents(tables: Tables, own: AccountTables, query: EventQuery) {
  if (query.ids !== undefined)
    return query.ids
      .map((id) => own.eventsById.get(id))
      .filter((row) => row !== undefined)
      .map(eventOf);
  const found = [];
  const forward = query.order === 'oldest';
  const from = query.afterSeq === undefined ? 0 : positionOf(own.events, query.afterSeq + 1);
  const to = query.beforeSeq === undefined ? own.events.length : positionOf(own.events, query.beforeSeq);
  for (let step = 0; step < to - from && found.length < query.limit; step += 1) {
    const row = own.events[forward ? from + step : to - 1 - step]!;
    if (query.types !== undefined && !query.types.includes(row.type)) continue;
    if (query.snapshotsOnly === true && /^v\d\./.test(row.type)) continue;
    if (query.objectId !== undefined && row.objectId !== query.objectId) continue;
    if (query.clock !== undefined && row.clock !== query.clock) continue;
    if (query.createdFrom !== undefined && row.created < query.createdFrom) continue;
    if (query.createdTo !== undefined && row.created > query.createdTo) continue;
    if (query.recordedFrom !== undefined && row.recordedAt < query.recordedFrom) continue;
    if (query.deliverySuccess !== undefined && allDelivered(tables, row.account, row.id) !== query.deliverySuccess) continue;
    found.push(eventOf(row));
  }
  return found;
}

function allDelivered(tables: Tables, account: string, event: string): boolean {
  for (const row of tables.deliveriesByEvent.get(event)?.values() ?? []) {
    if (row.account === account && row.status !== 'succeeded') return false;
  }
  return true;
}

function selectDeliveries(tables: Tables, query: DeliveryQuery) {
  const found = [];
  const candidates =
    query.event !== undefined
      ? tables.deliveriesByEvent.get(query.event)
      : query.status === 'pending'
        ? tables.pendingDeliveries
        : tables.deliveries;
  for (const row of candidates?.values() ?? []) {
    if (query.status !== undefined && row.status !== query.status) continue;
    if (query.account !== undefined && row.account !== query.account) continue;
    if (query.endpoint !== undefined && row.endpoint !== query.endpoint) continue;
    if (query.eventType !== undefined && row.eventType !== query.eventType) continue;
    if (query.objectId !== undefined && row.objectId !== query.objectId) continue;
    if (query.dueBy !== undefined && row.dueAt > query.dueBy) continue;
    if (query.untried === true && row.attempts > 0) continue;
    found.push(row);
  }
  return found
    .sort((a, b) => a.dueAt - b.dueAt || a.eventSeq - b.eventSeq || (a.id < b.id ? -1 : 1))
    .slice(0, query.limit)
    .map(clone);
}

function copyOf(row: StoredObject | undefined): ObjectRow | undefined {
  if (row === undefined) return undefined;
  const { columns: _columns, ...rest } = row;
  return { ...rest, doc: cloneOf(row.doc) };
}

function dump(tables: Tables, account: string | undefined): Dump {
  const names = [...new Set([...tables.accounts.keys(), ...tables.of.keys()])].filter((name) => account === undefined || name === account);
  const all = names.map((name) => tablesOf(tables, name));
  return clone({
    accounts: [...tables.accounts.values()].filter((row) => account === undefined || row.id === account),
    keys: [...tables.keys.values()].filter((row) => account === undefined || row.account === account),
    objects: all.flatMap((own) => [...own.objects.values()].map((row) => copyOf(row)!)).sort((a, b) => a.seq - b.seq),
    events: all.flatMap((own) => own.events.map(eventOf)),
    deliveries: [...tables.deliveries.values()].filter(
      (row) => account === undefined || row.account === account || row.endpointAccount === account,
    ),
    timers: all
      .flatMap((own) => own.timers.values())
      .sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : a.seq - b.seq)),
    meterEvents: all.flatMap((own) => [...own.usage.byId.values()]).sort((a, b) => a.seq - b.seq),
    idempotency: all.flatMap((own) => [...own.idempotency.values()]),
  });
}

function without(tables: Tables, account: string): Tables {
  const rest = dumpAll(tables);
  const kept = emptyTables();
  applyBatch(kept, {
    ...emptyBatch(),
    accounts: rest.accounts.filter((row) => row.id !== account),
    keys: rest.keys.filter((row) => row.account !== account),
    objects: rest.objects.filter((row) => row.account !== account),
    events: rest.events.filter((row) => row.account !== account),
    deliveries: rest.deliveries.filter((row) => row.account !== account && row.endpointAccount !== account),
    timers: rest.timers.filter((row) => row.account !== account),
    meterEvents: rest.meterEvents.filter((row) => row.account !== account),
    idempotency: rest.idempotency.filter((row) => row.account !== account),
  });
  return kept;
}

function dumpAll(tables: Tables): Dump {
  return dump(tables, undefined);
}
