/**
 * One transaction: working copies of the objects it touched, and at the end one batch of writes with events, deliveries, timers
 * and the idempotency row. Nothing is written before commit, so a throw needs no undo.
 */
import type { Contract } from '../contract/contract.ts';
import { originalOf } from '../store/clone.ts';
import type { DeliveryRow, MeterEventRow, ObjectRow, StoreReads, StoreWrites, UsageQuery } from '../store/port.ts';
import { isListener } from '../webhooks/listeners.ts';
import { type CommitExtra, commitViews } from './commit.ts';
import { directoryOf } from './directory.ts';
import { invalidRequest, resourceMissing } from './errors.ts';
import type { Limits, Profile } from './limits.ts';
import { listAnswer } from './list.ts';
import { makeDoc } from './make.ts';
import { newestMeterEvent, storeMeterEvent } from './meter-events.ts';
import { takeOutcome } from './outcome.ts';
import { overlayQuery } from './query.ts';
import { loadEvents, type Requester, recordEvent } from './record-event.ts';
import { searchAnswer } from './search.ts';
import type { Services } from './services.ts';
import { recordThin, type Thin } from './thin.ts';
import type { Account, ApiRequest, Directory, Doc, HookName, Hooks, ListSpec, Outcome, Params, Query, TimerSpec, Tx } from './types.ts';
import { clockColumn, cloneView, type Entry, emptyView, putDoc, scheduleTimer, type View } from './view.ts';

const MS = 1000;
const ID_LENGTH = 24;
/** The events API reaches 30 days back. */
const HORIZON_MS = 30 * 86_400_000;
const MAX_TIMERS = 100_000;
/** Endpoints and listeners of one event. */
const MAX_PENDING = 100;

/** Begins a transaction on an account. With `reads` only (a GET), a commit that would write throws. */
export async function beginTransaction(
  services: Services,
  store: StoreReads | StoreWrites,
  accountId: string,
  requester: Requester,
): Promise<Transaction> {
  const shared: Shared = { services, store, requester, views: new Map() };
  return openView(shared, accountId);
}

/** What the views of several accounts in one transaction have in common. */
type Shared = { services: Services; store: StoreReads | StoreWrites; requester: Requester; views: Map<string, Transaction> };

async function openView(shared: Shared, id: string): Promise<Transaction> {
  const known = shared.views.get(id);
  if (known !== undefined) return known;
  if ('lock' in shared.store && shared.views.size > 0) await shared.store.lock(id);
  const account = await shared.store.account(id);
  if (account === undefined) throw invalidRequest(`No such account: '${id}'`, { code: 'account_invalid', status: 403 });
  const transaction = new Transaction(shared, emptyView(account));
  if (account.clockId !== null) await transaction.load(account.clockId);
  shared.views.set(id, transaction);
  return transaction;
}

/** `Tx` as handlers see it, and a little more for the Sandbox's own resources. */
export class Transaction implements Tx {
  view: View;
  readonly directory: Directory;
  readonly #shared: Shared;

  constructor(shared: Shared, view: View) {
    this.#shared = shared;
    this.view = view;
    this.directory = directoryOf(shared.services, shared.store, () => this.view);
  }

  get account(): Account {
    return this.view.account;
  }
  get requestId(): string | null {
    return this.#shared.requester.requestId;
  }
  get idempotencyKey(): string | null {
    return this.#shared.requester.idempotencyKey;
  }
  get publicUrl(): string {
    return this.#shared.services.publicUrl();
  }
  get limits(): Limits {
    return this.#shared.services.limits;
  }

  get profile(): Profile {
    return this.#shared.services.profile;
  }
  get reads(): StoreReads {
    return this.#shared.store;
  }
  get contract(): Contract {
    return this.#shared.services.contract;
  }
  /** Transport time of 30 days ago, ms: events recorded before it are gone. */
  get horizon(): number {
    return this.transportNow() - HORIZON_MS;
  }
  transportNow(): number {
    return this.#shared.services.clock.now();
  }

