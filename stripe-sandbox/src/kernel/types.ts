/**
 * The vocabulary every resource folder of the Sandbox is written in: objects, requests, transactions, timers, hooks and pages.
 * Types only; the running parts live in http/, store/, clock/ and webhooks/.
 */

import type { Schema } from '../contract/schema.ts';
import type { Control } from '../control/control.ts';
import type { MeterEventRow, UsageBucket, UsageQuery } from '../store/port.ts';
import type { Limits, Profile } from './limits.ts';
import type { Thin } from './thin.ts';

/**
 * A Stripe object as stored: open, because its shape is Stripe's and not ours.
 * Every response and every event is checked against the contract generated from the SDK's types, which is why `any` is allowed here and nowhere else.
 * Keys beginning with `_` are the Sandbox's own: stored, never shown (`_clock`: the test clock that governs the object, null = the account's clock;
 * `_ref`: free index column).
 */
// biome-ignore lint/suspicious/noExplicitAny: the contract validates the shape
export type Doc = { id: string; object: string; created: number; [field: string]: any };

/** Decoded, coerced and validated request parameters: numbers are numbers, booleans booleans, arrays arrays; '' means "unset" and is kept. */
// biome-ignore lint/suspicious/noExplicitAny: the contract validates the shape
export type Params = Record<string, any>;

/** A plain JSON answer that is not a stored object (OAuth tokens, previews). */
export type Plain = Record<string, unknown>;
export type ListAnswer = { object: 'list'; data: Doc[]; has_more: boolean; url: string; total_count?: number };
export type SearchAnswer = { object: 'search_result'; data: Doc[]; has_more: boolean; next_page: string | null; url: string };
export type Answer = Doc | ListAnswer | SearchAnswer | Plain;

export type KeyKind = 'secret' | 'restricted' | 'publishable' | 'oauth';

/** What an account was set up with. Amounts in minor units, spans in days or hours as named. */
export type AccountSettings = {
  name: string;
  email: string;
  country: string;
  currency: string;
  /** Only on platform accounts: the OAuth client that may ask for consent. */
  client_id?: string;
  redirect_uris?: string[];
  /** Days after the first failed attempt; a retry per entry. */
  retry_days: number[];
  /** What happens to a subscription when the retries are used up. */
  retries_exhausted: 'cancel' | 'unpaid' | 'past_due';
  upcoming_days: number;
  draft_hours: number;
  tax_rounding: 'line' | 'subtotal';
  numbering: 'customer' | 'account';
  [extra: string]: unknown;
};

export type Account = {
  id: string;
  created: number;
  settings: AccountSettings;
  apiVersion: string;
  clockMode: 'wall' | 'virtual';
  clockId: string | null;
};

export type ApiRequest = {
  method: 'GET' | 'POST' | 'DELETE';
  /** The template, `/v1/customers/{customer}`. */
  route: string;
  account: Account;
  /** The platform account when a platform key acts through `Stripe-Account`. */
  platform: string | null;
  keyKind: KeyKind;
  params: Params;
  /** Parameters of the older dialect that have no successor (http/legacy.ts), as sent. Absent when the Sandbox calls a handler itself. */
  legacy?: Params;
  /** Ids from the path: `rq.path.customer`. */
  path: Record<string, string>;
  /** Applied to the answer by the entry; a handler need not look at it. */
  expand: string[];
  tx: Tx;
  requestId: string;
  idempotencyKey: string | null;
  publicUrl: string;
};

export type Handler = (rq: ApiRequest) => Promise<Answer>;

export type Route = {
  method: 'GET' | 'POST' | 'DELETE';
  /** Exactly the SDK's template: names in braces become `rq.path`. */
  path: string;
  run: Handler;
  /** Known top-level parameters that this Sandbox has no behaviour for: refused with 400 `sandbox_not_emulated`. */
  unsupported?: string[];
  /** Open to publishable keys too (client-side confirmation). */
  publishable?: boolean;
  /** The parameters of a route that the SDK does not have but the CLI or old clients use. */
  privateParams?: Schema;
};

/** Columns a query may filter on; filled from the object's fields of the same meaning (store/columns.ts). An array means "one of". */
export type Index = {
  customer?: string | string[];
  subscription?: string | string[];
  invoice?: string | string[];
  payment_intent?: string | string[];
  charge?: string | string[];
  product?: string | string[];
  status?: string | string[];
  active?: boolean;
  lookup_key?: string | string[];
  email?: string | string[];
  /** The object's `_ref`. */
  ref?: string | string[];
};

export type Query = {
  object: string;
  where?: Index;
  /** Only objects of this test clock. */
  clock?: string;
  /** A further condition checked in memory. */
  filter?: (doc: Doc) => boolean;
  /** By order of creation, which is not the order of `created` where clocks are involved. Default newest. */
  order?: 'newest' | 'oldest';
  limit?: number;
};

