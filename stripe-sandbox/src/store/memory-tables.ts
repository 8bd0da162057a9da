/** The memory store's tables: plain maps with the same indexes the SQL schema has. Applying a batch is synchronous, hence atomic. */
import { clone } from './clone.ts';
import { COLUMNS, type ColumnValues, columnsOf } from './columns.ts';
import { TimerTable } from './memory-timers.ts';
import { emptyUsage, putMeterEvent, type UsageTables } from './memory-usage.ts';
import { createPacker } from './pack.ts';
import type { AccountRow, Batch, DeliveryRow, EventRow, IdempotencyRow, KeyRow, ObjectRow } from './port.ts';

export type StoredObject = ObjectRow & { columns: ColumnValues };
/** Names only, no data: it may be shared by every store of the process. */
const packer = createPacker();

/** Events are written once and read seldom: as packed text they take a fifth of the room. */
export type StoredEvent = Omit<EventRow, 'doc'> & { text: string };

export type AccountTables = {
  objects: Map<string, StoredObject>;
  /** By object name, in order of seq. */
  byObject: Map<string, StoredObject[]>;
  /** By `object column value`; sorted on reading. Most values have one object only, which then stands for itself. */
  byColumn: Map<string, StoredObject | Set<StoredObject>>;
  events: StoredEvent[];
  eventsById: Map<string, StoredEvent>;
  timers: TimerTable;
  usage: UsageTables;
  idempotency: Map<string, IdempotencyRow>;
};
export type Tables = {
  accounts: Map<string, AccountRow>;
  keys: Map<string, KeyRow>;
  deliveries: Map<string, DeliveryRow>;
  /** The two ways the sender and the clock ask: what is waiting, and what belongs to an event. */
  pendingDeliveries: Map<string, DeliveryRow>;
  deliveriesByEvent: Map<string, Map<string, DeliveryRow>>;
  of: Map<string, AccountTables>;
};

export function emptyTables(): Tables {
  return {
    accounts: new Map(),
    keys: new Map(),
    deliveries: new Map(),
    pendingDeliveries: new Map(),
    deliveriesByEvent: new Map(),
    of: new Map(),
  };
}

export function tablesOf(tables: Tables, account: string): AccountTables {
  let own = tables.of.get(account);
  if (own === undefined) {
    own = {
      objects: new Map(),
      byObject: new Map(),
      byColumn: new Map(),
      events: [],
      eventsById: new Map(),
      timers: new TimerTable(),
      usage: emptyUsage(),
      idempotency: new Map(),
    };
    tables.of.set(account, own);
  }
  return own;
}

export function applyBatch(tables: Tables, batch: Batch): void {
  for (const row of batch.accounts) tables.accounts.set(row.id, clone(row));
  for (const row of batch.objects) putObject(tablesOf(tables, row.account), row);
  for (const row of batch.events) putEvent(tablesOf(tables, row.account), row);
  for (const row of batch.deliveries) putDelivery(tables, clone(row));
  for (const cancel of batch.cancelTimers) tablesOf(tables, cancel.account).timers.cancel(cancel.ref, cancel.kind);
  for (const { account, id } of batch.deleteTimers) tablesOf(tables, account).timers.delete(id);
  for (const row of batch.timers) tablesOf(tables, row.account).timers.put(clone(row));
  for (const row of batch.meterEvents) putMeterEvent(tablesOf(tables, row.account).usage, row);
  for (const row of batch.idempotency) tablesOf(tables, row.account).idempotency.set(row.key, row);
  for (const row of batch.keys) tables.keys.set(row.hash, clone(row));
  for (const which of batch.revokeKeys) revokeKeys(tables, which);
}

/** The name under which a column's value is indexed. */
export function columnKey(object: string, column: string, value: string): string {
  return `${object} ${column} ${value}`;
}

function putObject(own: AccountTables, row: ObjectRow): void {
  const stored: StoredObject = { ...row, doc: clone(row.doc), columns: columnsOf(row.doc) };
  const before = own.objects.get(row.id);
  if (before !== undefined) unindex(own, before);
  own.objects.set(row.id, stored);
  const sequence = own.byObject.get(row.object) ?? [];
  own.byObject.set(row.object, sequence);
  insertBySeq(sequence, stored);
  for (const column of COLUMNS) {
    const value = stored.columns[column];
    if (value === null) continue;
    const key = columnKey(row.object, column, value);
    const members = own.byColumn.get(key);
    if (members === undefined) own.byColumn.set(key, stored);
    else if (members instanceof Set) members.add(stored);
    else own.byColumn.set(key, new Set([members, stored]));
  }
}

function unindex(own: AccountTables, row: StoredObject): void {
  const sequence = own.byObject.get(row.object) ?? [];
  const at = sequence.indexOf(row, Math.max(0, positionOf(sequence, row.seq) - 1));
  if (at >= 0) sequence.splice(at, 1);
  for (const column of COLUMNS) {
    const value = row.columns[column];
    if (value === null) continue;
    const key = columnKey(row.object, column, value);
    const members = own.byColumn.get(key);
    if (members instanceof Set) members.delete(row);
    else if (members === row) own.byColumn.delete(key);
  }
}

function insertBySeq(sequence: StoredObject[], row: StoredObject): void {
  const last = sequence.at(-1);
  if (last === undefined || last.seq < row.seq) sequence.push(row);
  else sequence.splice(positionOf(sequence, row.seq), 0, row);
}

/** The first place whose seq is not below the given one. */
export function positionOf(sequence: { seq: number }[], seq: number): number {
  let low = 0;
  let high = sequence.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sequence[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function putEvent(own: AccountTables, row: EventRow): void {
  const { doc, ...rest } = row;
  const copy: StoredEvent = { ...rest, text: packer.pack(doc) };
  const before = own.eventsById.get(row.id);
  own.eventsById.set(row.id, copy);
  const at = positionOf(own.events, row.seq);
  own.events.splice(at, before === undefined ? 0 : 1, copy);
}

/** The row as it was stored. */
export function eventOf(stored: StoredEvent): EventRow {
  const { text, ...rest } = stored;
  return { ...rest, doc: packer.unpack(text) as EventRow['doc'] };
}

function putDelivery(tables: Tables, row: DeliveryRow): void {
  tables.deliveries.set(row.id, row);
  if (row.status === 'pending') tables.pendingDeliveries.set(row.id, row);
  else tables.pendingDeliveries.delete(row.id);
  const siblings = tables.deliveriesByEvent.get(row.event) ?? new Map<string, DeliveryRow>();
  tables.deliveriesByEvent.set(row.event, siblings.set(row.id, row));
}

function revokeKeys(
  tables: Tables,
  which: { hash?: string | undefined; account?: string | undefined; platform?: string | undefined },
): void {
  for (const key of tables.keys.values()) {
    if (which.hash !== undefined && key.hash !== which.hash) continue;
    if (which.account !== undefined && key.account !== which.account) continue;
    if (which.platform !== undefined && key.platform !== which.platform) continue;
    tables.keys.delete(key.hash);
  }
}
