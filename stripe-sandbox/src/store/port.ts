/**
 * The store's port: reads inside a transaction, and one batch of writes at its end. Handlers never see it; they use `Tx`,
 * which keeps working copies and hands the whole change over in `commit`. memory.ts and postgres.ts pass one contract suite.
 */
import type { Account, Doc, Index, KeyKind, Params } from '../kernel/types.ts';

export type ObjectRow = {
  account: string;
  id: string;
  object: string;
  created: number;
  seq: number;
  clock: string | null;
  deleted: boolean;
  doc: Doc;
};
export type EventRow = {
  account: string;
  id: string;
  seq: number;
  type: string;
  created: number;
  /** Transport time, ms: the 30-day horizon counts from here. */
  recordedAt: number;
  objectId: string | null;
  clock: string | null;
  doc: Doc;
};
export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';
export type DeliveryRow = {
  id: string;
  /** Account of the event. */
  account: string;
  event: string;
  eventSeq: number;
  eventType: string;
  objectId: string | null;
  clock: string | null;
  /** Account of the endpoint: a platform's for Connect endpoints. */
  endpointAccount: string;
  endpoint: string;
  attempts: number;
  /** Transport time, ms. */
  dueAt: number;
  status: DeliveryStatus;
  responseStatus: number | null;
  responseBody: string | null;
  durationMs: number | null;
};
export type TimerRow = {
  account: string;
  id: string;
  clock: string | null;
  dueAt: number;
  seq: number;
  kind: string;
  ref: string;
  data: Params;
};
export type IdempotencyRow = {
  account: string;
  key: string;
  route: string;
  hash: string;
  requestId: string;
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Transport time, ms. */
  created: number;
};
export type KeyRow = {
  hash: string;
  account: string;
  kind: KeyKind;
  permissions: string[];
  platform: string | null;
  /** Transport time, ms. */
  expiresAt: number | null;
  /** `sk_test_***abcd`, for messages. */
  hint: string;
};
/** One unit of usage as reported. Its value is an integer of 10^-12 units, as text: sums of decimals stay exact in every store. */
export type MeterEventRow = {
  account: string;
  id: string;
  seq: number;
  meter: string;
  customer: string;
  eventName: string;
  identifier: string;
  /** When the usage happened, epoch seconds. */
  at: number;
  /** When it was reported, epoch seconds of the customer's clock: uniqueness and cancellation count from here. */
  received: number;
  value: string;
  cancelled: boolean;
};
export type AccountRow = Account & { seq: number; counters: Record<string, number> };

export type ObjectQuery = {
  account: string;
  object: string;
  where: Index;
  /** undefined: any clock; null: only the account's own clock; a string: only that clock. */
  clock?: string | null | undefined;
  createdFrom?: number | undefined;
  createdTo?: number | undefined;
  /** Exclusive bounds on seq. */
  beforeSeq?: number | undefined;
  afterSeq?: number | undefined;
  order: 'newest' | 'oldest';
  limit: number;
};
export type EventQuery = {
  account: string;
  ids?: string[] | undefined;
  types?: string[] | undefined;
  /** Without those that exist as thin events only. */
  snapshotsOnly?: boolean | undefined;
  objectId?: string | undefined;
  clock?: string | null | undefined;
  createdFrom?: number | undefined;
  createdTo?: number | undefined;
  recordedFrom?: number | undefined;
  /** true: every delivery succeeded; false: some delivery has not. */
  deliverySuccess?: boolean | undefined;
  beforeSeq?: number | undefined;
  afterSeq?: number | undefined;
  order: 'newest' | 'oldest';
  limit: number;
};
/** `account` undefined = all accounts (the sender). Ordered by dueAt, then eventSeq. */
export type DeliveryQuery = {
  account?: string | undefined;
  event?: string | undefined;
  endpoint?: string | undefined;
  eventType?: string | undefined;
  objectId?: string | undefined;
  status?: DeliveryStatus | undefined;
  dueBy?: number | undefined;
  /** Only deliveries never attempted. */
  untried?: boolean | undefined;
  limit: number;
};
export type TimerQuery = { account: string; clock: string | null; dueBy?: number | undefined; ref?: string | undefined; limit: number };

