/** Stripe's limits as figures, each of which can be set alone; the profiles are two sets of them [S 3.8, 3.9, 3.11]. */
import { StripeError } from './errors.ts';
import type { Doc, Tx } from './types.ts';

/** `Infinity` means no limit. */
export type Limits = {
  /** Requests of an account in one second of transport time. */
  requestsPerSecond: number;
  searchesPerSecond: number;
  /** Webhook endpoints per account; the next one is refused. */
  webhookEndpoints: number;
  /** Test clocks per account, not counting the account's own. */
  clocks: number;
  /** Days (of the account's clock) after which a test clock deletes itself. */
  clockLifetimeDays: number;
  /** Intervals of the clock's shortest subscription that one advance may span; two years without a subscription. */
  clockIntervals: number;
  customersPerClock: number;
  /** Subscriptions of one customer on a test clock, scheduled ones included. */
  subscriptionsPerClockCustomer: number;
  /** Invoices that API requests may cause on one subscription, in the object's time. */
  invoicesPerMinute: number;
  invoicesPerDay: number;
  /** Changes of quantity of one subscription, in the object's time. */
  quantityUpdatesPerHour: number;
  /** Updates of one PaymentIntent, in the object's time. */
  paymentIntentUpdatesPerHour: number;
  /** Days of transport time without a success after which a webhook endpoint is disabled. */
  failingDaysOfEndpoint: number;
};
export type Profile = 'relaxed' | 'strict';

const STRICT: Limits = {
  requestsPerSecond: 25,
  searchesPerSecond: 20,
  webhookEndpoints: 16,
  clocks: 100,
  clockLifetimeDays: 30,
  clockIntervals: 2,
  customersPerClock: 3,
  subscriptionsPerClockCustomer: 3,
  invoicesPerMinute: 10,
  invoicesPerDay: 20,
  quantityUpdatesPerHour: 200,
  paymentIntentUpdatesPerHour: 1000,
  failingDaysOfEndpoint: 9,
};

/** The profile's figures with those that were set alone; `false` lifts a limit. */
export function limitsOf(profile: Profile, own: { [name in keyof Limits]?: number | false } = {}): Limits {
  const names = Object.keys(STRICT) as (keyof Limits)[];
  const unknown = Object.keys(own).filter((name) => !names.includes(name as keyof Limits));
  if (unknown.length > 0) throw new Error(`The Stripe Sandbox has no limit ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  const figures = names.map((name) => {
    // The only figure that is Stripe's own rule for everybody rather than a protection against load or haste.
    const usual = profile === 'strict' || name === 'webhookEndpoints' ? STRICT[name] : Number.POSITIVE_INFINITY;
    const given = own[name];
    return [name, given === false ? Number.POSITIVE_INFINITY : (given ?? usual)];
  });
  return Object.fromEntries(figures) as Limits;
}

/** Counts one more use on the object in a window of its own time; the one above the limit is 429. Only API requests are counted. */
export function spend(tx: Tx, doc: Doc, use: { name: string; limit: number; seconds: number }): void {
  if (use.limit === Number.POSITIVE_INFINITY || tx.requestId === null) return;
  const now = tx.now(doc);
  const spent: { from: number; count: number } | undefined = doc._spent?.[use.name];
  const fresh = spent === undefined || now - spent.from >= use.seconds;
  const count = fresh ? 1 : spent.count + 1;
  if (count > use.limit) throw rateLimited(`Too many ${use.name.replaceAll('_', ' ')} for ${doc.id}: at most ${use.limit}.`);
  doc._spent = { ...doc._spent, [use.name]: { from: fresh ? now : spent.from, count } };
  tx.put(doc);
}

/** 429 with Stripe's code for load; not stored under the idempotency key, so that the same request may come again. */
export function rateLimited(message: string): StripeError {
  return new StripeError(429, { type: 'invalid_request_error', code: 'rate_limit', message }, { validation: true });
}
