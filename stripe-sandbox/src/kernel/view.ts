/** One account's view of a transaction: working copies and everything that is to be written at its end. */
import { clone } from '../store/clone.ts';
import type { AccountRow, Batch, DeliveryRow, EventRow, MeterEventRow, ObjectRow, TimerRow } from '../store/port.ts';
import type { Doc, TimerSpec } from './types.ts';

/** An object as this transaction sees it. `baseline`: as loaded; `shown`: as the last event about it showed it. Neither is changed. */
export type Entry = { row: ObjectRow; dirty: boolean; baseline: Doc | null; shown: Doc | null };

/** What one account's view of the transaction has gathered. */
export type View = {
  account: AccountRow;
  accountDirty: boolean;
  entries: Map<string, Entry>;
  missing: Set<string>;
  events: EventRow[];
  silentEvents: EventRow[];
  lateEvents: { type: string; doc: Doc }[];
  deliveries: DeliveryRow[];
  timers: TimerRow[];
  meterEvents: MeterEventRow[];
  cancels: { ref: string; kind: string | undefined }[];
  keys: Batch['keys'];
  revoked: Batch['revokeKeys'];
  newAccounts: AccountRow[];
  newObjects: ObjectRow[];
};

export function emptyView(account: AccountRow): View {
  return {
    account,
    accountDirty: false,
    entries: new Map(),
    missing: new Set(),
    events: [],
    silentEvents: [],
    lateEvents: [],
    deliveries: [],
    timers: [],
    meterEvents: [],
    cancels: [],
    keys: [],
    revoked: [],
    newAccounts: [],
    newObjects: [],
  };
}

/** A copy to fall back to. Working copies are cloned too: whatever the failed attempt did to them is forgotten. */
export function cloneView(view: View): View {
  const entries = new Map([...view.entries].map(([id, entry]) => [id, { ...entry, row: { ...entry.row, doc: clone(entry.row.doc) } }]));
  return {
    ...view,
    account: clone(view.account),
    entries,
    missing: new Set(view.missing),
    events: [...view.events],
    silentEvents: [...view.silentEvents],
    lateEvents: [...view.lateEvents],
    deliveries: [...view.deliveries],
    timers: [...view.timers],
    meterEvents: [...view.meterEvents],
    cancels: [...view.cancels],
    keys: [...view.keys],
    revoked: [...view.revoked],
    newAccounts: [...view.newAccounts],
    newObjects: [...view.newObjects],
  };
}

export function nextSeq(view: View): number {
  view.account.seq += 1;
  view.accountDirty = true;
  return view.account.seq;
}

export function putDoc(view: View, doc: Doc): void {
  const entry = view.entries.get(doc.id);
  const deleted = doc.deleted === true;
  const clock = clockColumn(view, doc._clock);
  if (entry !== undefined) {
    entry.row.doc = doc;
    entry.row.deleted = deleted;
    entry.row.clock = clock;
    entry.dirty = true;
    return;
  }
  view.missing.delete(doc.id);
  const row: ObjectRow = {
    account: view.account.id,
    id: doc.id,
    object: doc.object,
    created: doc.created ?? doc._created ?? 0,
    seq: nextSeq(view),
    clock,
    deleted,
    doc,
  };
  view.entries.set(doc.id, { row, dirty: true, baseline: null, shown: null });
}

/** The account's own clock counts as no clock: its objects stay in unscoped lists and its timers in one queue. */
export function clockColumn(view: View, clockId: string | null | undefined): string | null {
  return clockId === undefined || clockId === view.account.clockId ? null : clockId;
}

export function scheduleTimer(view: View, timer: TimerSpec): void {
  const seq = nextSeq(view);
  view.timers.push({
    account: view.account.id,
    id: `timer_${seq}`,
    seq,
    data: timer.data ?? {},
    kind: timer.kind,
    ref: timer.ref,
    dueAt: timer.dueAt,
    clock: clockColumn(view, timer.clock),
  });
}