/** Usage of one customer in [from, to). `window`: only the last event of each such span (seconds, UTC) counts. `grouping`: one bucket per span. */
export type UsageQuery = {
  account: string;
  meter: string;
  customer: string;
  from: number;
  to: number;
  window: number | null;
  grouping: number | null;
  /** Buckets from the latest on; without grouping there is at most one. */
  limit: number;
};
/** `start` is 0 without grouping. `sum` and `last` are integers of 10^-12 units. */
export type UsageBucket = { start: number; count: number; sum: string; last: string };

/** One transaction's writes, applied together. Cancellations run before new timers. */
export type Batch = {
  accounts: AccountRow[];
  objects: ObjectRow[];
  events: EventRow[];
  deliveries: DeliveryRow[];
  timers: TimerRow[];
  meterEvents: MeterEventRow[];
  cancelTimers: { account: string; ref: string; kind?: string | undefined }[];
  deleteTimers: { account: string; id: string }[];
  idempotency: IdempotencyRow[];
  keys: KeyRow[];
  revokeKeys: { hash?: string | undefined; account?: string | undefined; platform?: string | undefined }[];
};

export type StoreReads = {
  account(id: string): Promise<AccountRow | undefined>;
  accounts(): Promise<AccountRow[]>;
  key(hash: string): Promise<KeyRow | undefined>;
  keys(account: string): Promise<KeyRow[]>;
  object(account: string, id: string): Promise<ObjectRow | undefined>;
  /** In whatever account it lives. */
  objectAnywhere(id: string): Promise<ObjectRow | undefined>;
  objects(query: ObjectQuery): Promise<ObjectRow[]>;
  event(account: string, id: string): Promise<EventRow | undefined>;
  events(query: EventQuery): Promise<EventRow[]>;
  deliveries(query: DeliveryQuery): Promise<DeliveryRow[]>;
  timers(query: TimerQuery): Promise<TimerRow[]>;
  idempotency(account: string, key: string): Promise<IdempotencyRow | undefined>;
  /** The newest event reported under an identifier. */
  meterEvent(account: string, identifier: string): Promise<MeterEventRow | undefined>;
  /** Aggregates in the store; latest bucket first, empty ones left out. */
  usage(query: UsageQuery): Promise<UsageBucket[]>;
};
export type StoreWrites = StoreReads & {
  /** Calls `run` once the write is committed and so visible to every reader; never when it throws. */
  afterCommit(run: () => void): void;
  /** Takes a second account's lock too (OAuth); kept to the end. */
  lock(account: string): Promise<void>;
  commit(batch: Batch): Promise<void>;
};

/** Every row of the store, for snapshots and comparisons. */
export type Dump = {
  accounts: AccountRow[];
  keys: KeyRow[];
  objects: ObjectRow[];
  events: EventRow[];
  deliveries: DeliveryRow[];
  timers: TimerRow[];
  meterEvents: MeterEventRow[];
  idempotency: IdempotencyRow[];
};

export type Store = {
  /** How many due timers one write should run: a database's transaction costs more than most timers. Default 1. */
  timersAtOnce?: number;
  /** Creates or upgrades the tables. */
  open(): Promise<void>;
  /** Reads without a lock. */
  read<T>(fn: (reads: StoreReads) => Promise<T>): Promise<T>;
  /** One writer per account at a time, across processes; waits at most `lockTimeoutMs`, then throws LockTimeout. A throw writes nothing. */
  write<T>(account: string, fn: (writes: StoreWrites) => Promise<T>): Promise<T>;
  dump(account?: string): Promise<Dump>;
  /** Deletes everything of the account, or of all; then loads the rows given. One transaction. */
  replace(account: string | undefined, rows: Dump): Promise<void>;
  /** Forgets idempotency rows older than the instant (transport ms). */
  prune(before: number): Promise<void>;
  close(): Promise<void>;
};

export class LockTimeout extends Error {}

export function emptyBatch(): Batch {
  return {
    accounts: [],
    objects: [],
    events: [],
    deliveries: [],
    timers: [],
    meterEvents: [],
    cancelTimers: [],
    deleteTimers: [],
    idempotency: [],
    keys: [],
    revokeKeys: [],
  };
}

export function emptyDump(): Dump {
  return { accounts: [], keys: [], objects: [], events: [], deliveries: [], timers: [], meterEvents: [], idempotency: [] };
}