  /** The entry of an object, read on first need; the clock that governs it comes along, so that `now` needs no waiting. */
  async load(id: string): Promise<Entry | undefined> {
    const known = this.view.entries.get(id);
    if (known !== undefined || this.view.missing.has(id)) return known;
    const row = await this.reads.object(this.view.account.id, id);
    if (row !== undefined) return this.adopt(row);
    this.view.missing.add(id);
    return undefined;
  }
  async adopt(row: ObjectRow): Promise<Entry> {
    const known = this.view.entries.get(row.id);
    if (known !== undefined) return known;
    const entry: Entry = { row, dirty: false, baseline: originalOf(row.doc), shown: null };
    this.view.entries.set(row.id, entry);
    if (row.clock !== null) await this.load(row.clock);
    return entry;
  }
  async get(id: string, options: { object?: string; deleted?: boolean } = {}): Promise<Doc | undefined> {
    const entry = await this.load(id);
    if (entry === undefined || (options.object !== undefined && entry.row.object !== options.object)) return undefined;
    return entry.row.deleted && options.deleted !== true ? undefined : entry.row.doc;
  }
  async require(object: string, id: string, options: { param?: string; status?: number; deleted?: boolean } = {}): Promise<Doc> {
    const doc = await this.get(id, { object, deleted: options.deleted ?? false });
    if (doc === undefined) throw resourceMissing(object, id, options);
    return doc;
  }
  /** The object as this transaction sees it, without counting as loaded (expand). */
  async peek(id: string): Promise<Doc | undefined> {
    const entry = this.view.entries.get(id);
    return entry === undefined ? (await this.reads.object(this.view.account.id, id))?.doc : entry.row.doc;
  }
  make(object: string, prefix: string, fields: Params, of?: Doc | null): Doc {
    return makeDoc(this.#shared.services, this, { object, prefix, fields, of: of ?? null });
  }
  put(doc: Doc): void {
    putDoc(this.view, doc);
  }
  remove(doc: Doc): void {
    doc.deleted = true;
    putDoc(this.view, doc);
  }
  async query(wanted: Query): Promise<Doc[]> {
    const parts = { store: this.reads, view: this.view, adopt: (row: ObjectRow) => this.adopt(row) };
    return (await overlayQuery(parts, wanted)).map((entry) => entry.row.doc);
  }
  async first(wanted: Query): Promise<Doc | undefined> {
    return (await this.query({ ...wanted, limit: 1 }))[0];
  }
  list(rq: ApiRequest, spec: ListSpec) {
    const parts = { store: this.reads, view: this.view, adopt: (row: ObjectRow) => this.adopt(row), load: (id: string) => this.load(id) };
    return listAnswer(parts, rq, spec);
  }
  search(rq: ApiRequest, spec: { object: string; fields: Record<string, (doc: Doc) => unknown> }) {
    return searchAnswer(this, rq, spec);
  }

  emit(type: string, doc: Doc, options: { previous?: Params } = {}): void {
    recordEvent(this.#shared.services, this, { type, doc, previous: options.previous, request: this.#shared.requester });
  }
  emitLast(type: string, doc: Doc): void {
    this.view.lateEvents.push({ type, doc });
  }
  emitThin(thin: Thin): Doc {
    return recordThin(this.#shared.services, this, thin, this.#shared.requester).doc;
  }
  /** Records events exactly as given; without `deliver` nobody is told. */
  loadEvents(events: Doc[], deliver: boolean): void {
    loadEvents(this.#shared.services, this.view, { events, deliver });
  }
  /** A delivery row besides those of the fan-out. */
  deliver(row: DeliveryRow): void {
    this.view.deliveries.push(row);
  }

  now(of?: Doc | { _clock?: string | null } | null): number {
    const id = of?._clock ?? this.view.account.clockId;
    if (id === null) return Math.floor(this.transportNow() / MS);
    const clock = this.view.entries.get(id)?.row.doc;
    if (clock === undefined) throw new Error(`Test clock ${id} was not loaded in this transaction.`);
    return clock.frozen_time;
  }
  newId(prefix: string): string {
    return `${prefix}_${this.secret(ID_LENGTH)}`;
  }
  secret(length: number): string {
    return this.#shared.services.random.alphanumeric(length);
  }
  async counter(name: string): Promise<number> {
    const value = (this.view.account.counters[name] ?? 0) + 1;
    this.view.account.counters[name] = value;
    this.view.accountDirty = true;
    return value;
  }
  schedule(timer: TimerSpec): void {
    scheduleTimer(this.view, timer);
  }
  cancelTimers(ref: string, kind?: string): void {
    this.view.timers = this.view.timers.filter((timer) => timer.ref !== ref || (kind !== undefined && timer.kind !== kind));
    this.view.cancels.push({ ref, kind });
  }
  timers(clock: string | null) {
    return this.reads.timers({ account: this.view.account.id, clock: clockColumn(this.view, clock), limit: MAX_TIMERS });
  }

  putMeterEvent(event: Parameters<Tx['putMeterEvent']>[0]): void {
    storeMeterEvent(this.view, event);
  }
  meterEvent(identifier: string): Promise<MeterEventRow | undefined> {
    return newestMeterEvent(this.view, this.reads, identifier);
  }
  usage(query: Omit<UsageQuery, 'account'>) {
    return this.reads.usage({ ...query, account: this.view.account.id });
  }

  async announce<N extends HookName>(name: N, payload: Hooks[N]): Promise<void> {
    for (const listeners of this.#shared.services.registry.hooks) await listeners[name]?.(this, payload);
  }
  takeOutcome(who: { customer?: string | null; paymentMethod?: string | null }): Promise<Outcome | null> {
    return takeOutcome(this, who);
  }
  async deliveryPending(type: string, objectId: string): Promise<boolean> {
    for (const status of ['pending', 'failed'] as const) {
      const rows = await this.reads.deliveries({ account: this.view.account.id, eventType: type, objectId, status, limit: MAX_PENDING });
      if (rows.some((row) => !isListener(row.endpoint))) return true;
    }
    return false;
  }
  async attempt<T>(fn: () => Promise<T>): Promise<T> {
    const before = cloneView(this.view);
    try {
      return await fn();
    } catch (error) {
      this.view = before;
      throw error;
    }
  }
  forAccount(id: string): Promise<Transaction> {
    return openView(this.#shared, id);
  }
  /** Writes everything of every account's view; `extra` rides along in the same batch. */
  commit(extra: CommitExtra = {}): Promise<void> {
    const { services, store, views } = this.#shared;
    return commitViews(services, store, { parts: [...views.values()], extra });
  }
}