export type ListSpec = {
  object: string;
  where?: Index;
  filter?: (doc: Doc) => boolean;
  /** Default: the request's own path with ids filled in. */
  url?: string;
  /** Lists everything even without a customer or clock filter (objects that live on no clock, or sub-lists of one object). */
  scoped?: boolean;
};

export type TimerSpec = {
  kind: string;
  /** Id of the object it is about. */
  ref: string;
  /** Epoch seconds of simulated time. */
  dueAt: number;
  /** The object's `_clock`; null = the account's clock. */
  clock: string | null;
  data?: Params;
};
export type Timer = TimerSpec & { id: string; seq: number };
export type TimerHandler = (tx: Tx, timer: Timer) => Promise<void>;

/** The next payment of a customer or a payment method, decided by the control API. */
export type Outcome =
  | { kind: 'decline'; code: string; decline_code?: string | null; message?: string }
  | { kind: 'requires_action' }
  | { kind: 'processing'; seconds: number; then: 'succeed' | 'fail' }
  | { kind: 'succeed' }
  | { kind: 'refund_fails' };

export type PaymentOutcome = 'succeeded' | 'failed' | 'requires_action' | 'processing' | 'requires_capture' | 'canceled';

/** Announcements between resource folders inside one transaction. `tx.announce(name, payload)` runs every registered listener in turn. */
export type Hooks = {
  /** A PaymentIntent reached a resting point; by whatever way (confirm call, 3DS page, timer, invoice payment). */
  'payment_intent.settled': { intent: Doc; outcome: PaymentOutcome; charge: Doc | null };
  'setup_intent.settled': { intent: Doc; outcome: 'succeeded' | 'failed' | 'requires_action' | 'canceled' };
  'payment_method.attached': { paymentMethod: Doc; customer: Doc };
  'payment_method.detached': { paymentMethod: Doc; customer: string };
  'charge.refunded': { charge: Doc; refund: Doc };
  /** Before the customer's row is marked deleted. */
  'customer.deleted': { customer: Doc };
  'invoice.paid': { invoice: Doc };
  'subscription.updated': { subscription: Doc };
  /** An account let a Stripe app in (again), or its access ended; announced in the account's own view. */
  'app.authorized': { application: Doc; permissions: string[] };
  'app.deauthorized': { application: Doc };
  /** A test clock is being deleted with everything on it; called per customer of the clock. */
  'clock.deleted': { clock: Doc; customer: Doc };
};
export type HookName = keyof Hooks;
export type HookListeners = { [N in HookName]?: (tx: Tx, payload: Hooks[N]) => Promise<void> };

/** A field that exists only when expanded (`customer.tax_ids`, `invoice.payments`): computed on demand. */
export type Includable = (tx: Tx, doc: Doc) => Promise<unknown>;

/** What a resource folder's index.ts exports; resources/registry.ts concatenates them. */
export type ResourceFolder = {
  routes?: Route[];
  timers?: Record<string, TimerHandler>;
  hooks?: HookListeners;
  /** object name → field → how to compute it. */
  includables?: Record<string, Record<string, Includable>>;
  pages?: PageRoute[];
};

