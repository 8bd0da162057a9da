/** The customer presses Pay: everything the session's mode makes, in one transaction. Completion comes by the intent's announcement (complete.ts). */
import { openPayment, payInvoice } from '../../billing/invoice/index.ts';
import {
  CARD_OPTIONS,
  cancelPaymentIntent,
  confirmPaymentIntent,
  confirmSetupIntent,
  createPaymentIntent,
  createSetupIntent,
} from '../../billing/payments/index.ts';
import { createSubscription } from '../../billing/subscription/index.ts';
import type { StripeError } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { type Buyer, buyerOf } from './buyer.ts';
import { completeSession } from './complete.ts';
import { subscriptionParams } from './subscription-params.ts';

const OVER = ['incomplete_expired', 'canceled'];

export type PayInput = {
  session: Doc;
  who: Buyer;
  /** Finds or makes the payment method once the customer is known; absent when no card is asked for. */
  method: ((customer: Doc | null) => Promise<Doc>) | null;
};
/** `next`: the bank's page. `error`: the card was refused; the session stays open. Neither: the session is complete. */
export type PayResult = { next?: string; error?: StripeError };

/** Pays, sets up or subscribes. What was made before a decline stays and is used again. Throws a 402 for a card that does not exist. */
export async function paySession(tx: Tx, input: PayInput): Promise<PayResult> {
  const { session, who } = input;
  session._buyer = who;
  tx.put(session);
  const customer = await buyerOf(tx, session, who);
  const method = input.method === null ? null : await input.method(customer);
  if (method !== null) allowRedisplay(tx, session, method);
  if (session.mode === 'setup') return setUp(tx, { session, customer, method });
  if (session.mode === 'subscription') return subscribe(tx, { session, customer: customer!, method });
  return payOnce(tx, { session, customer, method });
}

/** A card that the buyer keeps is shown to them again; `payment_method_data[allow_redisplay]` says so for the shop. */
function allowRedisplay(tx: Tx, session: Doc, method: Doc): void {
  const wanted: string | null = session._buyer.save === true ? 'always' : session._data.allow_redisplay;
  if (wanted === null) return;
  method.allow_redisplay = wanted;
  tx.put(method);
}

/** Whether this session asks for a card at all. */
export function wantsCard(session: Doc): boolean {
  if (session.mode === 'setup' || session.amount_total > 0) return true;
  return session.mode === 'subscription' && session.payment_method_collection === 'always';
}

type Step = { session: Doc; customer: Doc | null; method: Doc | null };

async function payOnce(tx: Tx, { session, customer, method }: Step): Promise<PayResult> {
  if (method === null) {
    await dropIntent(tx, session);
    await completeSession(tx, { session, outcome: 'free', customer });
    return {};
  }
  const intent = await paymentIntentOf(tx, session, customer);
  return resultOf(await confirmPaymentIntent(tx, { intent, paymentMethod: method.id, returnUrl: returnUrl(tx, session) }));
}

/** An earlier try left a payment; a code has made the purchase free since. */
async function dropIntent(tx: Tx, session: Doc): Promise<void> {
  if (session._intent === undefined) return;
  await cancelPaymentIntent(tx, { intent: await tx.require('payment_intent', session._intent), reason: 'abandoned' });
  delete session._intent;
}

async function paymentIntentOf(tx: Tx, session: Doc, customer: Doc | null): Promise<Doc> {
  const data: Params = session._data.payment_intent_data;
  if (session._intent !== undefined) {
    const intent = await tx.require('payment_intent', session._intent);
    intent.amount = session.amount_total;
    if (intent.customer === null && customer !== null) intent.customer = customer.id;
    tx.put(intent);
    return intent;
  }
  const { capture_method: captureMethod, description, metadata, receipt_email: receiptEmail, setup_future_usage: usage, ...fields } = data;
  const buyer: Buyer = session._buyer;
  if (buyer.shipping !== undefined)
    fields.shipping = { ...buyer.shipping, carrier: null, phone: buyer.phone ?? null, tracking_number: null };
  const { request_three_d_secure: asked } = session.payment_method_options.card;
  if (asked !== 'automatic') fields.payment_method_options = { card: { ...CARD_OPTIONS.card, request_three_d_secure: asked } };
  const intent = await createPaymentIntent(tx, {
    amount: session.amount_total,
    currency: session.currency,
    customer,
    captureMethod: captureMethod ?? 'automatic',
    setupFutureUsage: usage ?? (buyer.save === true ? 'on_session' : null),
    description: description ?? null,
    metadata: mergeMetadata(null, metadata),
    receiptEmail: receiptEmail ?? null,
    fields,
  });
  Object.assign(session, { _intent: intent.id, _ref: intent.id });
  tx.put(session);
  return intent;
}

/** With something due now the first invoice is paid; otherwise a SetupIntent keeps the card and the subscription starts when it is done. */
async function subscribe(tx: Tx, { session, customer, method }: Step): Promise<PayResult> {
  if (method === null) {
    await completeSession(tx, { session, outcome: 'free', customer });
    return {};
  }
  if (session.amount_total === 0) return setUp(tx, { session, customer, method });
  const subscription = await subscriptionOf(tx, session, customer!);
  const invoice = await tx.require('invoice', subscription.latest_invoice);
  const payment = await openPayment(tx, invoice);
  if (payment === undefined) {
    await completeSession(tx, { session, outcome: 'paid', customer });
    return {};
  }
  const intentId: string = payment.payment.payment_intent;
  session._ref = intentId;
  tx.put(session);
  const result = await payInvoice(tx, { invoice, paymentMethod: method.id, returnUrl: returnUrl(tx, session) });
  if (result.outcome === 'requires_action') return { next: nextOf(await tx.require('payment_intent', intentId)) };
  return result.error === undefined ? {} : { error: result.error };
}

async function subscriptionOf(tx: Tx, session: Doc, customer: Doc): Promise<Doc> {
  const begun = session._subscription === undefined ? undefined : await tx.get(session._subscription, { object: 'subscription' });
  // One that waited 23 hours for its first payment is over: the purchase starts anew.
  if (begun !== undefined && !OVER.includes(begun.status)) return begun;
  const subscription = await createSubscription(tx, { ...subscriptionParams(session, customer), payment_behavior: 'default_incomplete' });
  session._subscription = subscription.id;
  tx.put(session);
  return subscription;
}

async function setUp(tx: Tx, { session, customer, method }: Step): Promise<PayResult> {
  const intent = session._ref === undefined ? await createSetupIntent(tx, { customer }) : await tx.require('setup_intent', session._ref);
  session._ref = intent.id;
  tx.put(session);
  if (customer !== null && intent.customer === null) intent.customer = customer.id;
  return resultOf(await confirmSetupIntent(tx, { intent, paymentMethod: method!.id, returnUrl: returnUrl(tx, session) }));
}

function resultOf(result: { outcome: string; intent: Doc; error?: StripeError }): PayResult {
  if (result.outcome === 'requires_action') return { next: nextOf(result.intent) };
  return result.error === undefined ? {} : { error: result.error };
}

function nextOf(intent: Doc): string {
  return intent.next_action.redirect_to_url.url;
}

function returnUrl(tx: Tx, session: Doc): string {
  return `${tx.publicUrl}/c/${session.id}/return`;
}
