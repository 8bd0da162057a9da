import { findCustomer, recordCustomer, type Witness } from '../../../customers/index.ts';
import { recordInvoice, recordInvoiceDeleted } from '../../../invoices/index.ts';
import type { Ctx } from '../../../kit/context.ts';
import { recordDispute, recordInvoicePayment, recordPaymentIntent, recordRefund } from '../../../payments/index.ts';
import { getSubscriptionWithItems, recordSubscription } from '../../../subscriptions/index.ts';
import type { Connection } from '../connection/connection.ts';
import { toCustomer } from './customer.ts';
import { toDispute } from './dispute.ts';
import { toInvoice } from './invoice.ts';
import { toInvoicePayment } from './invoice-payment.ts';
import { toPaymentIntent } from './payment-intent.ts';
import { toRefund } from './refund.ts';
import { classify, keepRemoteObject } from './remote-objects.ts';
import type { Fetched, RemoteType } from './source.ts';
import { toSubscription } from './subscription.ts';
import { Unreadable } from './unreadable.ts';

export type RecordOutcome = 'adopted' | 'no_change' | 'tombstone' | 'foreign';

/**
 * Writes what Stripe answered, in the caller's transaction: our copy of the object, and through the owning room the row it stands for.
 * Answers what came of the last object of the list, which is the one that was asked for.
 */
export async function record(tx: Ctx, a: { connection: Connection; loaded: readonly Fetched[]; witness: Witness }): Promise<RecordOutcome> {
  const asked = a.loaded.at(-1);
  if (asked && (await isForeign(tx, a.connection, asked))) {
    await keepRemoteObject(tx, { connection: a.connection, fetched: asked, classification: classify(tx, asked.body) });
    return 'foreign';
  }
  let outcome: RecordOutcome = 'no_change';
  let anyChanged = false;
  for (const fetched of a.loaded) {
    const isNewest = await keepRemoteObject(tx, { connection: a.connection, fetched, classification: classify(tx, fetched.body) });
    const changed = isNewest && (await RECORDERS[fetched.type]({ tx, connectionId: a.connection.id, fetched, witness: a.witness }));
    anyChanged ||= changed;
    outcome = fetched.deleted ? 'tombstone' : anyChanged ? 'adopted' : 'no_change';
  }
  return outcome;
}

/** Another environment's, or, where only managed objects are mirrored, anything without our mark (W15). */
async function isForeign(tx: Ctx, connection: Connection, fetched: Fetched): Promise<boolean> {
  const classification = classify(tx, fetched.body);
  if (classification === 'foreign_environment') return true;
  if (classification === 'managed' || connection.mirror === 'all' || fetched.type === 'product' || fetched.type === 'price') return false;
  const customer = fetched.type === 'customer' ? fetched.id : fetched.body?.customer;
  return typeof customer !== 'string' || (await findCustomer(tx, customer)) === null;
}

type Recording = { tx: Ctx; connectionId: string; fetched: Fetched; witness: Witness };

/** Which room keeps what; each answers whether its rows changed. */
const RECORDERS: Record<RemoteType, (r: Recording) => Promise<boolean>> = {
  customer: recordOneCustomer,
  subscription: recordOneSubscription,
  invoice: recordOneInvoice,
  payment_intent: recordOneIntent,
  refund: recordOneRefund,
  dispute: recordOneDispute,
  // Our copy is all there is of these.
  product: () => Promise.resolve(true),
  price: () => Promise.resolve(true),
  charge: () => Promise.resolve(false),
  payment_method: () => Promise.resolve(false),
  checkout_session: () => Promise.resolve(false),
};

async function recordOneCustomer({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (!fetched.deleted) return (await recordCustomer(tx, { ...toCustomer(fetched.body), connectionId, ...witness })).changed;
  // Gone before we ever saw it: there is nothing to archive, except where something that is still there names it.
  if (fetched.body === null && (await findCustomer(tx, fetched.id)) === null) return false;
  return (await recordCustomer(tx, { deleted: true, connectionId, stripeId: fetched.id, ...witness })).changed;
}

async function recordOneSubscription({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (fetched.body === null) return false;
  const before = await getSubscriptionWithItems(tx, fetched.id);
  const pausedSince = before?.pausedAt ?? witness.witnessAt ?? tx.clock.now();
  const { stripeCustomerId, ...facts } = toSubscription(fetched.body, { pausedSince });
  const customerId = await customerOf(tx, stripeCustomerId);
  return (await recordSubscription(tx, { ...facts, customerId, connectionId, ...witness })).changed;
}

async function recordOneInvoice({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (fetched.body === null) return (await recordInvoiceDeleted(tx, { connectionId, stripeId: fetched.id, ...witness }))?.changed ?? false;
  const facts = toInvoice(fetched.body);
  const { stripeCustomerId, stripeSubscriptionId, payments: _payments, ...invoice } = facts;
  const customerId = await customerOf(tx, stripeCustomerId);
  const subscriptionId = stripeSubscriptionId === null ? null : ((await getSubscriptionWithItems(tx, stripeSubscriptionId))?.id ?? null);
  const recorded = await recordInvoice(tx, { ...invoice, customerId, subscriptionId, connectionId, ...witness });
  const payment = toInvoicePayment(facts, fetched.intent ? toPaymentIntent(fetched.intent) : null);
  if (payment === null) return recorded.changed;
  const paid = await recordInvoicePayment(tx, { ...payment, invoiceId: recorded.row.id, connectionId, ...witness });
  return recorded.changed || paid?.changed === true;
}

async function recordOneIntent({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (fetched.body === null) return false;
  // Its invoice has told already.
  if (fetched.ofInvoice) return false;
  const { stripeCustomerId, ...facts } = toPaymentIntent(fetched.body);
  const customerId = stripeCustomerId === null ? null : await customerOf(tx, stripeCustomerId);
  return (await recordPaymentIntent(tx, { ...facts, customerId, connectionId, ...witness })).changed;
}

async function recordOneRefund({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (fetched.body === null) return false;
  return (await recordRefund(tx, { ...toRefund(fetched.body), customerId: null, connectionId, ...witness })).changed;
}

async function recordOneDispute({ tx, connectionId, fetched, witness }: Recording): Promise<boolean> {
  if (fetched.body === null) return false;
  return (await recordDispute(tx, { ...toDispute(fetched.body), connectionId, ...witness })).changed;
}

async function customerOf(tx: Ctx, stripeId: string): Promise<string> {
  const customer = await findCustomer(tx, stripeId);
  if (customer === null) throw new Unreadable(`customer ${stripeId} is not to be found in Stripe`);
  return customer.id;
}