export type Tx = {
  readonly account: Account;
  /** Null in timers and pages: the change was not made by an API request. */
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly publicUrl: string;
  /** Stripe's figures under the profile in force; Infinity where there is none. */
  readonly limits: Limits;
  /** `strict`: as a new account of Stripe, limits and all. */
  readonly profile: Profile;

  /**
   * The working copy of an object, the same one every time within the transaction: change it, then `put` it. Undefined when missing.
   * A deleted object is undefined too, unless `deleted: true` asks for its last version (with `deleted: true` on it).
   */
  get(id: string, options?: { object?: string; deleted?: boolean }): Promise<Doc | undefined>;
  /** Like get, but refuses with resource_missing: 404 `param: id` for the object in the path, 400 when `param` names a body parameter. */
  require(object: string, id: string, options?: { param?: string; status?: number; deleted?: boolean }): Promise<Doc>;
  /** Builds an object: id, object, created = now of `of`'s clock, livemode false, metadata {}, `_clock` of `of`, null for every nullable field the contract requires. Not stored yet. */
  make(object: string, prefix: string, fields: Params, of?: Doc | null): Doc;
  /** Stores the object's present state at commit; later changes to the same copy need another put. */
  put(doc: Doc): void;
  /** Marks the row deleted; lists skip it. */
  remove(doc: Doc): void;
  query(query: Query): Promise<Doc[]>;
  first(query: Query): Promise<Doc | undefined>;
  /** Answers a list request: limit, starting_after, ending_before, created, clocks hidden unless scoped. */
  list(rq: ApiRequest, spec: ListSpec): Promise<ListAnswer>;
  /** Answers a search request in Stripe's query language; `fields` maps a search field to its value on the object. */
  search(rq: ApiRequest, spec: { object: string; fields: Record<string, (doc: Doc) => unknown> }): Promise<SearchAnswer>;

  /** Records an event with a full snapshot of the object as it is now. `.updated` events get previous_attributes: the difference to the object as last emitted in, or loaded by, this transaction, unless given. */
  emit(type: string, doc: Doc, options?: { previous?: Params }): void;
  /** Like emit, but after all other events of the transaction and with a null request (invoice_payment.paid). */
  emitLast(type: string, doc: Doc): void;
  /** Records a thin event that has no snapshot twin (v2); answers it. */
  emitThin(thin: Thin): Doc;

  /** Object time in epoch seconds: of the object's test clock, else of the account's clock. */
  now(of?: Doc | { _clock?: string | null } | null): number;
  /** Stripe's prefix plus 24 letters and digits: `newId('cus')`. */
  newId(prefix: string): string;
  /** `length` letters and digits (client secrets, tokens). */
  secret(length: number): string;
  /** The next value of a named counter of the account, from 1 (invoice numbers). */
  counter(name: string): Promise<number>;
  schedule(timer: TimerSpec): void;
  cancelTimers(ref: string, kind?: string): void;
  /** Timers stored on a clock (null = the account's), soonest first; those of this transaction not included. */
  timers(clock: string | null): Promise<Timer[]>;

  /** Stores a meter event, or its cancellation; counted by `usage` from the next transaction on. */
  putMeterEvent(event: Omit<MeterEventRow, 'account' | 'id' | 'seq'> & Partial<Pick<MeterEventRow, 'id' | 'seq'>>): void;
  /** The newest meter event reported under an identifier. */
  meterEvent(identifier: string): Promise<MeterEventRow | undefined>;
  /** Usage as the store has it, aggregated there; latest bucket first. */
  usage(query: Omit<UsageQuery, 'account'>): Promise<UsageBucket[]>;

  announce<N extends HookName>(name: N, payload: Hooks[N]): Promise<void>;
  /** Takes the control API's decision for the next payment, if there is one. */
  takeOutcome(who: { customer?: string | null; paymentMethod?: string | null }): Promise<Outcome | null>;
  /** True while some endpoint has not answered 2xx to the newest event of this type about the object. */
  deliveryPending(type: string, objectId: string): Promise<boolean>;
  /** Runs `fn`; when it throws, every change it made is undone (working copies obtained before are stale: get them again) and the error goes on. */
  attempt<T>(fn: () => Promise<T>): Promise<T>;

  /** The same transaction seen from another account (OAuth). */
  forAccount(id: string): Promise<Tx>;
  readonly directory: Directory;
};

/** Accounts and keys of the whole Sandbox, within the transaction. */
export type Directory = {
  accounts(): Promise<Account[]>;
  findByClientId(clientId: string): Promise<Account | undefined>;
  createAccount(
    input: Partial<AccountSettings> & { id?: string; clock?: { mode: 'wall' | 'virtual'; now?: number } },
  ): Promise<{ account: Account; secretKey: string; publishableKey: string }>;
  addKey(key: { secret: string; account: string; kind: KeyKind; permissions?: string[]; platform?: string; expiresAt?: number }): void;
  /** Every key of `account` that `platform` holds, or one secret. */
  revokeKeys(which: { secret?: string; account?: string; platform?: string }): void;
};

/** A hosted page or OAuth endpoint outside /v1: sees no account until it finds one. */
export type PageRequest = {
  method: 'GET' | 'POST';
  path: Record<string, string>;
  query: URLSearchParams;
  /** Decoded form or JSON body of a POST. */
  form: Params;
  headers: Headers;
  publicUrl: string;
  /** The account that holds an object of this id, whatever account that is. */
  find(id: string): Promise<{ account: string; doc: Doc } | null>;
  /** Every account of the Sandbox; a platform has a `client_id` in its settings. */
  accounts(): Promise<Account[]>;
  /** Who asks at an OAuth endpoint: the account behind `secret`, or behind the key in `Authorization`. Throws Stripe's 401. */
  caller(secret?: string): Promise<{ account: string; kind: KeyKind }>;
  /** What a form must carry to change something: unguessable from other sites, the same for the same purpose while the Sandbox runs. */
  formToken(purpose: string): string;
  /** What the viewer shows and does beyond one account's objects. */
  control: Control;
  /** Runs and commits; deliveries start afterwards. Never nest. A thrown StripeError with `commit` commits and is thrown on. */
  transaction<T>(account: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Waits until the first delivery attempts of the newest such event have ended, at most `timeoutMs`. */
  waitForDelivery(account: string, type: string, objectId: string, timeoutMs: number): Promise<void>;
};
export type PageAnswer = { status: number; headers?: Record<string, string>; body: string | Uint8Array };
export type PageRoute = { method: 'GET' | 'POST'; path: string; run: (rq: PageRequest) => Promise<PageAnswer> };
