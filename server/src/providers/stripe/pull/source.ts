import type { Ctx } from '../../../kit/context.ts';
import type { StripeApi } from '../client.ts';
import type { Connection } from '../connection/connection.ts';

/** Where objects are read from: one connection of one environment. */
export type Source = { ctx: Ctx; api: StripeApi; connection: Connection };

/** The kinds of Stripe objects we keep a copy of. */
export type RemoteType =
  | 'customer'
  | 'product'
  | 'price'
  | 'subscription'
  | 'invoice'
  | 'payment_intent'
  | 'charge'
  | 'refund'
  | 'dispute'
  | 'payment_method'
  | 'checkout_session';

export type Target = { type: RemoteType; id: string };

/** What Stripe answered: the object, or that it is gone. */
export type Fetched = Target & {
  /** Taken from the database before the request left: the later request wins, whatever arrives first. */
  seq: bigint;
  body: RemoteBody | null;
  /** Stripe said so, or answered 404. */
  deleted: boolean;
  /** The PaymentIntent that decides how an invoice stands. */
  intent?: RemoteBody | null;
  /** A PaymentIntent that pays an invoice: only the copy is kept, the invoice is what counts. */
  ofInvoice?: boolean;
};

export type RemoteBody = { id: string; object: string } & Record<string, unknown>;

/** The key of a target, for claims, merging and maps: `invoice:in_1`. */
export function keyOf(target: Target): string {
  return `${target.type}:${target.id}`;
}
