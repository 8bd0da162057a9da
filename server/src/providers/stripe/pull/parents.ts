import { toDispute } from './dispute.ts';
import { toInvoice } from './invoice.ts';
import { toPaymentIntent } from './payment-intent.ts';
import { toPrice } from './price.ts';
import { toRefund } from './refund.ts';
import type { Fetched, RemoteType, Target } from './source.ts';
import { toSubscription } from './subscription.ts';

/** What an object rests on: those must be here before it can be recorded. Reading the body also proves that the mapping can. */
export function parentsOf(fetched: Fetched): Target[] {
  return PARENTS[fetched.type]?.(fetched.body) ?? [];
}

const PARENTS: Partial<Record<RemoteType, (body: unknown) => Target[]>> = {
  price: (body) => [{ type: 'product', id: toPrice(body).stripeProductId }],
  subscription: (body) => {
    const subscription = toSubscription(body, { pausedSince: NEVER_MIND });
    return [
      ...one('customer', subscription.stripeCustomerId),
      ...subscription.items.flatMap((item) => one('product', item.stripeProductId)),
    ];
  },
  invoice: (body) => {
    const invoice = toInvoice(body);
    return [
      ...one('customer', invoice.stripeCustomerId),
      ...one('subscription', invoice.stripeSubscriptionId),
      ...invoice.lines.flatMap((line) => one('product', line.stripeProductId)),
    ];
  },
  payment_intent: (body) => one('customer', toPaymentIntent(body).stripeCustomerId),
  refund: (body) => one('payment_intent', toRefund(body).stripePaymentIntentId),
  dispute: (body) => one('payment_intent', toDispute(body).stripePaymentIntentId),
};

/** Only ids are read here. */
const NEVER_MIND = Temporal.Instant.fromEpochMilliseconds(0);

function one(type: RemoteType, id: string | null): Target[] {
  return id === null ? [] : [{ type, id }];
}
